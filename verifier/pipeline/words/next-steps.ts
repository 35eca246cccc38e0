import { OUTCOME_OF_CODE } from '../decision.ts';
import type { Code, Decision } from '../decision.ts';
import type { NextStep } from './table.ts';

const REFUSE = ['do-not-accept'] as const;
const RENEW = ['do-not-accept', 'renew-card'] as const;
const SYNCHRONISE = ['synchronise', 'ask-other-proof'] as const;
const OPERATOR = ['tell-operator', 'ask-other-proof'] as const;

/** What each code asks of whoever scanned; the same in every language. */
const STEPS_OF_CODE: Readonly<Record<Code, readonly NextStep[]>> = {
  VALID: ['compare-id'],
  EXPIRED: RENEW,
  NOT_YET_VALID: REFUSE,
  SIGNATURE_INVALID: REFUSE,
  ISSUER_UNKNOWN: REFUSE,
  ISSUER_SUSPENDED: REFUSE,
  ISSUER_WITHDRAWN: REFUSE,
  ISSUER_PENDING: REFUSE,
  ISSUER_NOT_ACCREDITED_AT_ISSUANCE: REFUSE,
  KEY_NOT_VALID_AT_ISSUANCE: RENEW,
  KEY_COMPROMISED: RENEW,
  REVOKED: RENEW,
  RULES_NOT_MET: REFUSE,
  HOLDER_NOT_PROVEN: REFUSE,
  TRUST_STALE: SYNCHRONISE,
  STATUS_STALE: SYNCHRONISE,
  CLOCK_BEHIND: ['set-clock', 'ask-other-proof'],
  TRUST_MISSING: SYNCHRONISE,
  TRUST_INVALID: SYNCHRONISE,
  TRUST_UNANCHORED: OPERATOR,
  STATUS_MISSING: SYNCHRONISE,
  STATUS_INVALID: OPERATOR,
  RULES_UNAVAILABLE: OPERATOR,
  SUBJECT_UNNAMED: ['ask-other-proof'],
  MALFORMED: ['scan-again'],
  UNSUPPORTED_FORMAT: ['ask-for-card'],
  TOO_LARGE: ['ask-for-card'],
  INCOMPLETE_QR: ['scan-all-parts'],
  INPUT_NOT_FOUND: ['check-path'],
};

/** What to do after a decision, each step once: only the codes that made its outcome have a say. */
export function nextSteps({ outcome, codes }: Pick<Decision, 'outcome' | 'codes'>): readonly NextStep[] {
  const deciding = codes.filter((code) => OUTCOME_OF_CODE[code] === outcome);
  return [...new Set(deciding.flatMap((code) => STEPS_OF_CODE[code]))];
}
