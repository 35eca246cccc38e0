import { createHash } from 'node:crypto';
import type { RawLog } from '../pipeline/registry-log.ts';
import type { StatusData, TrustedAnchor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { DIGEST_FILE } from './store-digest.ts';
import { heldState } from './trust-state.ts';
import type { HeldState, TrustState } from './trust-state.ts';

/** Keys sort as text, so that reading the store reads the log in order. */
export type Records = ReadonlyMap<string, string>;

/** The folder of the database within that of the store. */
export const DATABASE = 'level';

const ANCHOR = 'anchor/';
const LIST = 'list/';
const LOG = 'log/';
const META = 'meta';

/** A state as the records of the database, in the order of their keys. */
export function recordsOf({ anchors, lists, logs, ...meta }: TrustState): Records {
  return new Map([
    ...anchors.map((anchor, index) => [ANCHOR + place(index), JSON.stringify(anchor)] as const),
    ...lists.map((list, index) => [LIST + place(index), JSON.stringify(list)] as const),
    ...logs.map(({ topics, data }, index) => [LOG + place(index), JSON.stringify({ topics, data })] as const),
    [META, JSON.stringify(meta)],
  ]);
}

/**
 * The way back from records to a state, with the log replayed and its head compared.
 *
 * @throws TrustError STORE_CORRUPT
 */
export function heldFrom(records: Records): HeldState {
  const under = (prefix: string): unknown[] =>
    [...records].filter(([key]) => key.startsWith(prefix)).map(([, value]) => JSON.parse(value) as unknown);
  try {
    return heldState({
      ...(JSON.parse(records.get(META) ?? '') as Omit<TrustState, 'logs' | 'anchors' | 'lists'>),
      logs: under(LOG) as RawLog[],
      anchors: under(ANCHOR) as TrustedAnchor[],
      lists: under(LIST) as StatusData[],
    });
  } catch {
    throw storeCorrupt();
  }
}

/** SHA-256 over every record, in the order of their keys, which is the database's and that of `recordsOf`. */
export function digestOf(records: Records): string {
  const hash = createHash('sha256');
  for (const record of records) hash.update(JSON.stringify(record));
  return hash.digest('hex');
}

/** The digest of a store into which nothing was put yet. */
export const EMPTY = digestOf(new Map());

export function storeCorrupt(): TrustError {
  return new TrustError(
    'STORE_CORRUPT',
    `The trust store does not hold what was put into it. Remove ${DATABASE} and ${DIGEST_FILE} from its folder and sync again.`,
  );
}

/** Twelve digits, so that places sort as text. */
function place(index: number): string {
  return String(index).padStart(12, '0');
}
