import type { PublishedRules, TrustDocument } from '../pipeline/trust-document.ts';
import { attempts } from './attempts.ts';
import type { Due, RoundTerms } from './attempts.ts';
import { isOfHost } from './list-download.ts';
import type { DownloadFault, Downloader } from './list-download.ts';
import { currentVersions, digestOf, MAX_RULE_FILES_BYTES, textOf } from './published-files.ts';
import { sideBySide } from './side-by-side.ts';

/** Why a published document is not here; a closed list. */
export type RuleFileFault =
  | DownloadFault
  /** The registry does not say where it is. */
  | 'NO_URI'
  /** What is there is not what was published. */
  | 'DIGEST_DIFFERS'
  /** What was published is no text, or larger than a rule set. */
  | 'MALFORMED'
  /** More is published than a venue holds. */
  | 'NO_ROOM';

/** Fetches the rule sets and value sets that jurisdictions published. */
export interface RuleSync {
  /**
   * Ask once for every document that is in force or to come and not held; give each to `hold` if it has the digest that
   * was published. One that failed is asked for again after a while, unless it was published anew.
   */
  readonly round: (document: TrustDocument, hold: (text: string) => void, terms: RoundTerms) => Promise<void>;
  /** What was wrong when a document was last asked for; null if nothing was. */
  readonly faultOf: (rules: Pick<PublishedRules, 'jurisdiction' | 'id' | 'version'>) => RuleFileFault | null;
}

/** Jurisdictions asked side by side. */
const AT_ONCE = 4;
/** For all documents of one jurisdiction. */
const JURISDICTION_MS = 10_000;
const ROUND_MS = 15_000;

interface Wanted extends Due {
  readonly jurisdiction: string;
  readonly digest: string;
  readonly uri: string;
}

/** Make what fetches them; it remembers what failed, in memory. */
export function ruleSync(downloader: Downloader): RuleSync {
  const tried = attempts<RuleFileFault>();
  return {
    faultOf: (rules) => tried.faultOf(nameOf(rules)),
    round: async (document, hold, terms) => {
      const { wanted, size } = wantedOf(document, terms.now);
      let room = MAX_RULE_FILES_BYTES - size;
      tried.keepOnly(wanted.map(({ name }) => name));
      const due = wanted.filter((one) => tried.isDue(one, terms));
      const rankOf = (group: readonly Wanted[]): number => tried.rankOf(group.map(({ name }) => name));
      const groups = [...Map.groupBy(due, ({ jurisdiction }) => jurisdiction).values()];
      const queue = groups.toSorted((one, other) => rankOf(one) - rankOf(other));
      const fetchGroup = async (group: readonly Wanted[]): Promise<void> => {
        const time = AbortSignal.timeout(JURISDICTION_MS);
        const signal = terms.signal === undefined ? time : AbortSignal.any([time, terms.signal]);
        const ofHosts = new Map<string, RuleFileFault>();
        for (const one of group) {
          const host = URL.parse(one.uri)?.host ?? '';
          const found = ofHosts.get(host) ?? (await fetchOne(one, downloader, signal));
          // Nobody's fault.
          if (terms.signal?.aborted === true) return;
          const fault = typeof found === 'string' ? found : found.size > room ? 'NO_ROOM' : null;
          if (fault !== null && isOfHost(fault)) ofHosts.set(host, fault);
          if (fault === null && typeof found === 'object') {
            room -= found.size;
            hold(found.text);
          }
          tried.settle(one, fault, terms.now);
        }
      };
      await sideBySide(queue, { atOnce: AT_ONCE, roundMs: ROUND_MS, signal: terms.signal }, fetchGroup);
    },
  };
}

async function fetchOne(
  { uri, digest }: Wanted,
  downloader: Downloader,
  signal: AbortSignal,
): Promise<{ readonly text: string; readonly size: number } | RuleFileFault> {
  if (uri === '') return 'NO_URI';
  const got = await downloader.fetch(uri, signal);
  if ('fault' in got) return got.fault;
  // The digest decides, and nothing else: neither the server nor the name of the file.
  if (digestOf(got.bytes) !== digest) return 'DIGEST_DIFFERS';
  downloader.forget(uri);
  const text = textOf(got.bytes);
  return text === undefined ? 'MALFORMED' : { text, size: got.bytes.length };
}

/** What is published and not held, and how many bytes of it are. */
function wantedOf(
  { rules, ruleFiles }: TrustDocument,
  now: number,
): { readonly wanted: readonly Wanted[]; readonly size: number } {
  const held = new Map(ruleFiles.map((text) => [digestOf(Buffer.from(text)), Buffer.byteLength(text)]));
  const wanted: Wanted[] = [];
  let size = 0;
  for (const { digest, uri, ...rest } of currentVersions(rules, now)) {
    if (digest === null) continue;
    size += held.get(digest) ?? 0;
    if (held.has(digest)) continue;
    const terms = `${digest} ${uri}`;
    wanted.push({ name: nameOf(rest), terms, jurisdiction: rest.jurisdiction, digest, uri });
  }
  return { wanted, size };
}

function nameOf({
  jurisdiction,
  id,
  version,
}: Pick<PublishedRules, 'jurisdiction' | 'id' | 'version'>): string {
  return `${jurisdiction}/${id}/${version}`;
}
