import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../atomic-file.ts';
import { IssuerError } from '../issuer-error.ts';
import type { BulkState } from './bulk-state.ts';

/** Sizes of the files of a bulk, as they are to be recorded. */
export type FileSizes = Pick<BulkState, 'shards' | 'lastCards' | 'refusedBytes'>;

/** A file of cards holds about so many: some 60 MB, which every tool still opens. */
export const CARDS_PER_SHARD = 100_000;
/** The files hold health data. */
const PRIVATE = 0o600;

/**
 * The files that a bulk writes into a folder: `<batch>-0001.ndjson` and so on with the cards, `<batch>-refused.ndjson`.
 *
 * What lies behind the recorded sizes is of chunks that never counted, and is cut off.
 */
export class CardFiles {
  readonly #dir: string;
  readonly #batch: string;
  #sizes: FileSizes;
  #shard: FileHandle | undefined;
  #refused: FileHandle | undefined;

  private constructor(dir: string, batch: string, sizes: FileSizes) {
    this.#dir = dir;
    this.#batch = batch;
    this.#sizes = sizes;
  }

  /** IssuerError OUTPUT_UNWRITABLE if files are there, or the folder cannot be written. */
  static async assertNone(dir: string, batch: string): Promise<void> {
    const files = new CardFiles(dir, batch, { shards: [0], lastCards: 0, refusedBytes: 0 });
    await writing(async () => mkdir(dir, { recursive: true }));
    const sizes = await Promise.all([sizeOf(files.shardPath(1)), sizeOf(files.refusedPath)]);
    if (sizes.some((size) => size !== undefined && size > 0)) {
      throw new IssuerError('OUTPUT_UNWRITABLE', 'The folder holds files of a bulk of that name already.');
    }
  }

  /**
   * Opens the files at their recorded sizes.
   *
   * IssuerError BULK_CHANGED if there is less than was recorded, OUTPUT_UNWRITABLE.
   */
  static async open(dir: string, batch: string, sizes: FileSizes): Promise<CardFiles> {
    const files = new CardFiles(dir, batch, sizes);
    const { shards, refusedBytes } = sizes;
    for (const [at, recorded] of shards.entries()) {
      const size = (await sizeOf(files.shardPath(at + 1))) ?? 0;
      if (size < recorded || (size > recorded && at + 1 < shards.length)) throw changed();
    }
    if (((await sizeOf(files.refusedPath)) ?? 0) < refusedBytes) throw changed();
    await writing(async () => {
      await mkdir(dir, { recursive: true });
      // One that was begun and never counted.
      await rm(files.shardPath(shards.length + 1), { force: true });
      files.#shard = await openAt(files.shardPath(shards.length), shards.at(-1) ?? 0);
      files.#refused = await openAt(files.refusedPath, refusedBytes);
      await syncFolder(dir);
    });
    return files;
  }

  /** Appends what became of a chunk; on disk when it returns. IssuerError OUTPUT_UNWRITABLE. */
  async append(chunk: {
    readonly cards: Uint8Array;
    readonly count: number;
    readonly refused: Uint8Array;
  }): Promise<FileSizes> {
    return writing(async () => {
      if (this.#sizes.lastCards >= CARDS_PER_SHARD) await this.#nextShard();
      const { shards, lastCards, refusedBytes } = this.#sizes;
      const last = shards.at(-1) ?? 0;
      await Promise.all([
        write(this.#shard, chunk.cards, last),
        write(this.#refused, chunk.refused, refusedBytes),
      ]);
      this.#sizes = {
        shards: [...shards.slice(0, -1), last + chunk.cards.length],
        lastCards: lastCards + chunk.count,
        refusedBytes: refusedBytes + chunk.refused.length,
      };
      return this.#sizes;
    });
  }

  /** The files of cards, in order. */
  get paths(): readonly string[] {
    return this.#sizes.shards.map((_, at) => this.shardPath(at + 1));
  }

  get refusedPath(): string {
    return refusedPath(this.#dir, this.#batch);
  }

  shardPath(number: number): string {
    return shardPath(this.#dir, this.#batch, number);
  }

  async close(): Promise<void> {
    await this.#shard?.close();
    await this.#refused?.close();
  }

  async #nextShard(): Promise<void> {
    await this.#shard?.close();
    this.#shard = undefined;
    const { shards } = this.#sizes;
    this.#shard = await openAt(this.shardPath(shards.length + 1), 0);
    await syncFolder(this.#dir);
    this.#sizes = { ...this.#sizes, shards: [...shards, 0], lastCards: 0 };
  }
}

/** Where the cards of a bulk are, the files numbered from 1. */
export function shardPath(dir: string, batch: string, number: number): string {
  return join(dir, `${batch}-${String(number).padStart(4, '0')}.ndjson`);
}

/** Where is told which of its lines got none. */
export function refusedPath(dir: string, batch: string): string {
  return join(dir, `${batch}-refused.ndjson`);
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

async function openAt(path: string, size: number): Promise<FileHandle> {
  const file = await open(path, 'a', PRIVATE);
  if ((await file.stat()).size !== size) await file.truncate(size);
  return file;
}

/** Appends; where the file ends is checked, so that nobody else's bytes get between the cards. */
async function write(file: FileHandle | undefined, bytes: Uint8Array, size: number): Promise<void> {
  if (bytes.length === 0) return;
  if (file === undefined || (await file.stat()).size !== size) throw changed();
  await file.writeFile(bytes);
  await file.datasync();
}

/** Runs what writes files of cards. IssuerError OUTPUT_UNWRITABLE, or what `run` throws of its own. */
export async function writing<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof IssuerError) throw error;
    throw new IssuerError(
      'OUTPUT_UNWRITABLE',
      'The files of cards cannot be written; what was counted before is safe, and the same command goes on from there.',
      { cause: error },
    );
  }
}

function changed(): IssuerError {
  return new IssuerError(
    'BULK_CHANGED',
    'The files of this bulk are not as it left them, or lie in another folder: say the --out that it began with.',
  );
}
