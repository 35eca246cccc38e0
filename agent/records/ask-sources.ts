import { IssuerError, type IssuerCode } from '../issuer-error.ts';
import type { Candidate, PersonQuery, RecordSource } from './record-source.ts';

/** What several sources together know. */
export interface SourcesAnswer {
  /** In the order of the sources. */
  readonly candidates: readonly Candidate[];
  /** Sources that answered whole, by name. */
  readonly asked: readonly string[];
  /** Sources that did not: of a person who is not among the candidates they leave open whether a record exists. */
  readonly unasked: readonly { readonly source: string; readonly code: IssuerCode }[];
}

/**
 * Asks all sources at once, each for so many milliseconds at most; never rejects: a source that is down does not hide
 * what the others know, and a fault of ours in an adapter is SOURCE_FAILED.
 */
export async function askSources(
  sources: readonly RecordSource[],
  query: PersonQuery,
  { deadlineMs, signal }: { readonly deadlineMs: number; readonly signal?: AbortSignal },
): Promise<SourcesAnswer> {
  const answers = await Promise.all(
    sources.map(async (source) => {
      try {
        const found = await inTime((own) => source.find(query, own), deadlineMs, signal);
        return { source: source.name, found: found.map((one) => ({ ...one, source: source.name })) };
      } catch (error) {
        return { source: source.name, code: error instanceof IssuerError ? error.code : 'SOURCE_FAILED' };
      }
    }),
  );
  return {
    candidates: answers.flatMap(({ found = [] }) => found),
    asked: answers.flatMap(({ source, code }) => (code === undefined ? source : [])),
    unasked: answers.flatMap(({ source, code }) => (code === undefined ? [] : { source, code })),
  };
}

/**
 * What a source answers within so many milliseconds; returns in time even of one that does not heed its signal.
 *
 * IssuerError SOURCE_TIMEOUT.
 */
export async function inTime<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>,
  deadlineMs: number,
  outer?: AbortSignal,
): Promise<Answer> {
  const late = new AbortController();
  const signal = outer === undefined ? late.signal : AbortSignal.any([late.signal, outer]);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timeout = (): void => {
    reject(new IssuerError('SOURCE_TIMEOUT', 'A source of records did not answer in time.'));
  };
  signal.addEventListener('abort', timeout, { once: true });
  if (signal.aborted) timeout();
  const timer = setTimeout(() => {
    late.abort();
  }, deadlineMs);
  try {
    return await Promise.race([over, ask(signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', timeout);
  }
}
