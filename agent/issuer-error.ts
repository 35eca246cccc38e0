/** Why the issuer refuses or cannot go on; a closed list. */
export type IssuerCode =
  // opening the folder
  | 'WRONG_PASSPHRASE'
  | 'PASSPHRASE_TOO_SHORT'
  | 'PASSPHRASE_MISSING'
  | 'STORE_MISSING'
  | 'STORE_EXISTS'
  | 'STORE_LOCKED'
  | 'STORE_DAMAGED'
  | 'AUDIT_BROKEN'
  | 'STORE_UNAVAILABLE'
  | 'RECORD_CHANGED'
  | 'DATABASE_INVALID'
  | 'DATABASE_UNSUITABLE'
  // keys and identifiers
  | 'KEY_UNKNOWN'
  | 'KEY_UNSUPPORTED'
  | 'KEY_IN_USE'
  | 'NO_SIGNING_KEY'
  | 'DID_UNKNOWN'
  | 'OPERATION_UNSUPPORTED'
  // keys on a token
  | 'TOKEN_BINDING_MISSING'
  | 'TOKEN_MODULE_UNUSABLE'
  | 'TOKEN_ABSENT'
  | 'TOKEN_FAULT'
  | 'TOKEN_FULL'
  | 'PIN_MISSING'
  | 'PIN_WRONG'
  | 'PIN_LOCKED'
  | 'PIN_NOT_SET'
  // issuing and revoking
  | 'ISSUER_INVALID'
  | 'POLICY_INVALID'
  | 'POLICY_MISSING'
  | 'NOT_QUALIFIED'
  | 'NOT_PLAUSIBLE'
  | 'CREDENTIAL_INVALID'
  | 'NOT_ANCHORED'
  | 'KEY_NOT_VALID'
  | 'NOT_ACCREDITED'
  | 'IDENTITY_DIFFERS'
  | 'NOT_VERIFIED'
  | 'CARD_TOO_LARGE'
  | 'CARD_UNKNOWN'
  | 'OTHER_PERSON'
  | 'RID_AMBIGUOUS'
  // the service
  | 'CLIENT_INVALID'
  | 'CLIENT_UNKNOWN'
  | 'LAST_ADMIN'
  | 'ESCALATION'
  | 'QUOTA_REACHED'
  | 'CONFIG_INVALID'
  // a bulk
  | 'BATCH_INVALID'
  | 'BATCH_UNKNOWN'
  | 'BULK_CHANGED'
  // a bulk order
  | 'ORDER_UNKNOWN'
  | 'ORDER_STATE'
  | 'ORDER_CHANGED'
  | 'ORDER_DISOWNED'
  | 'ORDER_DUPLICATE'
  | 'ORDERS_FULL'
  | 'FOUR_EYES'
  // a backup, and what a restore leaves open
  | 'BACKUP_INVALID'
  | 'RESTORED'
  | 'REVOCATIONS_MISSING'
  | 'BULK_RESTORED'
  // the chain
  | 'REGISTRY_NOT_BOUND'
  | 'ANCHOR_MISMATCH'
  | 'ANCHORING_ELSEWHERE'
  // registries of records
  | 'SOURCE_INVALID'
  | 'SOURCE_UNREACHABLE'
  | 'SOURCE_TIMEOUT'
  | 'SOURCE_REFUSED'
  | 'SOURCE_FAILED'
  | 'SOURCE_ANSWER_INVALID'
  | 'SOURCE_ANSWER_TOO_LARGE'
  | 'SOURCE_LINK_REFUSED'
  | 'RECORDS_INVALID'
  | 'SOURCE_UNKNOWN'
  | 'PATIENT_AMBIGUOUS'
  // retrieval
  | 'RETRIEVAL_INVALID'
  | 'RETRIEVAL_LIMITED'
  | 'RETRIEVAL_LOCKED'
  | 'RETRIEVAL_ENDED'
  | 'CODE_WRONG'
  | 'PROOF_INVALID'
  | 'SENDER_INVALID'
  | 'MESSAGE_REFUSED'
  | 'MESSAGE_NOT_SENT'
  | 'CORRECTION_INVALID'
  | 'CORRECTION_UNKNOWN'
  | 'CORRECTION_STATE'
  // the terminal
  | 'API_KEY_MISSING'
  | 'SERVICE_REFUSED'
  | 'SERVICE_UNAVAILABLE'
  | 'INPUT_UNREADABLE'
  | 'OUTPUT_UNWRITABLE'
  | 'INTERRUPTED';

/**
 * A refusal of the issuer: its folder, its keys, an issuance or its tie to the chain.
 *
 * The message is a plain sentence and never carries anything of a person, a credential or a secret.
 */
export class IssuerError extends Error {
  override readonly name = 'IssuerError';
  readonly code: IssuerCode;

  constructor(code: IssuerCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether a call was refused because somebody else has written its record at the same time. */
export function isChanged(error: unknown): boolean {
  return error instanceof IssuerError && error.code === 'RECORD_CHANGED';
}
