import { mkdir, mkdtemp, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { Level } from 'level';

import { syncFolder, writeFileAtomic } from './atomic-file.ts';
import { IssuerError } from './issuer-error.ts';
import { createEnvelope, openEnvelope, type SealedBox } from './sealed-box.ts';

/** One change of the store, part of an atomic batch. */
export type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

type Database = Level<string, Uint8Array>;

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

/** One kind of record, keyed by text, its values JSON or bytes. */
export class Table<T> {
  readonly #db: Database;
  readonly #prefix: string;

  constructor(db: Database, name: string) {
    this.#db = db;
    this.#prefix = `${name}!`;
  }

  async get(key: string): Promise<T | undefined> {
    // Since abstract-level 2 a missing key is undefined, which the declarations of level 10 do not say.
    const bytes = await reporting<Uint8Array | undefined>(() => this.#db.get(this.#prefix + key));
    return bytes === undefined ? undefined : (decode(bytes) as T);
  }

  put(key: string, value: T): Operation {
    return { type: 'put', key: this.#prefix + key, value: encode(value) };
  }

  del(key: string): Operation {
    return { type: 'del', key: this.#prefix + key };
  }

  /** The last record whose key begins with `prefix` and is not after `upTo`. */
  async last(prefix: string, upTo: string): Promise<readonly [string, T] | undefined> {
    const range = { gte: this.#prefix + prefix, lte: this.#prefix + upTo, reverse: true, limit: 1 };
    const [found] = await reporting(() => this.#db.iterator(range).all());
    return found === undefined ? undefined : [found[0].slice(this.#prefix.length), decode(found[1]) as T];
  }

  /** All records whose key begins with `prefix`, in the order of their keys. */
  async *entries(prefix = ''): AsyncGenerator<readonly [string, T]> {
    const from = this.#prefix + prefix;
    for await (const [key, bytes] of this.#db.iterator({ gte: from, lt: `${from}\uffff` })) {
      yield [key.slice(this.#prefix.length), decode(bytes) as T];
    }
  }
}

function encode(value: unknown): Uint8Array {
  return value instanceof Uint8Array
    ? Buffer.concat([Buffer.of(0), value])
    : Buffer.from(JSON.stringify(value));
}

/** Bytes are marked by a leading zero, which no JSON text begins with. */
function decode(bytes: Uint8Array): unknown {
  if (bytes[0] === 0) return bytes.subarray(1);
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'A record of the issuer folder cannot be read.');
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

/** What the database or the file system said, as one of our codes. */
const CODE_OF_FAULT: Readonly<
  Record<string, 'STORE_LOCKED' | 'STORE_EXISTS' | 'STORE_DAMAGED' | 'STORE_MISSING'>
> = {
  LEVEL_LOCKED: 'STORE_LOCKED',
  LEVEL_CORRUPTION: 'STORE_DAMAGED',
  ENOTEMPTY: 'STORE_EXISTS',
  EEXIST: 'STORE_EXISTS',
};

const SENTENCE = {
  STORE_LOCKED: 'Another process holds this issuer folder.',
  STORE_EXISTS: 'There is something in this folder already.',
  STORE_DAMAGED: "The issuer's store is damaged.",
  STORE_MISSING: 'There is no issuer in this folder.',
  STORE_UNAVAILABLE: "The issuer's store cannot be read or written.",
} as const;

async function reporting<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof IssuerError) throw error;
    const cause = error instanceof Error ? error.cause : undefined;
    const code = CODE_OF_FAULT[codeOf(cause)] ?? CODE_OF_FAULT[codeOf(error)] ?? 'STORE_UNAVAILABLE';
    throw new IssuerError(code, SENTENCE[code], { cause: error });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
