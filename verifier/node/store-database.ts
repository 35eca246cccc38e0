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
    const { cause } = error as { cause?: { code?: string } };
    if (cause?.code !== 'LEVEL_LOCKED') throw corrupt();
    throw new TrustError('STORE_LOCKED', 'Another process holds the trust store. Ask it, or stop it first.');
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

export function unreadable(): TrustError {
  return new TrustError('FILE_UNREADABLE', 'The folder of the trust store cannot be used.');
}
