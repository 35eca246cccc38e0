import type { Code } from '../../pipeline/decision.ts';

/**
 * What is read out over the phone: a letter for the outcome, and a number that stays what it is. New codes take new
 * numbers; none is given twice.
 */
export const SUPPORT_CODES: Readonly<Record<Code, string>> = {
  VALID: 'A1',

  EXPIRED: 'R1',
  NOT_YET_VALID: 'R2',
  SIGNATURE_INVALID: 'R3',
  ISSUER_UNKNOWN: 'R4',
  ISSUER_SUSPENDED: 'R5',
  ISSUER_WITHDRAWN: 'R6',
  ISSUER_PENDING: 'R7',
  ISSUER_NOT_ACCREDITED_AT_ISSUANCE: 'R8',
  KEY_NOT_VALID_AT_ISSUANCE: 'R9',
  KEY_COMPROMISED: 'R10',
  REVOKED: 'R11',
  RULES_NOT_MET: 'R12',
  HOLDER_NOT_PROVEN: 'R13',

  TRUST_STALE: 'C1',
  STATUS_STALE: 'C2',
  CLOCK_BEHIND: 'C3',
  TRUST_MISSING: 'C4',
  TRUST_INVALID: 'C5',
  TRUST_UNANCHORED: 'C6',
  STATUS_MISSING: 'C7',
  STATUS_INVALID: 'C8',
  RULES_UNAVAILABLE: 'C9',
  SUBJECT_UNNAMED: 'C10',

  MALFORMED: 'U1',
  UNSUPPORTED_FORMAT: 'U2',
  TOO_LARGE: 'U3',
  INCOMPLETE_QR: 'U4',
  INPUT_NOT_FOUND: 'U5',
};
