import { extname } from 'node:path';
import { Piscina } from 'piscina';
import { IssuerError } from '../issuer-error.ts';
import { answering, type SignAll } from './asked-signatures.ts';
import type { AskingTask, ChunkFault } from './chunk-worker.ts';
import type { ChunkTerms, IssueChunk, IssuedChunk } from './issue-chunk.ts';

/** Threads that issue chunks. */
export interface ChunkPool {
  readonly issue: IssueChunk;
  readonly close: () => Promise<void>;
}

/** A chunk with all that is made of it takes a tenth of it. */
const MAX_THREAD_MIB = 256;

/**
 * Starts so many threads; each gets the signing key as an object, which nothing outside of this process can read, or, if
 * there is none to get, asks for its signatures: then `signAll` is called in this thread.
 */
export function chunkPool(terms: ChunkTerms, threads: number, signAll: SignAll): ChunkPool {
  const asks = terms.privateKey === undefined;
  const pool = new Piscina<AskingTask, IssuedChunk | ChunkFault>({
    filename: new URL(`./chunk-worker${extname(import.meta.url)}`, import.meta.url).href,
    name: 'issueChunk',
    minThreads: threads,
    maxThreads: threads,
    // While one chunk waits for a token, the next is made ready.
    concurrentTasksPerWorker: asks ? 2 : 1,
    resourceLimits: { maxOldGenerationSizeMb: MAX_THREAD_MIB },
    workerData: terms,
    recordTiming: false,
  });
  // A thread that dies at work fails its task.
  pool.on('error', () => undefined);
  const underWay = new Set<Promise<unknown>>();
  return {
    async issue(task) {
      const run = asks
        ? answering(signAll, async (port) =>
            // piscina wants an array here, which its declarations do not say.
            pool.run({ ...task, port }, { transferList: [port] as object }),
          )
        : pool.run(task);
      underWay.add(run);
      const issued = await run.finally(() => underWay.delete(run));
      if ('fault' in issued) throw new IssuerError(issued.fault, issued.message);
      return issued;
    },
    async close() {
      // Node aborts the whole process if a thread is ended in the middle of making a zlib stream.
      await Promise.allSettled(underWay);
      await pool.destroy();
    },
  };
}
