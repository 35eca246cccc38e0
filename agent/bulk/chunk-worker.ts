// Runs in threads of its own, called by chunk-pool.ts.

import { workerData, type MessagePort } from 'node:worker_threads';
import { IssuerError, type IssuerCode } from '../issuer-error.ts';
import { askingAt } from './asked-signatures.ts';
import {
  chunkChecker,
  chunkIssuer,
  type CheckedChunk,
  type ChunkTask,
  type ChunkTerms,
  type IssuedChunk,
} from './issue-chunk.ts';

/** An error of ours does not pass from thread to thread as what it is. */
export interface ChunkFault {
  readonly fault: IssuerCode;
  readonly message: string;
}

// Each refused record is an error, and nobody reads where it was thrown.
Error.stackTraceLimit = 0;

const issue = chunkIssuer(workerData as ChunkTerms);
const check = chunkChecker(workerData as ChunkTerms);

/** A chunk, and where to ask for its signatures if the key is not in this thread. */
export interface AskingTask extends ChunkTask {
  readonly port?: MessagePort;
}

/** Issue the cards of a chunk, or say what is wrong. */
export async function issueChunk({ port, ...task }: AskingTask): Promise<IssuedChunk | ChunkFault> {
  try {
    return await (port === undefined ? issue(task) : issue(task, askingAt(port)));
  } catch (error) {
    if (error instanceof IssuerError) return { fault: error.code, message: error.message };
    throw error;
  }
}

/** Lines that are looked at, nothing of them signed. */
export interface CheckTask {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lines: number;
  /** Unix seconds. */
  readonly now: number;
}

/** Say what would become of the lines of a chunk. */
export function checkChunk({ bytes, lines, now }: CheckTask): CheckedChunk {
  return check(bytes, lines, now);
}
