import { z } from 'zod/v4';
import type { Terms } from '../pipeline/checks.ts';
import { OUTCOME_OF_CODE } from '../pipeline/decision.ts';
import type { Code, Decision, RulesFault, Unwanted, Warning } from '../pipeline/decision.ts';
import { explain, wordsOf, type Reason } from '../pipeline/words.ts';
import type { Language } from '../pipeline/words/language.ts';

/** A decision as HTTP gives it. */
export interface ExplainedDecision extends Decision {
  readonly reasons: readonly Reason[];
  /** The moment that validity and rules were judged at: the clock's, or the one asked about; Unix seconds. */
  readonly judgedAt: number;
}

/** A decision with its reasons in a language, and without whatever else stands beside it. */
export function explained(
  decision: Decision,
  { at, now }: Pick<Terms, 'at' | 'now'>,
  language: Language,
): ExplainedDecision {
  return {
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
  };
}

const WORDS = wordsOf('en');
const codes = z.enum(Object.keys(OUTCOME_OF_CODE) as [Code, ...Code[]]);
const warnings = z.enum(Object.keys(WORDS.warnings) as [Warning, ...Warning[]]);
const check = z.enum(['passed', 'failed', 'undetermined', 'not-offered', 'not-asked', 'not-run']);
const rulesFaults = z.enum(Object.keys(WORDS.rulesFaults) as [RulesFault, ...RulesFault[]]);
/** By the tag of their language. */
const sentences = z.record(z.string(), z.string());

/** One decision: design section 6. */
export const DECISION = z
  .strictObject({
    outcome: z.enum(['accepted', 'rejected', 'undetermined', 'unreadable']),
    codes: z.array(codes).min(1),
    checks: z.strictObject({
      signature: check,
      issuer: check,
      key: check,
      validity: check,
      status: check,
      rules: check,
    }),
    form: z.enum(['health-card', 'pass', 'vc+jwt', 'vc-jwt']).nullable(),
    profile: z.enum(['pass', 'pass-plus']).nullable(),
    issuer: z
      .strictObject({ did: z.string(), iss: z.string(), name: z.string(), jurisdiction: z.string() })
      .nullable(),
    subject: z.strictObject({ name: z.string(), birthDate: z.string().nullable() }).nullable(),
    trust: z
      .strictObject({
        anchored: z.boolean(),
        ageSeconds: z.number(),
        chainId: z.number().nullable(),
        registry: z.string().nullable(),
        block: z.number().nullable(),
      })
      .nullable(),
    rules: z
      .strictObject({ set: z.string(), version: z.string().nullable(), fault: rulesFaults.nullable() })
      .nullable()
      .meta({
        description: 'The acceptance rules that the card was held against; null where none were asked for.',
      }),
    unmet: z.array(
      z.strictObject({
        set: z.string(),
        rule: z.string().nullable(),
        asks: sentences,
        remedy: sentences.nullable(),
      }),
    ),
    unwanted: z.array(z.enum(Object.keys(WORDS.unwanted) as [Unwanted, ...Unwanted[]])),
    warnings: z.array(warnings),
    reasons: z.array(z.strictObject({ code: codes, text: z.string().min(1) })).min(1),
    judgedAt: z.number().meta({
      description: 'The moment that validity and rules were judged at: now, or the `at` of the request.',
    }),
  })
  .meta({ id: 'Decision' });
