import { mkdir, mkdtemp, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { Level } from 'level';

import { syncFolder, writeFileAtomic } from './atomic-file.ts';
import { IssuerError } from './issuer-error.ts';
import { createEnvelope, openEnvelope, type SealedBox } from './sealed-box.ts';
import { codeOf, reporting } from './store-fault.ts';
import { Table, type Database, type Operation } from './store-table.ts';

export type { Operation, Table } from './store-table.ts';

interface Waiting {
  readonly operations: readonly Operation[];
  readonly closing: ReadonlyMap<string, () => Operation>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const ENVELOPE_FILE = 'envelope.json';
const DATABASE_FOLDER = 'store';

/**
 * One issuer's folder: `envelope.json` (the wrapped data key) and a LevelDB in `store/`, owned by one process at a time.
 *
 * Every write goes through `commit`, which acknowledges only after `sync: true`: without it a power cut loses
 * everything acknowledged.
 */
export class IssuerStore {
  readonly box: SealedBox;
  readonly #db: Database;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(db: Database, box: SealedBox) {
    this.#db = db;
    this.box = box;
  }

  /**
   * Makes a new folder with its first records and leaves it closed; the folder appears whole or not at all.
   *
   * IssuerError STORE_EXISTS if something is there, PASSPHRASE_TOO_SHORT, STORE_UNAVAILABLE.
   */
  static async create(
    dir: string,
    passphrase: string,
    first: (store: IssuerStore) => readonly Operation[],
    kdfCost?: number,
  ): Promise<void> {
    const target = resolve(dir);
    const { envelope, box } = await createEnvelope(passphrase, kdfCost);
    await reporting(async () => {
      await mkdir(dirname(target), { recursive: true });
      const draft = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
      try {
        await writeFileAtomic(join(draft, ENVELOPE_FILE), `${JSON.stringify(envelope, null, 2)}\n`, 0o600);
        const store = new IssuerStore(await openDatabase(join(draft, DATABASE_FOLDER), true), box);
        await store.commit(first(store));
        await store.close();
        // An empty folder made beforehand is fine; anything in it is somebody's.
        await rmdir(target).catch(() => undefined);
        await rename(draft, target);
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        throw error;
      }
      await syncFolder(dirname(target));
    });
  }

  /**
   * Opens a folder for this process alone.
   *
   * IssuerError STORE_MISSING, STORE_LOCKED if another process holds it, WRONG_PASSPHRASE, STORE_DAMAGED,
   * STORE_UNAVAILABLE.
   */
  static async open(dir: string, passphrase: string): Promise<IssuerStore> {
    const envelope = await readEnvelopeFile(join(dir, ENVELOPE_FILE));
    const db = await openDatabase(join(dir, DATABASE_FOLDER), false);
    try {
      return new IssuerStore(db, await openEnvelope(envelope, passphrase));
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  table<T>(name: string): Table<T> {
    return new Table<T>(this.#db, name);
  }

  /**
   * Writes all operations in one atomic batch and returns once they are on disk.
   *
   * Calls that arrive while a batch is being written share the next one and its fsync. `closing` names operations that
   * are made at the moment of writing, one per name and batch: the state of a counter must never be overwritten by an
   * older one.
   */
  commit(
    operations: readonly Operation[],
    closing: ReadonlyMap<string, () => Operation> = new Map(),
  ): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ operations, closing, done, failed });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // One turn later, so that everything asked for in this turn shares the batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        const closing = new Map(group.flatMap((waiting) => [...waiting.closing]));
        const last = [...closing.values()].map((make) => make());
        await reporting(() =>
          this.#db.batch([...group.flatMap((waiting) => waiting.operations), ...last], { sync: true }),
        );
        for (const waiting of group) waiting.done();
      } catch (error) {
        for (const waiting of group) waiting.failed(error);
      }
    }
    // In the same turn in which nothing was left: whoever comes later starts anew.
    this.#flushing = undefined;
  }

  /** Has the database drop for good what was deleted. */
  async compact(): Promise<void> {
    // On disk it is a LevelDB; the declarations of `level` are those of a browser's database as well.
    const db = this.#db as Database & { compactRange(from: string, to: string): Promise<void> };
    await reporting(async () => db.compactRange('', '\uffff'));
  }

  /** Waits for what is being written and gives the folder up. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#db.close();
  }
}

async function openDatabase(path: string, create: boolean): Promise<Database> {
  const db: Database = new Level(path, {
    valueEncoding: 'view',
    createIfMissing: create,
    errorIfExists: create,
  });
  await reporting(() => db.open());
  return db;
}

async function readEnvelopeFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      throw new IssuerError('STORE_MISSING', 'There is no issuer in this folder.');
    }
    throw new IssuerError('STORE_UNAVAILABLE', 'The issuer folder cannot be read.', { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'The envelope of the issuer folder cannot be read.');
  }
}
