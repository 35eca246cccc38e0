import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { IssuerError } from '../issuer-error.ts';
import type { ChunkFiles } from './chunk-files.ts';
import type { ChunkJob, ChunkJobs, PlannedChunk } from './chunk-jobs.ts';
import type { ChunkRecord, ChunkRecords } from './chunk-records.ts';
import { inputChunks, type InputChunk, type InputFile } from './input-lines.ts';
import { beginChunk, LINES_PER_CHUNK, roomed, type ChunkMeans, type ChunkOrder } from './issue-chunks.ts';

/** A bulk that several agents share, as this one found it. */
export interface SharedBulk {
  readonly input: InputFile;
  /** Bytes of the input. */
  readonly size: number;
  readonly jobs: ChunkJobs;
  readonly records: ChunkRecords;
  readonly files: ChunkFiles;
}

/** Chunks that are cut together. */
const CUT_TOGETHER = 32;
/** While others have what is left, or the database is away, it is looked again so often. */
const LOOK_MS = 250;
const AWAY_MS = 1_000;
/** A database that is away for longer ends the bulk; the same command goes on. */
const LONGEST_AWAY_MS = 600_000;

/**
 * Issues what is left of a shared bulk, chunk by chunk, as long as others leave something: until all of it is done, or it is
 * told to stop. While the database is away it waits. Errors as `runBulk`.
 */
export async function issueShared(means: ChunkMeans, order: ChunkOrder, bulk: SharedBulk): Promise<void> {
  const worker = new Worker(means, order, bulk);
  const lanes = await Promise.allSettled(Array.from({ length: means.ahead }, async () => worker.run()));
  const failed = lanes.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason as Error;
}

/** What the lanes of one agent share. */
class Worker {
  readonly #means: ChunkMeans;
  readonly #order: ChunkOrder;
  readonly #bulk: SharedBulk;
  #isEnding = false;
  #cutting: Promise<void> | undefined;
  #answeredAt = performance.now();
  #isAway = false;

  constructor(means: ChunkMeans, order: ChunkOrder, bulk: SharedBulk) {
    this.#means = means;
    this.#order = order;
    this.#bulk = bulk;
  }

  /** One chunk after the other. */
  async run(): Promise<void> {
    try {
      for (;;) {
        if (this.#isEnding || this.#order.signal?.aborted === true) return;
        const job = await this.#waitedFor(async () => this.#next());
        if (job === 'over') return;
        if (typeof job === 'object') await this.#waitedFor(async () => this.#issue(job));
        else if (job === 'busy') await sleep(LOOK_MS);
      }
    } catch (error) {
      // The other lanes end what they have begun.
      this.#isEnding = true;
      throw error;
    }
  }

  /** Undefined if the database is away, which is waited for a moment. */
  async #waitedFor<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      const done = await work();
      [this.#answeredAt, this.#isAway] = [performance.now(), false];
      return done;
    } catch (error) {
      const isAway = error instanceof IssuerError && error.code === 'STORE_UNAVAILABLE';
      if (!isAway || performance.now() - this.#answeredAt > LONGEST_AWAY_MS) throw error;
      if (!this.#isAway) this.#order.warned?.(`${error.message} It is waited for.`);
      this.#isAway = true;
      await sleep(AWAY_MS);
      return undefined;
    }
  }

  async #next(): Promise<ChunkJob | 'busy' | 'over'> {
    const { jobs } = this.#bulk;
    const job = await jobs.take();
    if (job !== 'busy') return job;
    await this.#told();
    this.#cutting ??= this.#cut().finally(() => (this.#cutting = undefined));
    await this.#cutting;
    return jobs.take();
  }

  /** Cuts some more of the input for everybody, if there is more. */
  async #cut(): Promise<void> {
    const { input, size, jobs } = this.#bulk;
    const plan = await jobs.plan();
    if (plan.isWhole) return;
    const chunks: PlannedChunk[] = [];
    let { offset: start } = plan;
    for await (const { firstLine, lines, end, bytes } of inputChunks(input, plan, this.#linesPerChunk)) {
      chunks.push({ firstLine, lines, start, end, digest: digestOf(bytes) });
      start = end;
      if (chunks.length >= CUT_TOGETHER) break;
    }
    await jobs.extend(plan, chunks, start >= size);
  }

  async #issue(job: ChunkJob): Promise<void> {
    const { jobs, records, files } = this.#bulk;
    try {
      // Whoever had it may have died before saying that it counts.
      const counted = (await records.get(job.number)) ?? (await this.#count(job));
      await files.keep(job.number, counted);
      await jobs.settle(job.number, counted.cards);
      await this.#told();
    } catch (error) {
      await jobs.release(job);
      throw error;
    }
  }

  /** Issues a chunk and makes it count, or answers what another has made of it meanwhile. */
  async #count(job: ChunkJob): Promise<ChunkRecord> {
    const { store, ledger, kid } = this.#means;
    const { records, files } = this.#bulk;
    const { batch, product } = this.#order;
    const { first, issuedAt, issued } = await this.#begin(await this.#read(job));
    const made = await issued;
    const { rows, reasons, withoutQr } = made;
    const written = await files.write(job.number, job.agent, made);
    const { start, end, lines } = job;
    const record = { start, end, lines, cards: rows.length, withoutQr, reasons, ...written };
    const block = { kid, product, issuedAt, batch, taken: lines, rows };
    const entry = { kind: 'cards-issued', batch, kid, first, taken: lines, cards: rows.length } as const;
    try {
      await store.commit(
        [ledger.cards.blocks.put(first, block), records.add(job.number, record)],
        ledger.counted(kid),
        [entry],
      );
      return record;
    } catch (error) {
      if (!(error instanceof IssuerError) || error.code !== 'RECORD_CHANGED') throw error;
      await files.drop(written);
      const theirs = await records.get(job.number);
      if (theirs === undefined) throw error;
      return theirs;
    }
  }

  async #begin(chunk: InputChunk): ReturnType<typeof beginChunk> {
    try {
      return await beginChunk(this.#means, chunk);
    } catch (error) {
      throw roomed(error, chunk, this.#bulk.size);
    }
  }

  async #read({ start, end, firstLine, lines, digest }: ChunkJob): Promise<InputChunk> {
    const place = { offset: start, lines: firstLine - 1 };
    for await (const chunk of inputChunks(this.#bulk.input, place, lines)) {
      const isSame = chunk.end === end && chunk.lines === lines && digestOf(chunk.bytes).equals(digest);
      if (isSame) return chunk;
      break;
    }
    throw new IssuerError(
      'BULK_CHANGED',
      'The bulk of that name was begun with another input: each agent needs the same file.',
    );
  }

  async #told(): Promise<void> {
    const { jobs, size } = this.#bulk;
    this.#order.told?.({ ...(await jobs.done()), size });
  }

  get #linesPerChunk(): number {
    return this.#order.linesPerChunk ?? LINES_PER_CHUNK;
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
