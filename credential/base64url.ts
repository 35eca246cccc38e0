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

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** By a byte of ASCII text, what base64url has it stand for; negative where it stands for nothing. */
const SEXTETS = new Int8Array(256).fill(-1);
for (let value = 0; value < ALPHABET.length; value++) SEXTETS[ALPHABET.charCodeAt(value)] = value;

/** The last characters whose unused bits are zero: after 2 characters 4 bits are unused, after 3 two are. */
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';

const utf8 = new TextEncoder();

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
  if (fromBase64 === undefined) {
    const ascii = utf8.encode(text);
    return decodeBase64urlBytes(ascii, 0, ascii.length);
  }
  const loose = text.length % 4;
  const last = text.charAt(text.length - 1);
  if (
    loose === 1 ||
    (loose === 2 && !LAST_OF_TWO.includes(last)) ||
    (loose === 3 && !LAST_OF_THREE.includes(last))
  ) {
    throw looseEnd();
  }
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

/**
 * `decodeBase64url` of a text that is at hand as bytes, from one place in them up to another.
 *
 * Not by the engine's method, though that is the faster one: V8's leaves the wide registers of the processor in a state
 * in which the SHA-256 that comes next takes longer than all of this (4 µs for a card on an Intel Xeon).
 * @throws FormatError MALFORMED
 */
export function decodeBase64urlBytes(ascii: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
  const loose = (end - start) % 4;
  const bytes = new Uint8Array(Math.floor(((end - start) * 3) / 4));
  let to = 0;
  // Negative as soon as one character is: each stands for six bits, or for -1, which sets all.
  let seen = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const four =
      (sextet(ascii[at]) << 18) |
      (sextet(ascii[at + 1]) << 12) |
      (sextet(ascii[at + 2]) << 6) |
      sextet(ascii[at + 3]);
    seen |= four;
    bytes[to] = four >> 16;
    bytes[to + 1] = four >> 8;
    bytes[to + 2] = four;
    to += 3;
  }
  if (loose > 0) {
    // Missing characters count as A, zero; what they and the unused bits come to must be zero.
    const four =
      (sextet(ascii[at]) << 18) |
      (loose > 1 ? sextet(ascii[at + 1]) << 12 : 0) |
      (loose > 2 ? sextet(ascii[at + 2]) << 6 : 0);
    seen |= four;
    if (loose === 1 || (four & (loose === 2 ? 0xffff : 0xff)) !== 0) throw looseEnd();
    bytes[to] = four >> 16;
    if (loose === 3) bytes[to + 1] = four >> 8;
  }
  if (seen < 0) throw notBase64url();
  return bytes;
}

function sextet(byte: number | undefined): number {
  return SEXTETS[byte ?? 0] ?? -1;
}

function looseEnd(): FormatError {
  return new FormatError('MALFORMED', 'The base64url text does not end on a whole byte.');
}

function notBase64url(): FormatError {
  return new FormatError('MALFORMED', 'The text is not base64url.');
}
