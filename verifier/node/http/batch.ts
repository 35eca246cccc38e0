import type { Request, Response } from 'express';
import type { CardPool, KnownAsked } from './card-pool.ts';
import type { Answered } from './card-worker.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { hasLines, lineCutter } from './line-block.ts';
import type { LineBlock } from './line-block.ts';
import { problemDetail } from '../../http/problem.ts';
import type { ProblemKind } from '../../http/problem.ts';
import { PROBLEMS } from './problems.ts';
import { requestChunks } from './request-chunks.ts';
import type { ChunksEnd } from './request-chunks.ts';
import type { Tally } from './tally.ts';

/** Blocks of lines, each what a socket gave at once, in work or waiting to be written, per thread: enough that none waits for another. */
const BLOCKS_PER_THREAD = 3;

/** What answering a batch needs. */
export interface BatchEnvironment {
  readonly pool: CardPool;
  readonly language: Language;
  readonly stopping: AbortSignal;
  /** Longest wait for a whole line, in milliseconds. */
  readonly idleMs: number;
  readonly counted: (tally: Tally) => void;
}

/**
 * Answer lines as they come, one line of answer each, in order.
 *
 * Reading stops while answers wait to be taken, so memory does not grow with the batch. What ends it early is said in
 * a last line; every line read before has its answer by then.
 */
export async function answerBatch(
  request: Request,
  response: Response,
  { pool, language, stopping, idleMs, counted }: BatchEnvironment,
): Promise<void> {
  const known: KnownAsked = new Map([['', {}]]);
  const most = BLOCKS_PER_THREAD * Math.max(1, pool.threads);
  const blocks = new Array<Promise<Answered>>();
  const turn = turnstile();
  const reading = read();
  await write();
  const ended = await reading;
  const problem = PROBLEM_OF_END[ended];
  if (problem !== undefined) response.write(`${JSON.stringify(problemDetail(problem))}\n`);
  response.end(() => {
    // Of a body that was not read to its end the rest would be taken for the next request.
    if (ended !== 'end') request.socket.destroySoon();
  });

  async function read(): Promise<ChunksEnd> {
    const cutter = lineCutter();
    const chunks = requestChunks(request, { idleMs, stopping });
    let ofUse = false;
    try {
      for (;;) {
        const { done, value } = await chunks.next(ofUse);
        if (done === true) {
          if (value === 'end') await decide(cutter.end());
          return value;
        }
        const lines = cutter.push(value);
        ofUse = lines !== undefined && hasLines(lines);
        if (ofUse) await decide(lines);
      }
    } finally {
      turn.close();
    }
  }

  async function decide(lines: LineBlock | undefined): Promise<void> {
    if (lines === undefined || !hasLines(lines)) return;
    while (blocks.length >= most && !response.destroyed) await turn.next();
    blocks.push(pool.decideLines(lines, known, language));
    turn.pass();
  }

  async function write(): Promise<void> {
    for (;;) {
      const block = blocks[0];
      if (block === undefined) {
        if (turn.closed()) return;
        await turn.next();
        continue;
      }
      const { text, tally } = await block;
      counted(tally);
      if (!response.write(text)) await drained(response);
      void blocks.shift();
      turn.pass();
    }
  }
}

const PROBLEM_OF_END: Readonly<Record<ChunksEnd, ProblemKind | undefined>> = {
  end: undefined,
  gone: undefined,
  timeout: PROBLEMS.REQUEST_TIMEOUT,
  stopping: PROBLEMS.STOPPING,
};

/** Reader and writer wake each other. */
function turnstile(): {
  readonly next: () => Promise<void>;
  readonly pass: () => void;
  readonly close: () => void;
  readonly closed: () => boolean;
} {
  let waiting: (() => void)[] = [];
  let closed = false;
  const pass = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    next: () => new Promise((resolve) => waiting.push(resolve)),
    pass,
    close() {
      closed = true;
      pass();
    },
    closed: () => closed,
  };
}

/** Whoever reads has taken enough of it, or is gone. */
async function drained(response: Response): Promise<void> {
  if (response.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });
}
