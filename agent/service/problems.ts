import { EDGE, Problem, problemSchema, problemTable, type ProblemKind } from '../../verifier/http/problem.ts';
import { BundleError, FormatError } from '../../credential/errors.ts';
import { NotQualified } from '../card-issuance.ts';
import { IssuerError, type IssuerCode } from '../issuer-error.ts';

/** Every way a request to an issuer's service can fail. */
export const PROBLEMS = {
  ...EDGE,
  ...problemTable({
    CLIENT_ASSERTION_INVALID: [
      400,
      'The assertion is not one of a client of ours, is over, or was used before.',
    ],
    GRANT_UNSUPPORTED: [400, 'Tokens are given for client_credentials with a JWT assertion.'],
    SCOPE_INVALID: [400, 'The client may not have one of the scopes that it asks for.'],
    IDEMPOTENCY_KEY_INVALID: [400, 'The Idempotency-Key is up to 80 visible characters.'],
    UNAUTHORIZED: [401, 'Say who you are by an access token or an API key.'],
    SCOPE_MISSING: [403, 'You are known here, and may not do this.'],
    CARD_UNKNOWN: [404, 'This issuer has issued no such card.'],
    PATIENT_UNKNOWN: [404, 'No registry of this issuer knows a patient of this id.'],
    NO_CARD_FILE: [406, 'A Pass is no SMART Health Card, and has no file for wallets; ask for JSON.'],
    PATIENT_AMBIGUOUS: [
      409,
      'Several registries know a patient of this id, and nobody can say who is meant.',
    ],
    RID_AMBIGUOUS: [409, 'Cards of several keys carry this rid; say the id of the card.'],
    IDEMPOTENCY_KEY_REUSED: [422, 'Something else was asked under this Idempotency-Key.'],
    RECORD_INVALID: [422, 'The record is none that may be signed.'],
    OTHER_PERSON: [422, 'The card to be replaced is of another person than this record.'],
    NOT_REINSTATED: [422, 'A revoked card is issued anew, never re-instated.'],
    NOT_QUALIFIED: [422, 'The record does not qualify for this product.'],
    CARD_TOO_LARGE: [422, 'The record is too long for a card.'],
    NOT_READY: [503, 'This issuer cannot issue at the moment: its operator must see to it.'],
    SOURCE_UNAVAILABLE: [503, 'A registry of records did not answer as it should; nothing was issued.'],
    STORE_UNAVAILABLE: [503, 'The store of this issuer cannot be written at the moment; nothing was done.'],
  }),
};

export const PROBLEM = problemSchema(Object.keys(PROBLEMS));

/** What the issuer's refusals are over HTTP; the rest is INTERNAL. */
const KIND_OF_CODE: Partial<Record<IssuerCode, ProblemKind>> = {
  CARD_UNKNOWN: PROBLEMS.CARD_UNKNOWN,
  RID_AMBIGUOUS: PROBLEMS.RID_AMBIGUOUS,
  CARD_TOO_LARGE: PROBLEMS.CARD_TOO_LARGE,
  OTHER_PERSON: PROBLEMS.OTHER_PERSON,
  CREDENTIAL_INVALID: PROBLEMS.RECORD_INVALID,
  PATIENT_AMBIGUOUS: PROBLEMS.PATIENT_AMBIGUOUS,
  SOURCE_UNREACHABLE: PROBLEMS.SOURCE_UNAVAILABLE,
  SOURCE_TIMEOUT: PROBLEMS.SOURCE_UNAVAILABLE,
  SOURCE_REFUSED: PROBLEMS.SOURCE_UNAVAILABLE,
  SOURCE_FAILED: PROBLEMS.SOURCE_UNAVAILABLE,
  SOURCE_ANSWER_INVALID: PROBLEMS.SOURCE_UNAVAILABLE,
  SOURCE_ANSWER_TOO_LARGE: PROBLEMS.SOURCE_UNAVAILABLE,
  SOURCE_LINK_REFUSED: PROBLEMS.SOURCE_UNAVAILABLE,
  POLICY_MISSING: PROBLEMS.NOT_READY,
  NO_SIGNING_KEY: PROBLEMS.NOT_READY,
  NOT_ANCHORED: PROBLEMS.NOT_READY,
  ANCHOR_MISMATCH: PROBLEMS.NOT_READY,
  NOT_ACCREDITED: PROBLEMS.NOT_READY,
  IDENTITY_DIFFERS: PROBLEMS.NOT_READY,
  RESTORED: PROBLEMS.NOT_READY,
  KEY_NOT_VALID: PROBLEMS.NOT_READY,
  NOT_VERIFIED: PROBLEMS.NOT_READY,
  AUDIT_BROKEN: PROBLEMS.STORE_UNAVAILABLE,
  STORE_DAMAGED: PROBLEMS.STORE_UNAVAILABLE,
  STORE_UNAVAILABLE: PROBLEMS.STORE_UNAVAILABLE,
};

/** The problem that an error of the issuer is over HTTP; any other is given back as it is. */
export function problemOf(error: unknown): unknown {
  if (error instanceof BundleError || error instanceof FormatError) {
    return new Problem(PROBLEMS.RECORD_INVALID, error.code);
  }
  if (error instanceof NotQualified)
    return new Problem(PROBLEMS.NOT_QUALIFIED, String(error.details['reason']));
  const kind = error instanceof IssuerError ? KIND_OF_CODE[error.code] : undefined;
  return kind === undefined ? error : new Problem(kind);
}
