import { OUTCOME_OF_CODE } from '../../pipeline/decision.ts';
import type { CheckResult, Checks, Code, Decision, Outcome, Warning } from '../../pipeline/decision.ts';
import { explain, OUTCOME_SYMBOLS } from '../../pipeline/words.ts';
import type { Reason } from '../../pipeline/words.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { nextSteps } from '../../pipeline/words/next-steps.ts';
import type { NextStep } from '../../pipeline/words/table.ts';
import { SUPPORT_CODES } from './support-code.ts';

/** What a whole screen says: an outcome, or that the card is there to practise with. */
export type VerdictKind = Outcome | 'specimen';

/** One of the three marks under the name. */
export interface Mark {
  readonly name: 'signature' | 'status' | 'rules';
  readonly result: CheckResult;
}

/** A decision as a screen shows it. */
export interface VerdictScreen {
  readonly kind: VerdictKind;
  /** Said beside the colour and the word. */
  readonly symbol: string;
  /** Whom to compare with an ID; null where nobody is to be, or can be. */
  readonly subject: Decision['subject'];
  readonly marks: readonly Mark[];
  /** Why, the reasons that made the outcome first. */
  readonly reasons: readonly Reason[];
  readonly warnings: readonly Warning[];
  readonly steps: readonly NextStep[];
  /** Short, for the phone; empty where all is well. */
  readonly supportCode: string;
}

/** The checks that a mark sums up. */
const CHECKS_OF_MARK: Readonly<Record<Mark['name'], readonly (keyof Checks)[]>> = {
  signature: ['signature', 'issuer', 'key'],
  status: ['status'],
  rules: ['validity', 'rules'],
};

/** The worst first: what one check says against a card no other makes good. */
export const BY_WEIGHT: readonly CheckResult[] = [
  'failed',
  'undetermined',
  'not-run',
  'passed',
  'not-offered',
  'not-asked',
];

/** What the screen says of a decision, in the language of its reasons. */
export function verdictScreen(
  decision: Decision,
  { specimen, language }: { readonly specimen: boolean; readonly language: Language },
): VerdictScreen {
  const { outcome, checks, warnings } = decision;
  const decides = (code: Code): boolean => OUTCOME_OF_CODE[code] === outcome;
  const reasons = explain(decision, language).toSorted(
    (one, other) => Number(decides(other.code)) - Number(decides(one.code)),
  );
  const common = { subject: decision.subject, marks: marksOf(checks), warnings };
  // Whatever else is true of it, nobody comes in by a card that everyone has.
  if (specimen) return { ...common, kind: 'specimen', symbol: '–', reasons: [], steps: [], supportCode: '' };
  return {
    ...common,
    kind: outcome,
    symbol: OUTCOME_SYMBOLS[outcome],
    reasons: outcome === 'accepted' ? [] : reasons,
    steps: nextSteps(decision),
    supportCode:
      outcome === 'accepted'
        ? ''
        : reasons
            .filter(({ code }) => decides(code))
            .map(({ code }) => SUPPORT_CODES[code])
            .join('-'),
  };
}

function marksOf(checks: Checks): readonly Mark[] {
  return (['signature', 'status', 'rules'] as const).map((name) => {
    const results = new Set(CHECKS_OF_MARK[name].map((check) => checks[check]));
    return { name, result: BY_WEIGHT.find((result) => results.has(result)) ?? 'not-run' };
  });
}
