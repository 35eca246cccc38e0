import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { IssuerError } from '../issuer-error.ts';
import type { ChunkFault } from './chunk-worker.ts';
import type { ChunkTask, ChunkTerms, IssueChunk, IssuedChunk } from './issue-chunk.ts';

/** Threads that issue chunks. */
export interface ChunkPool {
  readonly issue: IssueChunk;
  readonly close: () => Promise<void>;
}

/** A chunk with all that is made of it takes a tenth of it. */
const MAX_THREAD_MIB = 256;

/** Starts so many threads; each gets the signing key as an object, which nothing outside of this process can read. */
export function chunkPool(terms: ChunkTerms, threads: number): ChunkPool {
  const pool = new Piscina<ChunkTask, IssuedChunk | ChunkFault>({
    filename: new URL(`./chunk-worker${extname(import.meta.url)}`, import.meta.url).href,
    name: 'issueChunk',
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxOldGenerationSizeMb: MAX_THREAD_MIB },
    workerData: terms,
    recordTiming: false,
  });
  // A thread that dies at work fails its task.
  pool.on('error', () => undefined);
  return {
    async issue(task) {
      const issued = await pool.run(task);
      if ('fault' in issued) throw new IssuerError(issued.fault, issued.message);
      return issued;
    },
    close: () => pool.destroy(),
  };
}
