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
        return { source: source.name, found: await askOne(source, query, deadlineMs, signal) };
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

/** Returns in time even of a source that does not heed its signal. */
async function askOne(
  source: RecordSource,
  query: PersonQuery,
  deadlineMs: number,
  outer: AbortSignal | undefined,
): Promise<readonly Candidate[]> {
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
    const found = await Promise.race([over, source.find(query, signal)]);
    return found.map((candidate) => ({ ...candidate, source: source.name }));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', timeout);
  }
}
