import { extname } from 'node:path';
import type { Venue } from '../venue.ts';
import type { Answered, BodyTask, InputTask, LinesTask, Refused, TermsWanted } from './card-worker.ts';
import type { Input } from './decide-input.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { linesOf } from './line-block.ts';
import type { LineBlock } from './line-block.ts';
import { Problem, problemDetail } from '../../http/problem.ts';
import { PROBLEMS } from './problems.ts';
import { trustSharer } from './shared-trust.ts';
import { emptyTally } from './tally.ts';
import { nameOfAsked } from './verify-request.ts';
import type { Asked } from './verify-request.ts';

/** What lines of a batch ask, by name; kept from one call to the next so that terms are sent along. */
export type KnownAsked = Map<string, Asked>;

/** Threads that decide, for work that would keep everybody else waiting. */
export interface CardPool {
  readonly threads: number;
  /** @throws Problem BUSY if more waits than is sensible, INTERNAL if the thread died */
  readonly decideOne: (input: Input, asked: Asked, language: Language) => Promise<Answered>;
  /** As decideOne, of the JSON of a request that is yet to be read; @throws also what readVerifyRequest does */
  readonly decideBody: (body: Uint8Array, language: Language) => Promise<Answered>;
  /** One line of answer for each, in order; never rejects: a dead thread makes INTERNAL of its lines. */
  readonly decideLines: (lines: LineBlock, known: KnownAsked, language: Language) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

/** The functions of card-worker.ts, wherever they run. */
interface Runner {
  readonly decideOne: (task: InputTask) => Promise<Answered>;
  readonly decideBody: (task: BodyTask) => Promise<Answered | TermsWanted | Refused>;
  readonly decideLines: (task: LinesTask) => Promise<Answered | TermsWanted>;
  readonly close?: () => Promise<void>;
}

/** Beyond it a request is better told to come again: a picture may take half a second. */
const MAX_WAITING = 64;
/** A thread that outgrows this dies alone; the largest trust data needs a fraction. */
const MAX_THREAD_MIB = 512;
/** More different questions in one batch are forgotten and asked again. */
const MAX_KNOWN = 64;

/**
 * A pool of threads, started with the first work for it.
 *
 * @param threads 0 to do all work in the thread that asks, on a machine of one core
 */
export function cardPool(venue: Venue, threads: number): CardPool {
  const share = trustSharer();
  let started: Promise<Runner> | undefined;
  const runner = async (): Promise<Runner> =>
    (started ??= threads === 0 ? import('./card-worker.ts') : startThreads(threads));

  const runLines = async (
    lines: LinesTask['lines'],
    known: KnownAsked,
    language: Language,
  ): Promise<Answered | TermsWanted> => {
    const { decideLines } = await runner();
    const terms = new Map([...known].map(([name, asked]) => [name, venue.terms(asked)]));
    return decideLines({ trust: share(venue.trust()), terms, language, lines });
  };

  return {
    threads,
    async decideOne(input, asked, language) {
      const { decideOne } = await runner();
      return decideOne({ trust: share(venue.trust()), terms: venue.terms(asked), language, input });
    },
    async decideBody(body, language) {
      const { decideBody } = await runner();
      const run = (asked: Asked): Promise<Answered | TermsWanted | Refused> => {
        const terms = new Map([[nameOfAsked(asked), venue.terms(asked)]]);
        return decideBody({ trust: share(venue.trust()), terms, language, body });
      };
      let answer = await run({});
      const [asked] = 'wanted' in answer ? answer.wanted : [];
      if (asked !== undefined) answer = await run(asked);
      if ('text' in answer) return answer;
      throw new Problem('refused' in answer ? answer.refused : PROBLEMS.INTERNAL);
    },
    async decideLines(lines, known, language) {
      try {
        // Other lines of the batch are under way at the same time and may make it forget.
        const given = new Map(known);
        const first = await runLines(lines, given, language);
        if ('text' in first) return first;
        const wanted = new Map([{}, ...first.wanted].map((asked) => [nameOfAsked(asked), asked]));
        if (known.size + wanted.size > MAX_KNOWN) known.clear();
        for (const [name, asked] of wanted) known.set(name, asked);
        const second = await runLines(lines, new Map([...given, ...wanted]), language);
        if ('text' in second) return second;
      } catch {
        // The thread died; which line it died of nobody knows.
      }
      const problem = `${JSON.stringify(problemDetail(PROBLEMS.INTERNAL))}\n`;
      return { text: problem.repeat([...linesOf(lines)].length), tally: emptyTally() };
    },
    async close() {
      await (await started)?.close?.();
    },
  };
}

/** piscina loads when it is needed: a venue that scans card by card does without. */
async function startThreads(threads: number): Promise<Runner> {
  const { Piscina } = await import('piscina');
  const pool = new Piscina<InputTask | BodyTask | LinesTask, unknown>({
    filename: new URL(`./card-worker${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    // Whatever kills a thread then takes one request's work with it.
    concurrentTasksPerWorker: 1,
    resourceLimits: { maxOldGenerationSizeMb: MAX_THREAD_MIB },
    recordTiming: false,
  });
  // A thread that dies at work fails its task; one that dies at rest is replaced, and nobody misses it.
  pool.on('error', () => undefined);
  // Batches wait for their turn; whoever sends one thing alone can be told at once.
  const refuseWhenFull = (): void => {
    if (pool.queueSize >= MAX_WAITING) throw new Problem(PROBLEMS.BUSY);
  };
  return {
    async decideOne(task) {
      refuseWhenFull();
      return (await pool.run(task, { name: 'decideOne' })) as Answered;
    },
    async decideBody(task) {
      refuseWhenFull();
      return (await pool.run(task, { name: 'decideBody' })) as Answered | TermsWanted | Refused;
    },
    decideLines: async (task) => (await pool.run(task, { name: 'decideLines' })) as Answered | TermsWanted,
    close: () => pool.destroy(),
  };
}
