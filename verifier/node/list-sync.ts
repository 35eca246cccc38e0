import { setImmediate as othersFirst } from 'node:timers/promises';
import { statusOfKey } from '../pipeline/status-data.ts';
import type { StatusData, TrustDocument, TrustedAnchor, TrustedKey } from '../pipeline/trust-document.ts';
import { attempts } from './attempts.ts';
import type { Attempts, Due, RoundTerms } from './attempts.ts';
import { isOfHost } from './list-download.ts';
import type { DownloadFault, Downloader } from './list-download.ts';
import { placesOf } from './list-places.ts';
import type { Place } from './list-places.ts';
import { sideBySide } from './side-by-side.ts';
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

/** A list that its anchor asks for. */
interface Wanted extends Due {
  readonly key: TrustedKey;
  readonly anchor: TrustedAnchor;
  readonly data: StatusData | undefined;
  readonly statusBase: string;
}

/** Make what fetches lists; it remembers who failed, in memory. */
export function listSync(downloader: Downloader, limits: ListSyncLimits = {}): ListSync {
  const tried = attempts<ListFault>();
  return {
    faultOf: (key) => tried.faultOf(nameOf(key)),
    round: async (document, hold, terms) => {
      const wanted = await wantedOf(document);
      tried.keepOnly(wanted.map(({ name }) => name));
      const due = wanted.filter((list) => tried.isDue(list, terms));
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
          else if (isOfHost(found)) ofHost = found;
          tried.settle(list, typeof found === 'object' ? null : found, terms.now);
        }
      };
      const { atOnce = AT_ONCE, roundMs = ROUND_MS } = limits;
      await sideBySide(queue, { atOnce, roundMs, signal: terms.signal }, fetchIssuer);
    },
  };
}

/** The lists of each issuer. Who answered comes before who failed, and who waited longest before the others. */
function issuersInTurn(due: readonly Wanted[], { rankOf }: Attempts<ListFault>): Wanted[][] {
  const rankOfIssuer = (lists: readonly Wanted[]): number => rankOf(lists.map(({ name }) => name));
  const issuers = [...Map.groupBy(due, ({ key }) => key.issuer).values()];
  return issuers.toSorted((one, other) => rankOfIssuer(one) - rankOfIssuer(other));
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
    if (isOfHost(found)) return found;
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
      const statusBase = bases.get(key.issuer) ?? '';
      wanted.push({ name, terms: termsOf(anchor), key, anchor, data, statusBase });
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
