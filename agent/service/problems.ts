import { z } from 'zod/v4';
import { EDGE, Problem, problemSchema, problemTable, type ProblemKind } from '../../verifier/http/problem.ts';
import { BundleError, FormatError } from '../../credential/errors.ts';
import { NotQualified } from '../card-issuance.ts';
import { IssuerError, type IssuerCode } from '../issuer-error.ts';
import { NotPlausible } from '../plausibility.ts';
import { QuotaReached } from './quotas.ts';

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
    QUERY_INVALID: [400, 'What stands behind the path is not what this address asks for; see /openapi.json.'],
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
    NOT_PLAUSIBLE: [
      422,
      'The record cannot be true of anybody, or the person has been given this card too often.',
    ],
    CARD_TOO_LARGE: [422, 'The record is too long for a card.'],
    NOT_READY: [503, 'This issuer cannot issue at the moment: its operator must see to it.'],
    FOUR_EYES: [403, 'Somebody else must decide about this order.'],
    ORDER_UNKNOWN: [404, 'There is no such order.'],
    ORDER_STATE: [409, 'The order does not stand where this could be done.'],
    ORDER_CHANGED: [409, 'This is not the input that was handed in.'],
    ORDER_DUPLICATE: [409, 'The same was handed in already, and is not over.'],
    ORDER_GONE: [410, 'The files of this order were deleted.'],
    ORDERS_FULL: [429, 'Too many orders wait to be decided about, or were handed in today.'],
    CLIENT_UNKNOWN: [404, 'There is no such client.'],
    CLIENT_INVALID: [
      422,
      'The client cannot be taken: its name, its scopes or its keys are not as they must be.',
    ],
    ESCALATION: [403, 'Nobody can give more than they may do themselves.'],
    LAST_ADMIN: [
      409,
      'The last client that may keep clients cannot be disabled here, but where the folder is.',
    ],
    QUOTA_REACHED: [429, 'This client has done what its quota lets it do for now.'],
    SOURCE_UNAVAILABLE: [503, 'A registry of records did not answer as it should; nothing was issued.'],
    STORE_UNAVAILABLE: [503, 'The store of this issuer cannot be written at the moment; nothing was done.'],
    // retrieval and corrections
    PROOF_INVALID: [400, 'This is no proof, made now and for this retrieval, by the key of the DID.'],
    CODE_WRONG: [403, 'This is not the code that was sent.'],
    RETRIEVAL_LOCKED: [
      403,
      'There were too many wrong codes for this person; a correction request leads on.',
    ],
    CORRECTION_UNKNOWN: [404, 'There is no request of this number.'],
    CORRECTION_STATE: [409, 'The request is at its end, or somebody else works on it.'],
    RETRIEVAL_ENDED: [410, 'This retrieval is over; begin again.'],
    RETRIEVAL_INVALID: [
      422,
      'A name, a date of birth (YYYY-MM-DD) and a ZIP code of five digits are needed; of a code its eight digits.',
    ],
    HOLDER_INVALID: [
      422,
      'A Pass is bound to a did:jwk or did:key of a P-256 key: nobody could prove to hold any other.',
    ],
    HOLDER_NOT_BOUND: [422, 'A Pass Plus is bound to no wallet; ask for it without a holder.'],
    CORRECTION_INVALID: [422, 'This is not a tracking number, or the request is too long.'],
    RETRIEVAL_LIMITED: [429, 'Too many tries; try again later.'],
  }),
};

/** What may happen at any address that takes JSON of a client who says who they are. */
export const CLIENT_JSON_PROBLEMS: readonly ProblemKind[] = [
  PROBLEMS.REQUEST_INCOMPLETE,
  PROBLEMS.JSON_INVALID,
  PROBLEMS.BODY_INVALID,
  PROBLEMS.UNAUTHORIZED,
  PROBLEMS.SCOPE_MISSING,
  PROBLEMS.ORIGIN_NOT_ALLOWED,
  PROBLEMS.BODY_TOO_LARGE,
  PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
];

export const PROBLEM = problemSchema(Object.keys(PROBLEMS), {
  sentence: z.string().optional().meta({ description: 'For the resident, in the language asked for.' }),
  retrieval: z
    .strictObject({ token: z.string(), until: z.number() })
    .optional()
    .meta({ description: 'The retrieval is open: its token asks for another product, or again.' }),
  product: z.string().optional(),
  details: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .optional()
    .meta({ description: 'What the refusal of a product rests on.' }),
});

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
  CLIENT_UNKNOWN: PROBLEMS.CLIENT_UNKNOWN,
  CLIENT_INVALID: PROBLEMS.CLIENT_INVALID,
  ESCALATION: PROBLEMS.ESCALATION,
  LAST_ADMIN: PROBLEMS.LAST_ADMIN,
  ORDER_UNKNOWN: PROBLEMS.ORDER_UNKNOWN,
  ORDER_STATE: PROBLEMS.ORDER_STATE,
  ORDER_CHANGED: PROBLEMS.ORDER_CHANGED,
  ORDER_DUPLICATE: PROBLEMS.ORDER_DUPLICATE,
  ORDERS_FULL: PROBLEMS.ORDERS_FULL,
  // What holds the key is away: nothing is wrong with what was asked.
  TOKEN_BINDING_MISSING: PROBLEMS.NOT_READY,
  TOKEN_MODULE_UNUSABLE: PROBLEMS.NOT_READY,
  TOKEN_ABSENT: PROBLEMS.NOT_READY,
  TOKEN_FAULT: PROBLEMS.NOT_READY,
  PIN_MISSING: PROBLEMS.NOT_READY,
  PIN_WRONG: PROBLEMS.NOT_READY,
  PIN_LOCKED: PROBLEMS.NOT_READY,
  PIN_NOT_SET: PROBLEMS.NOT_READY,
  AUDIT_BROKEN: PROBLEMS.STORE_UNAVAILABLE,
  STORE_DAMAGED: PROBLEMS.STORE_UNAVAILABLE,
  STORE_UNAVAILABLE: PROBLEMS.STORE_UNAVAILABLE,
  PROOF_INVALID: PROBLEMS.PROOF_INVALID,
  CODE_WRONG: PROBLEMS.CODE_WRONG,
  RETRIEVAL_LOCKED: PROBLEMS.RETRIEVAL_LOCKED,
  RETRIEVAL_ENDED: PROBLEMS.RETRIEVAL_ENDED,
  RETRIEVAL_INVALID: PROBLEMS.RETRIEVAL_INVALID,
  RETRIEVAL_LIMITED: PROBLEMS.RETRIEVAL_LIMITED,
  CORRECTION_UNKNOWN: PROBLEMS.CORRECTION_UNKNOWN,
  CORRECTION_INVALID: PROBLEMS.CORRECTION_INVALID,
  CORRECTION_STATE: PROBLEMS.CORRECTION_STATE,
  STORE_LOCKED: PROBLEMS.STORE_UNAVAILABLE,
  DATABASE_UNSUITABLE: PROBLEMS.STORE_UNAVAILABLE,
  RECORD_CHANGED: PROBLEMS.BUSY,
};

/** The problem that an error of the issuer is over HTTP; any other is given back as it is. */
export function problemOf(error: unknown): unknown {
  if (error instanceof BundleError || error instanceof FormatError) {
    return new Problem(PROBLEMS.RECORD_INVALID, error.code);
  }
  if (error instanceof NotPlausible) return new Problem(PROBLEMS.NOT_PLAUSIBLE, error.reason);
  if (error instanceof NotQualified)
    return new Problem(PROBLEMS.NOT_QUALIFIED, String(error.details['reason']));
  if (error instanceof QuotaReached) {
    return new Problem(PROBLEMS.QUOTA_REACHED, undefined, {}, error.retryAfter);
  }
  const kind = error instanceof IssuerError ? KIND_OF_CODE[error.code] : undefined;
  return kind === undefined ? error : new Problem(kind);
}
