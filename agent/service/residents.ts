import type { Request, Response } from 'express';
import { z } from 'zod/v4';
import { addressGroup } from '../../verifier/http/address-group.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { languageFor } from '../../verifier/pipeline/words/language.ts';
import { MESSAGE_LANGUAGES, type MessageLanguage } from '../retrieval/code-message.ts';
import type { Corrections } from '../retrieval/corrections.ts';
import type { Origin, Retrieval } from '../retrieval/retrieval.ts';
import { RetrievalLimited } from '../retrieval/retrieval-limits.ts';
import { RETRIEVAL_WORDS } from '../retrieval/retrieval-words.ts';
import type { RetrievedCards } from '../retrieval/retrieved-cards.ts';
import { problemOf, PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';

/** What residents do without an account: retrieve their own passes, and have their records put right. */
export interface Residents {
  readonly retrieval: Retrieval;
  readonly cards: RetrievedCards;
  readonly corrections: Corrections;
}

/** Names, a code and a proof: nobody needs more. */
const MAX_BODY_BYTES = 16_384;

/** A language that residents are spoken to in. */
export const LANGUAGE = z
  .enum(MESSAGE_LANGUAGES)
  .optional()
  .meta({ description: 'Of messages and sentences; as Accept-Language says if it is left out.' });

/** The name of a person, as HumanName of FHIR has it. */
export const NAME = z.strictObject({ family: z.string(), given: z.array(z.string()).max(10) });

/** Problems that every address of residents may answer. */
export const RESIDENT_PROBLEMS = [
  PROBLEMS.REQUEST_INCOMPLETE,
  PROBLEMS.JSON_INVALID,
  PROBLEMS.BODY_INVALID,
  PROBLEMS.ORIGIN_NOT_ALLOWED,
  PROBLEMS.BODY_TOO_LARGE,
  PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
  PROBLEMS.RETRIEVAL_LIMITED,
  PROBLEMS.STORE_UNAVAILABLE,
  PROBLEMS.BUSY,
];

/** A body of a small size by its schema. Problem BODY_INVALID and as `readJson`, `ReadBody`. */
export async function bodyOf<T extends z.ZodType>(
  request: Request,
  readBody: ReadBody,
  schema: T,
): Promise<z.infer<T>> {
  const { data } = schema.safeParse(readJson(await readBody(request, MAX_BODY_BYTES)));
  if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
  return data;
}

/**
 * Whom a request is counted for. By the /64 one site would be 65,536 senders, who use up what all together may ask and
 * shut everybody out.
 */
export function originOf(request: Request): Origin {
  return { addressGroup: addressGroup(request.ip, 48) };
}

/** The language that was asked for in the body, or else by the browser. */
export function languageOf(request: Request, said: MessageLanguage | undefined): MessageLanguage {
  return said ?? languageFor(request.headers['accept-language']);
}

/**
 * The problem that an error is to a resident, with a sentence in the language asked for; of a limit the answer says when to
 * ask again.
 */
export function toldResident(
  error: unknown,
  response: Response,
  language: MessageLanguage,
  more: Readonly<Record<string, unknown>> = {},
): unknown {
  if (error instanceof RetrievalLimited) response.setHeader('Retry-After', String(error.retryAfter));
  const problem = problemOf(error);
  if (!(problem instanceof Problem)) return problem;
  const words: Readonly<Record<string, string>> = RETRIEVAL_WORDS[language];
  // The reason says more, where there are words for it.
  const said = [problem.reason ?? '', problem.code].find((code) => Object.hasOwn(words, code));
  const sentence = said === undefined ? undefined : words[said];
  return new Problem(problem.kind, problem.reason, {
    ...more,
    ...(sentence === undefined ? {} : { sentence }),
  });
}
