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
  | 'STORE_UNAVAILABLE'
  // keys and identifiers
  | 'KEY_UNKNOWN'
  | 'KEY_UNSUPPORTED'
  | 'KEY_IN_USE'
  | 'NO_SIGNING_KEY'
  | 'DID_UNKNOWN'
  | 'OPERATION_UNSUPPORTED'
  // issuing and revoking
  | 'ISSUER_INVALID'
  | 'POLICY_INVALID'
  | 'POLICY_MISSING'
  | 'NOT_QUALIFIED'
  | 'CREDENTIAL_INVALID'
  | 'NOT_ANCHORED'
  | 'KEY_NOT_VALID'
  | 'NOT_VERIFIED'
  | 'CARD_TOO_LARGE'
  | 'CARD_UNKNOWN'
  | 'RID_AMBIGUOUS'
  // a bulk
  | 'BATCH_INVALID'
  | 'BULK_CHANGED'
  // the chain
  | 'REGISTRY_NOT_BOUND'
  | 'ANCHOR_MISMATCH'
  // the terminal
  | 'INPUT_UNREADABLE'
  | 'OUTPUT_UNWRITABLE';

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
