import { setImmediate as othersFirst } from 'node:timers/promises';
import { statusOfKey } from '../pipeline/status-data.ts';
import type { StatusData, TrustDocument, TrustedAnchor, TrustedKey } from '../pipeline/trust-document.ts';
import type { DownloadFault, Downloader } from './list-download.ts';
import { placesOf } from './list-places.ts';
import type { Place } from './list-places.ts';
import { holdLists } from './status-files.ts';
import type { RefusalReason, StatusFile } from './status-files.ts';

/** What was wrong with what an issuer serves; a closed list. */
export type ListFault = DownloadFault | RefusalReason | 'NO_STATUS_BASE';

/** Fetches the lists that the anchors ask for. */
export interface ListSync {
  /**
   * Ask once for every anchored list that is not held as its anchor has it, whoever's cards come by; give each to `hold`
   * as soon as it agrees. An issuer that failed is asked again after a while, unless its anchor moved.
   */
  readonly round: (
    document: TrustDocument,
    hold: (list: StatusData) => void,
    at: RoundTerms,
  ) => Promise<void>;
  /** What was wrong with the list of a key when it was last asked for; null if nothing was. */
  readonly faultOf: (key: Pick<TrustedKey, 'issuer' | 'kid'>) => ListFault | null;
}

export interface RoundTerms {
  /** Unix seconds. */
  readonly now: number;
  /** Ask also those that failed a moment ago. */
  readonly all?: boolean;
  readonly signal?: AbortSignal;
}

/** How much is asked at a time; defaults are good for any registry. */
export interface ListSyncLimits {
  /** Issuers asked side by side. */
  readonly atOnce?: number;
  /** For all lists of one issuer. */
  readonly issuerMs?: number;
  /** After so long no further issuer is begun with; the others come first in the next round. */
  readonly roundMs?: number;
}

const AT_ONCE = 8;
const ISSUER_MS = 10_000;
const ROUND_MS = 30_000;
/** Cards wait so long at most for lists to be looked at, or for a single one. */
const SLICE_MS = 5;
const RETRY_SECONDS = 60;
const MAX_RETRY_SECONDS = 600;

/** The same answer is to be had for every file of the issuer. */
const OF_THE_HOST: ReadonlySet<ListFault> = new Set([
  'URL_REFUSED',
  'NOT_HTTPS',
  'ADDRESS_REFUSED',
  'UNREACHABLE',
  'CERTIFICATE_REFUSED',
  'TIMEOUT',
]);

/** A list that its anchor asks for. */
interface Wanted {
  readonly name: string;
  readonly key: TrustedKey;
  readonly anchor: TrustedAnchor;
  readonly data: StatusData | undefined;
  readonly statusBase: string;
}

/** How a list was asked for last. */
interface Tried {
  readonly terms: string;
  readonly failures: number;
  readonly at: number;
  readonly fault: ListFault | null;
}

/** Make what fetches lists; it remembers who failed, in memory. */
export function listSync(downloader: Downloader, limits: ListSyncLimits = {}): ListSync {
  const tried = new Map<string, Tried>();
  return {
    faultOf: (key) => tried.get(nameOf(key))?.fault ?? null,
    round: async (document, hold, terms) => {
      const wanted = await wantedOf(document);
      forgetOthers(tried, wanted);
      const due = wanted.filter((list) => isDue(list, tried.get(list.name), terms));
      const queue = issuersInTurn(due, tried);
      const fetchIssuer = async (lists: readonly Wanted[]): Promise<void> => {
        const time = AbortSignal.timeout(limits.issuerMs ?? ISSUER_MS);
        const signal = terms.signal === undefined ? time : AbortSignal.any([time, terms.signal]);
        let ofHost: ListFault | undefined;
        for (const list of lists) {
          const found = ofHost ?? (await fetchOrFault(list, downloader, signal));
          // Nobody's fault.
          if (terms.signal?.aborted === true) return;
          if (typeof found === 'object') hold(found);
          else if (OF_THE_HOST.has(found)) ofHost = found;
          settle(tried, list, typeof found === 'object' ? null : found, terms.now);
        }
      };
      const end = performance.now() + (limits.roundMs ?? ROUND_MS);
      const work = async (): Promise<void> => {
        while (performance.now() < end && terms.signal?.aborted !== true) {
          const lists = queue.shift();
          if (lists === undefined) return;
          await fetchIssuer(lists);
        }
      };
      await Promise.all(Array.from({ length: limits.atOnce ?? AT_ONCE }, work));
    },
  };
}

function forgetOthers(tried: Map<string, Tried>, wanted: readonly Wanted[]): void {
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of tried.keys()) if (!names.has(name)) tried.delete(name);
}

function isDue(list: Wanted, before: Tried | undefined, { now, all }: RoundTerms): boolean {
  if (before === undefined || all === true || before.terms !== termsOf(list.anchor)) return true;
  const wait = Math.min(RETRY_SECONDS * 2 ** (before.failures - 1), MAX_RETRY_SECONDS);
  // Half a minute less, since the rounds themselves are not on the second. A clock set back is no reason to wait.
  return Math.abs(now - before.at) >= wait - RETRY_SECONDS / 2;
}

/** The lists of each issuer. Who answered comes before who failed, and who waited longest before the others. */
function issuersInTurn(due: readonly Wanted[], tried: ReadonlyMap<string, Tried>): Wanted[][] {
  const rankOf = (lists: readonly Wanted[]): number => {
    const before = lists.flatMap(({ name }) => tried.get(name) ?? []);
    // A failure counts more than any time does.
    return Math.max(0, ...before.map(({ failures, at }) => failures * 1e12 + at));
  };
  const issuers = [...Map.groupBy(due, ({ key }) => key.issuer).values()];
  return issuers.toSorted((one, other) => rankOf(one) - rankOf(other));
}

function settle(tried: Map<string, Tried>, list: Wanted, fault: ListFault | null, at: number): void {
  const failures = fault === null ? 0 : (tried.get(list.name)?.failures ?? 0) + 1;
  tried.set(list.name, { terms: termsOf(list.anchor), failures, at, fault });
}

/** Whatever is wrong with one issuer's list or with what is held of it, those of the others are still to be fetched. */
async function fetchOrFault(
  list: Wanted,
  downloader: Downloader,
  signal: AbortSignal,
): Promise<StatusData | ListFault> {
  try {
    return await fetchList(list, downloader, signal);
  } catch {
    return 'MALFORMED';
  }
}

/** The list, or the fault that says most of why it is not there. */
async function fetchList(
  list: Wanted,
  downloader: Downloader,
  signal: AbortSignal,
): Promise<StatusData | ListFault> {
  if (list.statusBase === '') return 'NO_STATUS_BASE';
  let fault: ListFault = 'NOT_SERVED';
  for (const place of placesOf(list.key, list.statusBase, list)) {
    const files = await fetchFiles(place, downloader, signal);
    const found = typeof files === 'string' ? files : heldBy(list, files);
    if (typeof found === 'object') {
      for (const url of place) downloader.forget(url);
      return found;
    }
    if (OF_THE_HOST.has(found)) return found;
    // That a form is not served says nothing where another was wrong.
    if (fault === 'NOT_SERVED') fault = found;
  }
  return fault;
}

async function fetchFiles(
  place: Place,
  downloader: Downloader,
  signal: AbortSignal,
): Promise<readonly StatusFile[] | DownloadFault> {
  const files: StatusFile[] = [];
  for (const name of place) {
    const got = await downloader.fetch(name, signal);
    if ('fault' in got) return got.fault;
    files.push({ name, bytes: got.bytes });
  }
  return files;
}

/** The anchored root decides, and nothing else: neither the server nor the name of the file. */
function heldBy(
  { key, anchor, data }: Pick<Wanted, 'key' | 'anchor' | 'data'>,
  files: readonly StatusFile[],
): StatusData | ListFault {
  try {
    const before = data === undefined ? [] : [data];
    const { lists, current, refused } = holdLists({ keys: [key], anchors: [anchor] }, files, before);
    const [list] = lists;
    return current === 1 && list !== undefined ? list : (refused[0]?.reason ?? 'MALFORMED');
  } catch {
    // Whatever it is that one issuer serves or anchors, the lists of the others are still to be held.
    return 'MALFORMED';
  }
}

/**
 * Every anchored list that is not held as its anchor has it. To unpack and hash one of millions takes a while, and cards
 * are to be answered between two of them; what was found of a list is remembered with it, and costs nothing the next turn.
 */
async function wantedOf(document: TrustDocument): Promise<readonly Wanted[]> {
  const bases = new Map(document.issuers.map(({ id, statusBase }) => [id, statusBase]));
  const anchors = new Map(document.anchors.map((anchor) => [`${anchor.issuer}/${anchor.list}`, anchor]));
  const lists = new Map(document.lists.map((data) => [nameOf(data), data]));
  const wanted: Wanted[] = [];
  let since = performance.now();
  for (const key of document.keys) {
    const name = nameOf(key);
    const [anchor, data] = [anchors.get(name), lists.get(name)];
    if (key.revocation === 'none' || anchor === undefined) continue;
    if (!isCurrent(key, anchor, data)) {
      wanted.push({ name, key, anchor, data, statusBase: bases.get(key.issuer) ?? '' });
    }
    if (performance.now() - since < SLICE_MS) continue;
    await othersFirst();
    since = performance.now();
  }
  return wanted;
}

function isCurrent(key: TrustedKey, anchor: TrustedAnchor, data: StatusData | undefined): boolean {
  try {
    const { kind } = statusOfKey(key, { data, anchor, mustBeAnchored: true });
    return kind === 'bits' || kind === 'rids';
  } catch {
    // Whatever one issuer anchors, the lists of the others are still to be looked at.
    return false;
  }
}

function termsOf({ root, counter, length }: TrustedAnchor): string {
  return `${root}/${counter}/${length}`;
}

function nameOf({ issuer, kid }: { readonly issuer: number; readonly kid: string }): string {
  return `${issuer}/${kid}`;
}
