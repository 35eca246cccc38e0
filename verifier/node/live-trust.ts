import { MAX_RULE_FILE_BYTES } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import { indexKept, keepBundle, keepStore } from './kept-trust.ts';
import type { KeptBundle, KeptTrust } from './kept-trust.ts';
import { listDownloader } from './list-download.ts';
import type { DownloadPolicy } from './list-download.ts';
import { listSync } from './list-sync.ts';
import { ownBundle } from './own-bundle.ts';
import { ruleSync } from './rule-sync.ts';
import { schedule } from './sync-schedule.ts';
import type { ChainReader } from './sync.ts';
import { codeOf, renewTrust } from './trust-renewal.ts';
import type { RegistrySource, Renewal } from './trust-renewal.ts';
import { prepareReport, reportOf } from './trust-report.ts';
import { openTrustStore } from './trust-store.ts';
import type { PolicyFile } from './venue-policy.ts';
import type { TrustReport, Venue } from './venue.ts';

/** Where a venue's knowledge is kept and comes from. */
export type KnowledgeSource =
  | {
      /** Folder of the trust store. */
      readonly store: string;
      /** Undefined: nothing is synced, and what is held changes by `importBundle` alone. */
      readonly registry?: RegistrySource | undefined;
    }
  /** A file, taken anew whenever it is another than it was. */
  | { readonly bundle: string; readonly exporter?: string | undefined };

export interface VenueOptions extends PolicyFile {
  readonly source: KnowledgeSource;
  /** The rule set that all cards are held against; with `none`, the default, that which a request names. */
  readonly rules?: string | undefined;
  readonly downloads?: DownloadPolicy | undefined;
  /** Seconds between two syncs; 60 by default. */
  readonly intervalSeconds?: number | undefined;
  /** Told after each attempt to sync, for a log. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** The machine's clock, Unix seconds; replaced in tests only, as those below. */
  readonly clock?: (() => number) | undefined;
  readonly random?: (() => number) | undefined;
  readonly reader?: ChainReader | undefined;
}

/** When a sync was attempted, and what ended it. */
export type Attempt = NonNullable<TrustReport['lastAttempt']>;

/** A venue whose knowledge renews itself in the background. */
export interface LiveVenue extends Venue {
  /** Name of the folder that a damaged database was moved to when the store was opened; null if it was sound. */
  readonly setAside: string | null;
  readonly start: () => void;
  /** Give the store up; what was known stays in memory. */
  readonly stop: () => Promise<void>;
  /** Sync at once, asking also for lists that failed a moment ago; the report says how it ended. */
  readonly syncNow: () => Promise<void>;
  /**
   * Hold a bundle instead of what is held, if it is no older.
   *
   * @throws TrustError those of `TrustStore.putBundle`; what is held stays then
   */
  readonly importBundle: (text: string, exporter?: string) => Promise<void>;
}

const INTERVAL_SECONDS = 60;

/**
 * Open what a venue knows, and serve it at once: trust data from disk, if there is any, while newer is fetched.
 *
 * @throws TrustError STORE_LOCKED, FILE_UNREADABLE; STORE_OF_ANOTHER_REGISTRY if the store was synced with another;
 * TypeError if a network of `downloads` is none
 */
export async function openVenue(options: VenueOptions): Promise<LiveVenue> {
  const { policy, allowUnanchored, rules = 'none', onAttempt, reader } = options;
  const { clock = machineClock, intervalSeconds = INTERVAL_SECONDS, random = Math.random } = options;
  const lists = listSync(listDownloader(options.downloads));
  const files = { ...options.downloads, maxBytes: MAX_RULE_FILE_BYTES };
  const published = ruleSync(listDownloader(files));
  const { kept, renew, setAside } = await openSource(options.source, {
    clock,
    lists,
    rules: published,
    reader,
  });
  const own = await ownBundle(kept);
  const ended = new AbortController();

  // One assignment: a decision under way goes on with what it began with.
  let trust: Trust | NoTrust = indexKept(kept);
  const renewed = (): void => void (trust = indexKept(kept));
  await prepareReport(trust);
  let lastAttempt: Attempt | null = null;
  let all = false;
  const turn = async (): Promise<boolean> => {
    if (renew === undefined) return true;
    const now = clock();
    const terms = { renewed, now, all, signal: ended.signal };
    all = false;
    const code = await renew(terms);
    await prepareReport(trust);
    if (code === undefined) return true;
    lastAttempt = { at: Math.floor(now), code };
    await own.makeKey();
    onAttempt?.(lastAttempt);
    // To look at a file of one's own more rarely spares nobody.
    return code === null || 'bundle' in options.source;
  };
  const turns = schedule(turn, { intervalSeconds, random });

  return {
    setAside,
    trust: () => trust,
    terms: ({ at, event, rules: asked = 'none' }) => {
      // What the operator holds cards against is no scanner's to replace, least of all by "none".
      return { now: clock(), at, event, rules: rules === 'none' ? asked : rules, allowUnanchored, policy };
    },
    report: () =>
      reportOf(trust, {
        policy,
        now: clock(),
        imported: kept.imported() !== undefined,
        exporter: own.exporter(),
        lastAttempt,
        faults: kept.held()?.faults ?? [],
        faultOf: lists.faultOf,
        ruleFaultOf: published.faultOf,
      }),
    bundle: own.text,
    log: () => {
      const held = kept.held();
      return held === undefined ? undefined : { source: held.source, logs: held.logs };
    },
    start: () => {
      if (renew !== undefined) turns.start();
    },
    stop: async () => {
      ended.abort();
      await turns.stop();
      await kept.close();
    },
    syncNow: async () => {
      all = true;
      await turns.now();
    },
    importBundle: async (text, exporter) =>
      turns.between(async () => {
        // Who was pinned once stays pinned.
        const pinnedExporter = exporter ?? kept.imported()?.bundle.pinnedExporter ?? kept.pinned;
        await kept.putBundle({ text, pinnedExporter }, clock());
        renewed();
        await prepareReport(trust);
      }),
  };
}

interface OpenSource {
  readonly kept: KeptTrust;
  /** Answers the code of what ended it, null if nothing did, undefined if there was nothing to do; undefined if there never is. */
  readonly renew: ((terms: TurnTerms) => Promise<string | null | undefined>) | undefined;
  readonly setAside: string | null;
}

type TurnTerms = Pick<Renewal, 'renewed' | 'now' | 'all' | 'signal'>;

async function openSource(
  source: KnowledgeSource,
  { clock, ...means }: Pick<Renewal, 'lists' | 'rules' | 'reader'> & { readonly clock: () => number },
): Promise<OpenSource> {
  if ('bundle' in source) {
    const kept = await keepBundle(source.bundle, source.exporter, clock());
    return { kept, renew: async (terms) => rereadBundle(kept, terms), setAside: null };
  }
  const { store: folder, registry } = source;
  const store = await openTrustStore(folder, { repair: true });
  const floor = store.floor()?.source.registry;
  // It would go on deciding by the one for days, and never sync with the other.
  if (registry !== undefined && floor !== undefined && floor !== registry.address.toLowerCase()) {
    await store.close();
    throw new TrustError('STORE_OF_ANOTHER_REGISTRY', 'The trust store belongs to another registry.');
  }
  const renew = registry && (async (terms: TurnTerms) => renewTrust({ ...terms, ...means, store, registry }));
  return { kept: keepStore(store, folder), renew, setAside: store.setAside };
}

async function rereadBundle(
  kept: KeptBundle,
  { now, renewed }: TurnTerms,
): Promise<string | null | undefined> {
  const reread = kept.reread(now);
  const code = await codeOf(reread);
  if (code === null && !(await reread)) return undefined;
  // Also where nothing is held: whether it is missing or invalid may have changed.
  if (code === null || kept.document() === undefined) renewed();
  return code;
}

function machineClock(): number {
  return Date.now() / 1000;
}
