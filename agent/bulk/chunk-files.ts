import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../atomic-file.ts';
import { IssuerError } from '../issuer-error.ts';
import { CARDS_PER_SHARD, refusedPath, shardPath, writing } from './card-files.ts';
import type { ChunkRecord } from './chunk-records.ts';
import type { IssuedChunk } from './issue-chunk.ts';

type Written = Pick<ChunkRecord, 'part' | 'cardBytes' | 'refusedBytes' | 'digest'>;
type Records = ReadonlyMap<number, ChunkRecord>;

/** The files hold health data. */
const PRIVATE = 0o600;

/**
 * What several agents make of a bulk, a file a chunk in the folder `<batch>.parts`: its cards, then its refused lines. Once
 * all chunks are there they become the files that a single agent writes.
 *
 * A file has a name of its agent's own until its chunk counts; what never counts is never called a chunk.
 */
export class ChunkFiles {
  readonly #out: string;
  readonly #batch: string;
  readonly #folder: string;

  constructor(out: string, batch: string) {
    this.#out = out;
    this.#batch = batch;
    this.#folder = join(out, `${batch}.parts`);
  }

  /** Writes what became of a chunk; on disk when it returns, under a name that no other agent uses. IssuerError OUTPUT_UNWRITABLE. */
  async write(number: number, agent: number, { cards, refused }: IssuedChunk): Promise<Written> {
    const part = `${nameOf(number)}.${agent}.part`;
    await writing(async () => {
      try {
        await this.#write(part, [cards, refused]);
      } catch (error) {
        // Whoever was last took the folder away from under an agent that had been taken for dead.
        if (!isMissing(error)) throw error;
        await this.#write(part, [cards, refused]);
      }
    });
    const digest = createHash('sha256').update(cards).update(refused).digest('base64url');
    return { part, cardBytes: cards.length, refusedBytes: refused.length, digest };
  }

  /** Calls a chunk that counts by its name, if its file is here. */
  async keep(number: number, { part }: Pick<Written, 'part'>): Promise<void> {
    await rename(join(this.#folder, part), this.#pathOf(number)).catch((error: unknown) => {
      // It has its name already, or lies in the folder of another agent.
      if (!isMissing(error)) throw unwritable(error);
    });
  }

  /** Takes away what does not count. */
  async drop({ part }: Pick<Written, 'part'>): Promise<void> {
    await rm(join(this.#folder, part), { force: true }).catch(() => undefined);
  }

  /**
   * Makes the files of cards of all chunks, and answers their sizes; the numbers of the chunks that are in the folder of
   * another agent if there are any, and then nothing is made. Killed at any moment it goes on where it was.
   *
   * IssuerError OUTPUT_UNWRITABLE, also if there are other files of these names, or a chunk is not as it was written.
   */
  async assemble(
    records: Records,
  ): Promise<{ readonly shards: readonly string[] } | { readonly elsewhere: number }> {
    const numbers = [...records.keys()].toSorted((a, b) => a - b);
    const shards = shardsOf(numbers, records);
    return writing(async () => {
      const targets = [
        ...shards.map((some, at) => ({
          path: shardPath(this.#out, this.#batch, at + 1),
          size: sumOf(some, records, 'cardBytes'),
          pieces: () => this.#pieces(some, records, 'cards'),
        })),
        {
          path: refusedPath(this.#out, this.#batch),
          size: sumOf(numbers, records, 'refusedBytes'),
          pieces: () => this.#pieces(numbers, records, 'refused'),
        },
      ];
      const sizes = await Promise.all(targets.map(async ({ path }) => sizeOf(path)));
      if (sizes.some((size, at) => size !== undefined && size !== targets[at]?.size)) throw taken();
      const paths = targets.slice(0, -1).map(({ path }) => path);
      if (sizes.includes(undefined)) {
        const elsewhere = await this.#elsewhere(numbers, records);
        if (elsewhere > 0) return { elsewhere };
        for (const [at, target] of targets.entries()) if (sizes[at] === undefined) await fill(target);
        await syncFolder(this.#out);
      }
      await rm(this.#folder, { recursive: true, force: true });
      return { shards: paths };
    });
  }

  async #write(part: string, pieces: readonly Uint8Array[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const file = await open(join(this.#folder, part), 'w', PRIVATE);
    try {
      for (const piece of pieces) await file.writeFile(piece);
      await file.datasync();
    } finally {
      await file.close();
    }
    await syncFolder(this.#folder);
  }

  /** How many chunks are not here; those that are get their names, if whoever wrote them did not come to it. */
  async #elsewhere(numbers: readonly number[], records: Records): Promise<number> {
    const here = new Set(await readdir(this.#folder).catch(() => []));
    let elsewhere = 0;
    for (const number of numbers) {
      const part = records.get(number)?.part ?? '';
      if (here.has(part)) await this.keep(number, { part });
      else if (!here.has(`${nameOf(number)}.ndjson`)) elsewhere++;
    }
    return elsewhere;
  }

  async *#pieces(
    numbers: readonly number[],
    records: Records,
    which: 'cards' | 'refused',
  ): AsyncGenerator<Uint8Array> {
    for (const number of numbers) {
      const { cardBytes = 0, refusedBytes = 0, digest } = records.get(number) ?? {};
      if (which === 'refused' && refusedBytes === 0) continue;
      const bytes = await readFile(this.#pathOf(number));
      if (createHash('sha256').update(bytes).digest('base64url') !== digest) throw damaged(number);
      yield which === 'cards' ? bytes.subarray(0, cardBytes) : bytes.subarray(cardBytes);
    }
  }

  #pathOf(number: number): string {
    return join(this.#folder, `${nameOf(number)}.ndjson`);
  }
}

/** Cut as a single agent does it. */
function shardsOf(numbers: readonly number[], records: Records): readonly (readonly number[])[] {
  const shards: number[][] = [[]];
  let cards = 0;
  for (const number of numbers) {
    if (cards >= CARDS_PER_SHARD) {
      shards.push([]);
      cards = 0;
    }
    shards.at(-1)?.push(number);
    cards += records.get(number)?.cards ?? 0;
  }
  return shards;
}

function sumOf(numbers: readonly number[], records: Records, of: 'cardBytes' | 'refusedBytes'): number {
  return numbers.reduce((total, number) => total + (records.get(number)?.[of] ?? 0), 0);
}

/** A file that is there whole or not at all. */
async function fill({
  path,
  pieces,
}: {
  readonly path: string;
  readonly pieces: () => AsyncGenerator<Uint8Array>;
}): Promise<void> {
  const part = `${path}.part`;
  const file: FileHandle = await open(part, 'w', PRIVATE);
  try {
    for await (const piece of pieces()) await file.writeFile(piece);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(part, path);
}

function nameOf(number: number): string {
  return String(number).padStart(6, '0');
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unwritable(cause: unknown): IssuerError {
  return new IssuerError('OUTPUT_UNWRITABLE', 'The files of cards cannot be written.', { cause });
}

function taken(): IssuerError {
  return new IssuerError('OUTPUT_UNWRITABLE', 'The folder holds files of another bulk of that name.');
}

function damaged(number: number): IssuerError {
  return new IssuerError('OUTPUT_UNWRITABLE', `Part ${number} of this bulk is not as it was written.`);
}
