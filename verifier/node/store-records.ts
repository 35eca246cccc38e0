import { createHash } from 'node:crypto';
import type { RawLog } from '../pipeline/registry-log.ts';
import { TRUST_DOCUMENT_VERSION } from '../pipeline/trust-document.ts';
import type { StatusData, TrustedAnchor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { heldBundle } from './imported-bundle.ts';
import type { HeldBundle, ImportedBundle } from './imported-bundle.ts';
import { heldState } from './trust-state.ts';
import type { HeldState, TrustState } from './trust-state.ts';

/** Keys sort as text, so that reading the store reads the log in order. */
export type Records = ReadonlyMap<string, string>;

/** The folder of the database within that of the store. */
export const DATABASE = 'level';

const ANCHOR = 'anchor/';
const BUNDLE = 'bundle';
const LIST = 'list/';
const LOG = 'log/';
const META = 'meta';
const RULES = 'rules/';

/** A state, or an imported bundle, as the records of the database, in the order of their keys. */
export function recordsOf(state: TrustState | ImportedBundle): Records {
  if ('text' in state) return new Map([[BUNDLE, JSON.stringify(state)]]);
  const { anchors, lists, logs, ruleFiles, ...meta } = state;
  return new Map([
    ...anchors.map((anchor, index) => [ANCHOR + place(index), JSON.stringify(anchor)] as const),
    ...lists.map((list, index) => [LIST + place(index), JSON.stringify(list)] as const),
    ...logs.map(({ topics, data }, index) => [LOG + place(index), JSON.stringify({ topics, data })] as const),
    [META, JSON.stringify({ version: TRUST_DOCUMENT_VERSION, ...meta })],
    ...ruleFiles.map((text, index) => [RULES + place(index), JSON.stringify(text)] as const),
  ]);
}

/**
 * The way back from records: a state with its log replayed and its head compared, or a bundle with its signature checked.
 *
 * @throws TrustError STORE_CORRUPT, STORE_OF_ANOTHER_VERSION
 */
export async function heldFrom(records: Records): Promise<HeldState | HeldBundle> {
  const bundle = records.get(BUNDLE);
  try {
    return bundle === undefined ? stateFrom(records) : await heldBundle(JSON.parse(bundle) as ImportedBundle);
  } catch (error) {
    const isOfAnother = error instanceof TrustError && error.code.endsWith('_OF_ANOTHER_VERSION');
    throw isOfAnother ? storeOfAnotherVersion() : storeCorrupt();
  }
}

type StoredMeta = Omit<TrustState, 'logs' | 'anchors' | 'lists' | 'ruleFiles'> & {
  readonly version?: number;
};

function stateFrom(records: Records): HeldState {
  const under = (prefix: string): unknown[] =>
    [...records].filter(([key]) => key.startsWith(prefix)).map(([, value]) => JSON.parse(value) as unknown);
  const { version, ...meta } = JSON.parse(records.get(META) ?? '') as StoredMeta;
  if (version !== TRUST_DOCUMENT_VERSION) throw storeOfAnotherVersion();
  return heldState({
    ...meta,
    logs: under(LOG) as RawLog[],
    anchors: under(ANCHOR) as TrustedAnchor[],
    lists: under(LIST) as StatusData[],
    ruleFiles: under(RULES) as string[],
  });
}

/** SHA-256 over every record, in the order of their keys, which is the database's and that of `recordsOf`. */
export function digestOf(records: Records): string {
  const hash = createHash('sha256');
  for (const record of records) hash.update(JSON.stringify(record));
  return hash.digest('hex');
}

/** The digest of a store into which nothing was put yet. */
export const EMPTY = digestOf(new Map());

function storeOfAnotherVersion(): TrustError {
  return new TrustError(
    'STORE_OF_ANOTHER_VERSION',
    'The trust store was written by another version of this program. Sync again, or import a bundle again: that sets it aside.',
  );
}

export function storeCorrupt(): TrustError {
  return new TrustError(
    'STORE_CORRUPT',
    'The trust store does not hold what was put into it. Sync again, or import a bundle again: that sets the damaged database aside.',
  );
}

/** Twelve digits, so that places sort as text. */
function place(index: number): string {
  return String(index).padStart(12, '0');
}
