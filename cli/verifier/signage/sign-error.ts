/** Why there is no sign; a closed list. */
type SignCode =
  /** A text does not fit, and is never cut. */
  | 'SIGN_TOO_LONG'
  /** No font has one of its characters. */
  | 'GLYPH_MISSING'
  | 'OUTPUT_UNWRITABLE';

/** A sign that is not written; the message is a plain sentence. */
export class SignError extends Error {
  override readonly name = 'SignError';
  readonly code: SignCode;

  constructor(code: SignCode, message: string) {
    super(message);
    this.code = code;
  }
}
