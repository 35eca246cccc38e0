import { IssuerError, type IssuerCode } from '../issuer-error.ts';

/** What a token answers (PKCS #11 v2.40, `CKR_…`), as one of our codes; anything else is TOKEN_FAULT. */
const CODE_OF_RESULT: ReadonlyMap<number, IssuerCode> = new Map([
  [0x03, 'TOKEN_ABSENT'], // SLOT_ID_INVALID
  [0x31, 'TOKEN_FULL'], // DEVICE_MEMORY
  [0x32, 'TOKEN_ABSENT'], // DEVICE_REMOVED
  [0x54, 'KEY_UNSUPPORTED'], // FUNCTION_NOT_SUPPORTED
  [0x70, 'KEY_UNSUPPORTED'], // MECHANISM_INVALID
  [0x71, 'KEY_UNSUPPORTED'], // MECHANISM_PARAM_INVALID
  [0xa0, 'PIN_WRONG'], // PIN_INCORRECT
  [0xa1, 'PIN_WRONG'], // PIN_INVALID
  [0xa2, 'PIN_WRONG'], // PIN_LEN_RANGE
  [0xa3, 'PIN_NOT_SET'], // PIN_EXPIRED
  [0xa4, 'PIN_LOCKED'],
  [0xe0, 'TOKEN_ABSENT'], // TOKEN_NOT_PRESENT
  [0xe1, 'TOKEN_ABSENT'], // TOKEN_NOT_RECOGNIZED
  [0x102, 'PIN_NOT_SET'], // USER_PIN_NOT_INITIALIZED
  [0x130, 'KEY_UNSUPPORTED'], // DOMAIN_PARAMS_INVALID
  [0x140, 'KEY_UNSUPPORTED'], // CURVE_NOT_SUPPORTED
]);

const SENTENCE: Partial<Record<IssuerCode, string>> = {
  TOKEN_ABSENT: 'The token is not there: plug it in, or start it, and try again.',
  TOKEN_FULL: 'The token has no room for another key.',
  KEY_UNSUPPORTED: 'The token makes no P-256 keys, or does not sign with them.',
  PIN_WRONG:
    'The PIN does not open the token. It was tried once; a token locks itself after a few wrong ones.',
  PIN_LOCKED: 'The PIN of the token is locked: its security officer has to set a new one.',
  PIN_NOT_SET: 'The PIN of the token has expired, or was never set.',
};

/**
 * Answers after which a new session may do: it was closed, the token was pulled, or the library was started anew. The
 * general ones are among them, since libraries differ in what they say of a token that is gone.
 */
const LOST: ReadonlySet<number> = new Set([
  0x03, // SLOT_ID_INVALID
  0x05, // GENERAL_ERROR
  0x06, // FUNCTION_FAILED
  0x30, // DEVICE_ERROR
  0x32, // DEVICE_REMOVED
  0x60, // KEY_HANDLE_INVALID
  0x82, // OBJECT_HANDLE_INVALID
  0xb0, // SESSION_CLOSED
  0xb3, // SESSION_HANDLE_INVALID
  0xe0, // TOKEN_NOT_PRESENT
  0xe1, // TOKEN_NOT_RECOGNIZED
  0x101, // USER_NOT_LOGGED_IN
  0x190, // CRYPTOKI_NOT_INITIALIZED
]);

/** The `CKR_…` of an error of the binding; undefined for any other. */
export function resultOf(error: unknown): number | undefined {
  return error instanceof Error &&
    error.name === 'Pkcs11Error' &&
    'code' in error &&
    typeof error.code === 'number'
    ? error.code
    : undefined;
}

/** Whether a token was asked for a key that it does not show. */
export function isKeyMissing(error: unknown): boolean {
  return error instanceof IssuerError && error.code === 'KEY_UNKNOWN';
}

/** Whether the same may succeed in a new session: faults of the token, among them a signature that does not verify. */
export function isLost(error: unknown): boolean {
  if (error instanceof IssuerError) {
    return error.code === 'TOKEN_ABSENT' || error.code === 'TOKEN_FAULT' || isKeyMissing(error);
  }
  const result = resultOf(error);
  return result !== undefined && LOST.has(result);
}

/** Whatever a token's library threw, as an IssuerError; the message names the result and nothing of what was signed. */
export function tokenFault(error: unknown): IssuerError {
  if (error instanceof IssuerError) return error;
  const result = resultOf(error);
  const code = CODE_OF_RESULT.get(result ?? 0) ?? 'TOKEN_FAULT';
  const said = result === undefined ? 'a fault of its library' : `0x${result.toString(16)} of PKCS #11`;
  return new IssuerError(code, SENTENCE[code] ?? `The token could not do it (${said}).`, { cause: error });
}
