import type { Terms } from '../../pipeline/checks.ts';
import type { Decision } from '../../pipeline/decision.ts';
import { readBytes, readText } from '../../pipeline/input.ts';
import type { Trust } from '../../pipeline/trust.ts';
import type { SourcedDecision } from '../../pipeline/verify-pieces.ts';
import type { NoTrust } from '../../pipeline/verify.ts';
import { decidePieces } from '../decide.ts';
import { readPicture } from '../read-picture.ts';
import { explain } from '../../pipeline/words.ts';
import type { Reason } from '../../pipeline/words.ts';
import type { Language } from '../../pipeline/words/language.ts';

/** What was shown: text in any form that the command line takes, or the bytes of a picture or of such text. */
export type Input = { readonly text: string } | { readonly bytes: Uint8Array };

/** A decision as HTTP gives it. */
export interface ExplainedDecision extends Decision {
  readonly reasons: readonly Reason[];
  /** The moment that validity and rules were judged at: the clock's, or the one asked about; Unix seconds. */
  readonly judgedAt: number;
}

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
  const explained = decisions.map((decision): ExplainedDecision => ({
    outcome: decision.outcome,
    codes: decision.codes,
    reasons: explain(decision, language),
    checks: decision.checks,
    form: decision.form,
    profile: decision.profile,
    issuer: decision.issuer,
    subject: decision.subject,
    trust: decision.trust,
    rules: decision.rules,
    unmet: decision.unmet,
    unwanted: decision.unwanted,
    warnings: decision.warnings,
    judgedAt: at ?? now,
  }));
  const [only] = explained;
  return only !== undefined && explained.length === 1 ? only : { decisions: explained };
}
