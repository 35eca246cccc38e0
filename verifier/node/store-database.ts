import { access, constants, stat } from 'node:fs/promises';
import { Level } from 'level';
import { TrustError } from '../pipeline/trust-error.ts';
import { storeCorrupt as corrupt } from './store-records.ts';
import type { Records } from './store-records.ts';

/** LevelDB: an embedded store, one process at a time. */
export type Database = Level;

/** The writes that turn one set of records into another; LevelDB does all of a batch or nothing. */
export function batchOf(
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

/** @throws TrustError STORE_CORRUPT */
export async function readRecords(database: Database): Promise<Records> {
  try {
    return new Map(await database.iterator().all());
  } catch {
    throw corrupt();
  }
}

/** @throws TrustError STORE_CORRUPT, STORE_LOCKED, FILE_UNREADABLE */
export async function openDatabase(path: string, options: { createIfMissing: boolean }): Promise<Database> {
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
    const { code, message = '' } = (error as { cause?: { code?: string; message?: string } }).cause ?? {};
    if (code === 'LEVEL_LOCKED') {
      throw new TrustError(
        'STORE_LOCKED',
        'Another process holds the trust store. Ask it, or stop it first.',
      );
    }
    // A full disk or too many open files is no damage: what is there must not be set aside for it.
    if (code === 'LEVEL_IO_ERROR' && !/no such file/i.test(message)) throw unavailable();
    throw corrupt();
  }
}

/** @throws TrustError FILE_UNREADABLE */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw unreadable();
  }
}

function unavailable(): TrustError {
  return new TrustError(
    'STORE_UNAVAILABLE',
    'The trust store cannot be opened now: the disk may be full, or too many files open. It is left as it is.',
  );
}

export function unreadable(): TrustError {
  return new TrustError('FILE_UNREADABLE', 'The folder of the trust store cannot be used.');
}
