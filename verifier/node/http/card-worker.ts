// Runs in threads of its own, called by card-pool.ts.

import type { Terms } from '../../pipeline/checks.ts';
import { answerOf, decideInput } from './decide-input.ts';
import type { Input } from './decide-input.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { linesOf } from './line-block.ts';
import type { LineBlock } from './line-block.ts';
import { Problem, problemDetail } from '../../http/problem.ts';
import type { ProblemKind } from '../../http/problem.ts';
import { PROBLEMS } from './problems.ts';
import { trustReader } from './shared-trust.ts';
import type { TaskTrust } from './shared-trust.ts';
import { count, emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { nameOfAsked, readVerifyRequest } from './verify-request.ts';
import type { Asked, VerifyRequest } from './verify-request.ts';

/** One input that is too much work for the thread that answers everybody. */
export interface InputTask {
  readonly trust: TaskTrust;
  readonly terms: Terms;
  readonly language: Language;
  readonly input: Input;
}

/** The body of a request, not yet read: to parse megabytes of JSON is work as well. */
export interface BodyTask {
  readonly trust: TaskTrust;
  /** As those of LinesTask. */
  readonly terms: ReadonlyMap<string, Terms>;
  readonly language: Language;
  readonly body: Uint8Array;
}

/** A body that is no request; a Problem does not pass from thread to thread as what it is. */
export interface Refused {
  readonly refused: ProblemKind;
}

/** Lines of a batch. */
export interface LinesTask {
  readonly trust: TaskTrust;
  /** The terms for what lines ask, by `nameOfAsked`. */
  readonly terms: ReadonlyMap<string, Terms>;
  readonly language: Language;
  readonly lines: LineBlock;
}

/** JSON text, and what was decided in numbers. */
export interface Answered {
  readonly text: string;
  readonly tally: Tally;
}

/** Lines that ask for terms which were not given with them: the venue's policy lives in another thread. */
export interface TermsWanted {
  readonly wanted: readonly Asked[];
}

const trustOf = trustReader();

/** Decide about one input. */
export async function decideOne({ trust, terms, language, input }: InputTask): Promise<Answered> {
  const decisions = await decideInput(input, trustOf(trust), terms);
  const tally = emptyTally();
  count(tally, decisions);
  return { text: JSON.stringify(answerOf(decisions, terms, language)), tally };
}

/** Decide about what a body asks. */
export async function decideBody({
  body,
  terms: known,
  ...task
}: BodyTask): Promise<Answered | TermsWanted | Refused> {
  const request = read(body);
  if ('code' in request) return { refused: request };
  const terms = known.get(nameOfAsked(request.asked));
  return terms === undefined
    ? { wanted: [request.asked] }
    : decideOne({ ...task, terms, input: request.input });
}

/** Decide about lines; each gets one line of answer, and a fault of one is that line's alone. */
export async function decideLines(task: LinesTask): Promise<Answered | TermsWanted> {
  const requests = Array.from(linesOf(task.lines), read);
  const wanted = requests.flatMap((request) =>
    'code' in request || task.terms.has(nameOfAsked(request.asked)) ? [] : [request.asked],
  );
  if (wanted.length > 0) return { wanted };

  const trust = trustOf(task.trust);
  const tally = emptyTally();
  let text = '';
  for (const request of requests) {
    text += await answer(request);
    text += '\n';
  }
  return { text, tally };

  async function answer(request: VerifyRequest | ProblemKind): Promise<string> {
    if ('code' in request) return problemLine(request);
    const terms = task.terms.get(nameOfAsked(request.asked));
    if (terms === undefined) return problemLine(PROBLEMS.INTERNAL);
    try {
      const decisions = await decideInput(request.input, trust, terms);
      const line = JSON.stringify(answerOf(decisions, terms, task.language));
      count(tally, decisions);
      return line;
    } catch {
      return problemLine(PROBLEMS.INTERNAL);
    }
  }
}

function read(line: Uint8Array | 'too-large'): VerifyRequest | ProblemKind {
  if (line === 'too-large') return PROBLEMS.LINE_TOO_LARGE;
  try {
    return readVerifyRequest(line);
  } catch (error) {
    return error instanceof Problem ? error.kind : PROBLEMS.INTERNAL;
  }
}

function problemLine(kind: ProblemKind): string {
  return JSON.stringify(problemDetail(kind));
}
