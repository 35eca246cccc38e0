import { join } from 'node:path';
import { syncFiles } from './atomic-file.ts';
import type { AuditedStore } from './audit/audit-reader.ts';
import { atOneMoment, LevelBackend, levelStore } from './level-backend.ts';
import { newDatabaseFile, readDatabaseFile, writeDatabaseFile } from './postgres/database-file.ts';
import { PostgresBackend } from './postgres/postgres-backend.ts';
import type { StoreBackend } from './store-backend.ts';
import { loadRecords, type RawRecord } from './store-records.ts';
import { openDatabase } from './store-recovery.ts';

const DATABASE_FOLDER = 'store';

/** Where a new store's records are to lie, if not in the folder itself: the URL of a PostgreSQL. */
export interface NewStorePlace {
  readonly envelope: string;
  readonly database?: string | undefined;
}

/** A new store in a folder that is being made; it is there once the first batch is written. Errors as `StoreBackend`. */
export async function makeBackend(
  draft: string,
  { envelope, database }: NewStorePlace,
): Promise<StoreBackend> {
  if (database === undefined) return LevelBackend.open(join(draft, DATABASE_FOLDER), true);
  const file = newDatabaseFile(database);
  await writeDatabaseFile(draft, file);
  return PostgresBackend.begin(file, envelope);
}

/** The same, with records in it that another store gave out. */
export async function refillBackend(
  draft: string,
  place: NewStorePlace,
  records: AsyncIterable<readonly RawRecord[]>,
): Promise<StoreBackend> {
  if (place.database !== undefined) {
    const file = newDatabaseFile(place.database);
    await writeDatabaseFile(draft, file);
    return PostgresBackend.begin(file, place.envelope, records);
  }
  const path = join(draft, DATABASE_FOLDER);
  const db = await openDatabase(path, true);
  try {
    await loadRecords(db, records);
  } finally {
    await db.close();
  }
  return LevelBackend.open(path, false);
}

/** A database that holds an issuer, for the folder of another agent that is being made, with the issuer's envelope. */
export async function joinBackend(
  draft: string,
  database: string,
): Promise<{ readonly backend: StoreBackend; readonly envelope: string }> {
  const file = newDatabaseFile(database);
  await writeDatabaseFile(draft, file);
  const backend = await PostgresBackend.open(file);
  return { backend, envelope: backend.envelope };
}

/** Has what a draft holds on disk before it is called a folder. */
export async function syncStore(draft: string): Promise<void> {
  if ((await readDatabaseFile(draft)) === undefined) await syncFiles(join(draft, DATABASE_FOLDER));
}

/**
 * The store of a folder, for this process alone; `database` is a URL to be used instead of the one that the folder says.
 *
 * IssuerError STORE_LOCKED, STORE_MISSING, STORE_DAMAGED, STORE_UNAVAILABLE; DATABASE_INVALID, DATABASE_UNSUITABLE.
 */
export async function openBackend(dir: string, database?: string): Promise<StoreBackend> {
  const file = await readDatabaseFile(dir, database);
  if (file === undefined) return LevelBackend.open(join(dir, DATABASE_FOLDER), false);
  return PostgresBackend.open(file);
}

/** What lies in a folder, or in the database that it says, to be read and nothing else. IssuerError as `openBackend`. */
export async function lookAtStore(
  dir: string,
  database?: string,
): Promise<AuditedStore & { readonly close: () => Promise<void> }> {
  const file = await readDatabaseFile(dir, database);
  if (file !== undefined) return PostgresBackend.look(file);
  const db = await openDatabase(join(dir, DATABASE_FOLDER), false);
  return {
    ready: async () => levelStore(db),
    atOneMoment: async (run) => atOneMoment(db, run),
    close: async () => db.close(),
  };
}
