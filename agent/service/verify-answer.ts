import { z } from 'zod/v4';
import { DECISION, explained, type ExplainedDecision } from '../../verifier/http/explained-decision.ts';
import type { CheckResult, Code, Decision } from '../../verifier/pipeline/decision.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import type { VerifyAsked } from './verify-request.ts';

/** Where W3C has a name for what is wrong (VCDM 2.0 section 7.2, VCALM section 3.8); the others are `about:blank`. */
const TYPE_OF_CODE: Partial<Record<Code, string>> = {
  SIGNATURE_INVALID: 'https://www.w3.org/TR/vc-data-model#CRYPTOGRAPHIC_SECURITY_ERROR',
  MALFORMED: 'https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR',
  UNSUPPORTED_FORMAT: 'https://www.w3.org/TR/vc-data-model#PARSING_ERROR',
  INCOMPLETE_QR: 'https://www.w3.org/TR/vc-data-model#PARSING_ERROR',
  TOO_LARGE: 'https://www.w3.org/TR/vc-data-model#RANGE_ERROR',
};

const VERIFIED = z.strictObject({ verified: z.boolean() });

/** What VCALM has for the single steps, as far as they were taken. */
const RESULTS = z.strictObject({
  proof: z.array(VERIFIED),
  validFrom: VERIFIED.optional(),
  validUntil: VERIFIED.optional(),
  credentialStatus: z.array(VERIFIED),
});

export const VERIFY_ANSWER = z
  .strictObject({
    verified: z
      .boolean()
      .meta({ description: 'Whether every credential was accepted, with nothing left open.' }),
    decisions: z
      .array(DECISION)
      .min(1)
      .meta({ description: 'One for each credential that was shown, in order.' }),
    problemDetails: z
      .array(
        z.strictObject({
          type: z.string(),
          title: z.string(),
          detail: z.string(),
          code: z.string(),
          credential: z.number().meta({ description: 'Which decision it belongs to, from 0.' }),
        }),
      )
      .optional(),
    results: z.array(RESULTS).optional(),
  })
  .meta({ id: 'Verification' });

/** The answer of VCALM (section 3.3.1) to decisions that were made at a moment; Unix seconds. */
export function verifyAnswer(
  decisions: readonly Decision[],
  { problems, results }: Pick<VerifyAsked, 'problems' | 'results'>,
  { now, language }: { readonly now: number; readonly language: Language },
): z.infer<typeof VERIFY_ANSWER> {
  const all = decisions.map((decision) => explained(decision, { now }, language));
  return {
    verified: all.length > 0 && all.every(({ outcome }) => outcome === 'accepted'),
    decisions: structuredClone(all) as z.infer<typeof DECISION>[],
    ...(problems ? { problemDetails: all.flatMap(problemsOf) } : {}),
    ...(results ? { results: all.map(resultsOf) } : {}),
  };
}

function problemsOf(
  { reasons, outcome }: ExplainedDecision,
  credential: number,
): NonNullable<z.infer<typeof VERIFY_ANSWER>['problemDetails']> {
  if (outcome === 'accepted') return [];
  return reasons.map(({ code, text }) => ({
    type: TYPE_OF_CODE[code] ?? 'about:blank',
    title: code,
    detail: text,
    code,
    credential,
  }));
}

function resultsOf({ checks, codes }: ExplainedDecision): z.infer<typeof RESULTS> {
  return {
    proof: taken(checks.signature),
    ...(checks.validity === 'not-run'
      ? {}
      : {
          validFrom: { verified: !codes.includes('NOT_YET_VALID') },
          validUntil: { verified: !codes.includes('EXPIRED') },
        }),
    credentialStatus: taken(checks.status),
  };
}

/** What was not offered, or not reached, has no result. */
function taken(check: CheckResult): { readonly verified: boolean }[] {
  return check === 'not-run' || check === 'not-offered' ? [] : [{ verified: check === 'passed' }];
}
