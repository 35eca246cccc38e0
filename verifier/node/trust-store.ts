import { createHash } from 'node:crypto';
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { replayLog } from '../pipeline/replay.ts';
import type { RawLog } from '../pipeline/registry-log.ts';
import { TRUST_DOCUMENT_VERSION } from '../pipeline/trust-document.ts';
import type { ChainSource, StatusData, TrustDocument, TrustedAnchor } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { changeDigest, DIGEST_FILE, readDigests, settleDigest } from './store-digest.ts';
import { assertNewer } from './trust-order.ts';

/** What one sync took from a registry: its whole log, and the current anchors and lists. */
export interface TrustState {
  readonly source: ChainSource;
  /** Unix seconds, by the clock of the machine that took it. */
  readonly takenAt: number;
  readonly logs: readonly RawLog[];
  readonly anchors: readonly TrustedAnchor[];
  readonly lists: readonly StatusData[];
}

/** A store that this process holds: LevelDB lets one process in at a time. */
export interface TrustStore {
  /** What is held; undefined before the first sync. */
  readonly held: () => TrustState | undefined;
  /** The held state as a trust document; undefined before the first sync. */
  readonly document: () => TrustDocument | undefined;
  /**
   * Hold a newer state of the same registry, all of it or nothing, on disk when the promise resolves.
   *
   * @throws TrustError STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED, HEAD_MISMATCH
   */
  readonly put: (state: TrustState) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Database = Level;
/** Keys sort as text, so that reading the store reads the log in order. */
type Records = ReadonlyMap<string, string>;

const LOG = 'log/';
const META = 'meta';

/**
 * Open a trust store, made if it is not there, and prove that it holds what was put into it.
 *
 * LevelDB opens over flipped bits and lost files and drops what it cannot read. So the records are held against a
 * digest that is kept beside the database (a batch lost whole would otherwise bring back an older state without a
 * sign), and the log is replayed to the head that was stored.
 *
 * @throws TrustError STORE_CORRUPT, STORE_LOCKED, FILE_UNREADABLE
 */
export async function openTrustStore(folder: string): Promise<TrustStore> {
  try {
    await mkdir(join(folder, DATABASE), { recursive: true, mode: 0o700 });
  } catch {
    throw unreadable();
  }
  return openExisting(folder);
}

/**
 * Open a trust store for reading; undefined if there is none. A read makes no store.
 *
 * @throws TrustError STORE_CORRUPT, STORE_LOCKED, FILE_UNREADABLE
 */
export async function openHeldTrust(folder: string): Promise<TrustStore | undefined> {
  const there = await Promise.all([exists(join(folder, DATABASE)), exists(join(folder, DIGEST_FILE))]);
  return there.includes(true) ? openExisting(folder) : undefined;
}

const DATABASE = 'level';

async function openExisting(folder: string): Promise<TrustStore> {
  const digests = await readDigests(folder);
  const database = await openDatabase(join(folder, DATABASE), { createIfMissing: digests.length === 0 });
  try {
    let records = await readRecords(database);
    const digest = digestOf(records);
    if (!(digests.length === 0 ? [EMPTY] : digests).includes(digest)) throw corrupt();
    // A crash during a change left two; from here on the state before it is an older one.
    if (digests.length > 1) await settleDigest(folder, digest);
    let current = records.size === 0 ? undefined : stateOf(records);

    return {
      held: () => current?.state,
      document: () => current?.document,
      close: () => database.close(),
      put: async (state) => {
        if (current !== undefined) assertNewer(state, current.state);
        const next = recordsOf(state);
        const checked = stateOf(next, 'HEAD_MISMATCH');
        const change = { from: digestOf(records), to: digestOf(next) };
        // Without sync a power cut takes acknowledged batches with it.
        await changeDigest(folder, change, () => database.batch(batchOf(records, next), { sync: true }));
        records = next;
        current = checked;
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The writes that turn one set of records into another; LevelDB does all of a batch or nothing. */
function batchOf(
  before: Records,
  after: Records,
): ({ type: 'del'; key: string } | { type: 'put'; key: string; value: string })[] {
  const gone = [...before.keys()].filter((key) => !after.has(key));
  const changed = [...after].filter(([key, value]) => before.get(key) !== value);
  return [
    ...gone.map((key) => ({ type: 'del' as const, key })),
    ...changed.map(([key, value]) => ({ type: 'put' as const, key, value })),
  ];
}

function recordsOf({ source, takenAt, logs, anchors, lists }: TrustState): Records {
  return new Map([
    ...anchors.map((anchor, index) => [`anchor/${place(index)}`, JSON.stringify(anchor)] as const),
    ...lists.map((list, index) => [`list/${place(index)}`, JSON.stringify(list)] as const),
    ...logs.map(({ topics, data }, index) => [LOG + place(index), JSON.stringify({ topics, data })] as const),
    [META, JSON.stringify({ source, takenAt })],
  ]);
}

/** The way back from records to a state, with the log replayed and its head compared. */
function stateOf(
  records: Records,
  mismatch: 'STORE_CORRUPT' | 'HEAD_MISMATCH' = 'STORE_CORRUPT',
): { readonly state: TrustState; readonly document: TrustDocument } {
  const under = (prefix: string): unknown[] =>
    [...records].filter(([key]) => key.startsWith(prefix)).map(([, value]) => JSON.parse(value) as unknown);
  try {
    const { source, takenAt } = JSON.parse(records.get(META) ?? '') as Pick<TrustState, 'source' | 'takenAt'>;
    const logs = under(LOG) as RawLog[];
    const anchors = under('anchor/') as TrustedAnchor[];
    const lists = under('list/') as StatusData[];
    const { head, size, trust } = replayLog(logs, source);
    if (head !== source.head || size !== source.size || size !== logs.length) {
      throw new TrustError(mismatch, 'The log that was to be stored does not lead to its head.');
    }
    return {
      state: { source, takenAt, logs, anchors, lists },
      document: { version: TRUST_DOCUMENT_VERSION, source, takenAt, ...trust, anchors, lists },
    };
  } catch (error) {
    if (mismatch === 'STORE_CORRUPT') throw corrupt();
    throw error;
  }
}

/** SHA-256 over every record, in the order of their keys, which is the database's and that of `recordsOf`. */
function digestOf(records: Records): string {
  const hash = createHash('sha256');
  for (const record of records) hash.update(JSON.stringify(record));
  return hash.digest('hex');
}

const EMPTY = digestOf(new Map());

async function readRecords(database: Database): Promise<Records> {
  try {
    return new Map(await database.iterator().all());
  } catch {
    throw corrupt();
  }
}

async function openDatabase(path: string, options: { createIfMissing: boolean }): Promise<Database> {
  try {
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? corrupt() : unreadable();
  }
  const database: Database = new Level(path, { ...options, compression: false });
  try {
    await database.open();
    return database;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code !== 'LEVEL_LOCKED') throw corrupt();
    throw new TrustError('STORE_LOCKED', 'Another process holds the trust store. Ask it, or stop it first.');
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw unreadable();
  }
}

/** Twelve digits, so that places sort as text. */
function place(index: number): string {
  return String(index).padStart(12, '0');
}

function corrupt(): TrustError {
  return new TrustError(
    'STORE_CORRUPT',
    `The trust store does not hold what was put into it. Remove ${DATABASE} and ${DIGEST_FILE} from its folder and sync again.`,
  );
}

function unreadable(): TrustError {
  return new TrustError('FILE_UNREADABLE', 'The folder of the trust store cannot be used.');
}
