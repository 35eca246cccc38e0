import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { writeFileAtomic } from './atomic-file.ts';
import { IssuerError } from './issuer-error.ts';
import { codeOf, reporting } from './store-fault.ts';
import type { Database, Write } from './store-table.ts';

/** A batch of which nobody knows whether it is on disk, and the records as they were before it. */
interface Suspect {
  readonly keys: readonly string[];
  readonly before: ReturnType<Database['snapshot']>;
  readonly undone: () => Promise<void>;
}

/** What belongs to a batch besides the database. */
interface Beside {
  /** Done once the batch is on disk; if it fails the batch has not happened either. */
  readonly settle?: () => Promise<void>;
  /** Done before a failed batch is undone, with the database open; by then `settle` may have run, or a part of it. */
  readonly undone?: () => Promise<void>;
}

/** A file in the folder of the database that names the process which opened it last. */
const OWNER_FILE = 'OWNER';
export const GIVEN_UP = 'This process has given up the issuer folder.';
/** How long nobody tries the disk again after so many reopenings in a row have failed. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/** What LevelDB reads when it opens. */
const REPLAYED = /^(?:\d+\.log|MANIFEST-\d+|CURRENT)$/;

/** A LevelDB as it lies there. IssuerError STORE_LOCKED, STORE_EXISTS, STORE_DAMAGED, STORE_UNAVAILABLE. */
export async function openDatabase(path: string, create: boolean): Promise<Database> {
  const options = { valueEncoding: 'view', createIfMissing: create, errorIfExists: create };
  if (!create) await reporting(() => assertReadable(path));
  const db: Database = new Level(path, options);
  await reporting(() => db.open());
  return db;
}

/**
 * A LevelDB that goes on after a disk that was full, broken or gone is back (decision 0034).
 *
 * After a write that failed nobody knows what of it is on disk, and LevelDB is not to be written to any more: after a
 * failed fdatasync it refuses, and after a failed write it goes on behind a torn record, so that whatever follows is lost
 * when it is opened the next time. So it is opened anew before anything else is written, and what there may be of the
 * failed batch is undone: whoever was told of a failure finds it so.
 */
export class RecoveringDatabase {
  readonly #db: Database;
  readonly #path: string;
  readonly #process = randomUUID();
  /** What was acknowledged last. */
  #last: readonly Write[] = [];
  #suspect: Suspect | undefined;
  #undo: readonly Write[] | undefined;
  #mending: Promise<void> | undefined;
  #pause = 0;
  #notBefore = 0;
  /** Why it is never opened again. */
  #over: IssuerError | undefined;

  private constructor(db: Database, path: string) {
    this.#db = db;
    this.#path = path;
  }

  /** IssuerError STORE_LOCKED, STORE_EXISTS, STORE_DAMAGED, STORE_UNAVAILABLE. */
  static async open(path: string, create: boolean): Promise<RecoveringDatabase> {
    const recovering = new RecoveringDatabase(await openDatabase(path, create), path);
    try {
      await reporting(() => writeFileAtomic(join(path, OWNER_FILE), recovering.#process, 0o600));
    } catch (error) {
      await recovering.close();
      throw error;
    }
    return recovering;
  }

  /**
   * The database, opened anew first if a write has failed; what rests on the state of the store is made after this.
   *
   * IssuerError STORE_UNAVAILABLE while the disk is not back; STORE_LOCKED or STORE_DAMAGED, from then on for good, if
   * another process has written the store in between, or the disk has lost what was acknowledged.
   */
  async ready(): Promise<Database> {
    if (this.#over !== undefined) throw this.#over;
    if (this.#db.status !== 'open' || this.#suspect !== undefined) await this.#mend();
    return this.#db;
  }

  /**
   * Writes a batch and what belongs to it; returns once it is on disk. If either fails the batch has not happened.
   * One at a time. IssuerError STORE_UNAVAILABLE, STORE_DAMAGED.
   */
  async write(
    operations: readonly Write[],
    { settle = nothing, undone = nothing }: Beside = {},
  ): Promise<void> {
    await reporting(async () => {
      const before = this.#db.snapshot();
      try {
        await this.#db.batch([...operations], { sync: true });
        await settle();
      } catch (error) {
        this.#suspect = { keys: operations.map(({ key }) => key), before, undone };
        throw error;
      }
      this.#last = operations;
      await before.close();
    });
  }

  /** Gives the database up for good. */
  async close(): Promise<void> {
    this.#over ??= new IssuerError(
      'STORE_UNAVAILABLE',
      'The issuer folder has been given up by this process.',
    );
    await this.#mending?.catch(() => undefined);
    await this.#db.close();
  }

  #mend(): Promise<void> {
    this.#mending ??= this.#reopen().finally(() => {
      this.#mending = undefined;
    });
    return this.#mending;
  }

  async #reopen(): Promise<void> {
    if (this.#over !== undefined) throw this.#over;
    if (performance.now() < this.#notBefore) {
      throw new IssuerError('STORE_UNAVAILABLE', "The disk of the issuer's store is not back yet.");
    }
    try {
      await reporting(() => this.#openAnew());
      this.#pause = 0;
    } catch (error) {
      this.#pause = Math.min(Math.max(2 * this.#pause, FIRST_PAUSE_MS), LONGEST_PAUSE_MS);
      this.#notBefore = performance.now() + this.#pause;
      throw error;
    }
  }

  async #openAnew(): Promise<void> {
    if (this.#suspect !== undefined) this.#undo ??= await this.#recordsBefore(this.#suspect);
    await this.#db.close();
    await assertReadable(this.#path);
    await this.#db.open({ createIfMissing: false, errorIfExists: false });
    await this.#assertUntouched();
    await this.#suspect?.undone();
    if (this.#undo !== undefined) await this.#db.batch([...this.#undo], { sync: true });
    this.#undo = undefined;
    this.#suspect = undefined;
  }

  /** The snapshot hides the batch even if it was written, and only what belongs to it has failed. */
  async #recordsBefore({ keys, before }: Suspect): Promise<readonly Write[]> {
    const values: readonly (Uint8Array | undefined)[] = await this.#db.getMany([...keys], {
      snapshot: before,
    });
    return keys.map((key, at) => {
      const value = values[at];
      return value === undefined ? { type: 'del', key } : { type: 'put', key, value };
    });
  }

  /** While the database was closed its lock was free, and a disk that fails may lose more than it says. */
  async #assertUntouched(): Promise<void> {
    const owner = await readFile(join(this.#path, OWNER_FILE), 'utf8');
    if (owner !== this.#process) {
      this.#over = new IssuerError(
        'STORE_LOCKED',
        'Another process has used this issuer folder: start again.',
      );
    } else if (!(await this.#holdsLast())) {
      this.#over = new IssuerError(
        'STORE_DAMAGED',
        "The disk has lost records of the issuer's store that were written: restore the last backup.",
      );
    }
    if (this.#over === undefined) return;
    await this.#db.close();
    throw this.#over;
  }

  async #holdsLast(): Promise<boolean> {
    const doubtful = new Set(this.#suspect?.keys);
    // The last of several operations on one record counts.
    const records = new Map(this.#last.map((operation) => [operation.key, operation]));
    const known = [...records.values()].filter(({ key }) => !doubtful.has(key));
    const values = await this.#db.getMany(known.map(({ key }) => key));
    return known.every((operation, at) => {
      const value = values[at];
      return operation.type === 'del'
        ? value === undefined
        : value !== undefined && Buffer.compare(operation.value, value) === 0;
    });
  }
}

/** LevelDB takes a log that it cannot read for one that ends there, and throws the rest away. */
async function assertReadable(path: string): Promise<void> {
  for (const name of await readdir(path)) {
    if (!REPLAYED.test(name)) continue;
    await readFile(join(path, name)).catch((error: unknown) => {
      // A process that holds the folder has thrown it away, and the lock will tell.
      if (codeOf(error) !== 'ENOENT') throw error;
    });
  }
}

async function nothing(): Promise<void> {}
