import { explained, type ExplainedDecision } from '../../http/explained-decision.ts';
import type { Terms } from '../../pipeline/checks.ts';
import { readBytes, readText } from '../../pipeline/input.ts';
import type { Trust } from '../../pipeline/trust.ts';
import type { SourcedDecision } from '../../pipeline/verify-pieces.ts';
import type { NoTrust } from '../../pipeline/verify.ts';
import { decidePieces } from '../decide.ts';
import { readPicture } from '../read-picture.ts';
import type { Language } from '../../pipeline/words/language.ts';

/** What was shown: text in any form that the command line takes, or the bytes of a picture or of such text. */
export type Input = { readonly text: string } | { readonly bytes: Uint8Array };

/** The decision if the input held one credential, else all of them in order. */
export type Answer = ExplainedDecision | { readonly decisions: readonly ExplainedDecision[] };

/** Decide about everything in the input, with the same steps as `pratique verify`. */
export async function decideInput(
  input: Input,
  trust: Trust | NoTrust,
  terms: Terms,
): Promise<readonly SourcedDecision[]> {
  const pieces = 'text' in input ? readText(input.text) : await readBytes(input.bytes, readPicture);
  return decidePieces(
    pieces.map((piece) => ({ source: '', piece })),
    trust,
    terms,
  );
}

/** The decisions as the body of an answer: without their source, of which a request has one. */
export function answerOf(
  decisions: readonly SourcedDecision[],
  { at, now }: Pick<Terms, 'at' | 'now'>,
  language: Language,
): Answer {
  const all = decisions.map((decision) => explained(decision, { at, now }, language));
  const [only] = all;
  return only !== undefined && all.length === 1 ? only : { decisions: all };
}
