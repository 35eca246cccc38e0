/** Why an input is not a card this product reads; every code makes the decision `unreadable`. */
export type FormatCode = 'MALFORMED' | 'UNSUPPORTED_FORMAT' | 'TOO_LARGE' | 'INCOMPLETE_QR';

/**
 * Bytes or text that are not what their standard asks for.
 *
 * The message is a plain sentence about the rule that was broken and never carries anything of the credential.
 */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly code: FormatCode;

  constructor(code: FormatCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why a FHIR bundle cannot be made into a card; a closed list. */
export type BundleCode =
  | 'BUNDLE_MALFORMED'
  | 'PATIENT_MISSING'
  | 'PATIENT_NOT_UNIQUE'
  | 'PATIENT_UNNAMED'
  | 'BIRTH_DATE_INVALID'
  | 'DATE_IMPLAUSIBLE'
  | 'NOTHING_ATTESTED'
  | 'PLACEHOLDER'
  | 'NOT_MINIMAL'
  | 'PROFILE_BROKEN'
  | 'REFERENCE_UNRESOLVED';

/** A FHIR bundle that an issuer must not sign. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
  readonly code: BundleCode;

  constructor(code: BundleCode, message: string) {
    super(message);
    this.code = code;
  }
}
