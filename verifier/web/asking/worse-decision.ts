import { outcomeOf } from '../../pipeline/decision.ts';
import type { CheckResult, Checks, Decision, FailureCode } from '../../pipeline/decision.ts';
import { BY_WEIGHT } from '../parts/verdict.ts';
import type { ToldDecision } from './node-answers.ts';

/**
 * The page's decision with what the node found besides: the worse of the two. The node alone knows whether the question
 * was answered before; the page alone knows the newest data that it ever saw.
 */
export function worseDecision(own: Decision, told: ToldDecision): Decision {
  const failures = new Set(
    [...own.codes, ...told.codes].filter((code): code is FailureCode => code !== 'VALID'),
  );
  return {
    ...own,
    outcome: outcomeOf([...failures]),
    codes: failures.size === 0 ? ['VALID'] : [...failures],
    checks: worseChecks(own.checks, told.checks),
  };
}

/** The same with one more reason against it. */
export function withFailure(own: Decision, code: FailureCode): Decision {
  return worseDecision(own, { codes: [code], checks: own.checks });
}

function worseChecks(one: Checks, other: Checks): Checks {
  const worse = (name: keyof Checks): CheckResult =>
    BY_WEIGHT.find((result) => one[name] === result || other[name] === result) ?? 'not-run';
  return {
    signature: worse('signature'),
    issuer: worse('issuer'),
    key: worse('key'),
    validity: worse('validity'),
    status: worse('status'),
    rules: worse('rules'),
  };
}
