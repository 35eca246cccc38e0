import { access, constants, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import type { Replay } from '../pipeline/replay.ts';
import type { TrustDocument } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { changeDigest, DIGEST_FILE, readDigests, settleDigest } from './store-digest.ts';
import { DATABASE, digestOf, EMPTY, heldFrom, recordsOf, storeCorrupt as corrupt } from './store-records.ts';
import type { Records } from './store-records.ts';
import { assertNewer } from './trust-order.ts';
import { heldState } from './trust-state.ts';
import type { TrustState } from './trust-state.ts';

/** A store that this process holds: LevelDB lets one process in at a time. */
export interface TrustStore {
  /** What is held; undefined before the first sync. */
  readonly held: () => TrustState | undefined;
  /** The held state as a trust document; undefined before the first sync. */
  readonly document: () => TrustDocument | undefined;
  /** The replay of the held log, to go on from; undefined before the first sync. */
  readonly replay: () => Replay | undefined;
  /**
   * Hold a newer state of the same registry, all of it or nothing, on disk when the promise resolves.
   *
   * @throws TrustError STORE_OF_ANOTHER_REGISTRY, LOG_OLDER_THAN_HELD, LOG_FORKED, HEAD_MISMATCH
   */
  readonly put: (state: TrustState) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Database = Level;

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

async function openExisting(folder: string): Promise<TrustStore> {
  const digests = await readDigests(folder);
  const database = await openDatabase(join(folder, DATABASE), { createIfMissing: digests.length === 0 });
  try {
    let records = await readRecords(database);
    const digest = digestOf(records);
    if (!(digests.length === 0 ? [EMPTY] : digests).includes(digest)) throw corrupt();
    // A crash during a change left two; from here on the state before it is an older one.
    if (digests.length > 1) await settleDigest(folder, digest);
    let current = records.size === 0 ? undefined : heldFrom(records);

    return {
      held: () => current?.state,
      document: () => current?.document,
      replay: () => current?.replay,
      close: () => database.close(),
      put: async (state) => {
        if (current !== undefined) assertNewer(state, current.state);
        const checked = heldState(state, current);
        const next = recordsOf(state);
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

function unreadable(): TrustError {
  return new TrustError('FILE_UNREADABLE', 'The folder of the trust store cannot be used.');
}
