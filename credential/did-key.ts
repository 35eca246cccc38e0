import { FormatError } from './errors.ts';
import { encodeBase64url } from './base64url.ts';
import type { P256Coordinates } from './jwk.ts';

const PREFIX = 'did:key:z';
const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The multicodec p256-pub, 0x1200 as a varint, and a compressed point (SEC 1 §2.3.3). */
const CODEC = 0x8024n;
const POINT_BITS = 264n;
/** A P-256 key is 49 characters. */
const DID_CHARS = PREFIX.length + 48;

/** The prime and the coefficient b of P-256 (SP 800-186 §3.2.1.3). */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * The key of a did:key that holds a P-256 public key (did:key v0.7 §3.1).
 * @throws FormatError UNSUPPORTED_FORMAT for another DID method or kind of key; MALFORMED for everything broken
 */
export function keyFromDidKey(did: string): P256Coordinates {
  if (!/^did:key:z[1-9A-HJ-NP-Za-km-z]+$/.test(did)) throw unsupported();
  // Digits make a number in one way only, so that one key has one DID.
  if (did.length !== DID_CHARS) throw unsupported();
  let value = 0n;
  for (const char of did.slice(PREFIX.length)) value = value * 58n + BigInt(BASE58.indexOf(char));
  if (value >> POINT_BITS !== CODEC) throw unsupported();
  const sign = (value >> 256n) & 0xffn;
  const x = value & ((1n << 256n) - 1n);
  if ((sign !== 2n && sign !== 3n) || x >= P) throw malformed();
  const square = (x * x * x - 3n * x + B) % P;
  // P is 3 modulo 4.
  const root = power((square + P) % P, (P + 1n) / 4n);
  if ((root * root - square) % P !== 0n) throw malformed();
  const y = (root & 1n) === (sign & 1n) ? root : P - root;
  return { x: coordinate(x), y: coordinate(y) };
}

/** The id of the one verification method of a did:key: what a `kid` names. */
export function didKeyMethod(did: string): string {
  return `${did}#${did.slice('did:key:'.length)}`;
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base % P];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function coordinate(value: bigint): string {
  const hex = value.toString(16).padStart(64, '0');
  return encodeBase64url(
    Uint8Array.from({ length: 32 }, (_, at) => parseInt(hex.slice(2 * at, 2 * at + 2), 16)),
  );
}

function unsupported(): FormatError {
  return new FormatError('UNSUPPORTED_FORMAT', 'The DID is not the did:key of a P-256 key.');
}

function malformed(): FormatError {
  return new FormatError('MALFORMED', 'The key of the DID is not a point of P-256.');
}
