import { FormatError } from './errors.ts';

/** The ECMAScript base64 methods, where the engine has them (Node ≥ 25, browsers since 2025). */
interface NativeBase64 {
  fromBase64?: (text: string, options: { alphabet: 'base64url' }) => Uint8Array<ArrayBuffer>;
  prototype: { toBase64?: (options: { alphabet: 'base64url'; omitPadding: true }) => string };
}

const native = Uint8Array as unknown as NativeBase64;
const fromBase64 = native.fromBase64?.bind(Uint8Array);
const toBase64 = native.prototype.toBase64;

/** atob builds its text in one call per slice: more arguments than this overflow some engines' stacks. */
const SLICE_BYTES = 8192;

const ALPHABET_ONLY = /^[A-Za-z0-9_-]*$/;
/** The last characters whose unused bits are zero: after 2 characters 4 bits are unused, after 3 two are. */
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

/** Encodes bytes as base64url without padding (RFC 4648 §5, RFC 7515 §2). */
export function encodeBase64url(bytes: Uint8Array): string {
  if (toBase64 !== undefined) return toBase64.call(bytes, { alphabet: 'base64url', omitPadding: true });
  let binary = '';
  for (let start = 0; start < bytes.length; start += SLICE_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(start, start + SLICE_BYTES));
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Decodes base64url and takes only the one text that `encodeBase64url` makes of those bytes (RFC 4648 §3.5, §5).
 *
 * Padding, white space, `+`, `/` and loose trailing bits are refused: each would give one signature many texts.
 * @throws FormatError MALFORMED
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> {
  const loose = text.length % 4;
  const last = text.charAt(text.length - 1);
  if (
    loose === 1 ||
    (loose === 2 && !LAST_OF_TWO.includes(last)) ||
    (loose === 3 && !LAST_OF_THREE.includes(last))
  ) {
    throw new FormatError('MALFORMED', 'The base64url text does not end on a whole byte.');
  }
  if (fromBase64 === undefined) return decodePlainly(text);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = fromBase64(text, { alphabet: 'base64url' });
  } catch {
    throw notBase64url();
  }
  // It passes over white space and padding: then there are fewer bytes than the characters make.
  if (bytes.length !== Math.floor((text.length * 3) / 4)) throw notBase64url();
  return bytes;
}

function decodePlainly(text: string): Uint8Array<ArrayBuffer> {
  if (!ALPHABET_ONLY.test(text)) throw notBase64url();
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function notBase64url(): FormatError {
  return new FormatError('MALFORMED', 'The text is not base64url.');
}
