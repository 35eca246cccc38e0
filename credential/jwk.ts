import { sha256 } from '@noble/hashes/sha2.js';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { isJsonObject } from './json.ts';

/** The two coordinates of a P-256 point: big-endian, base64url, exactly as the issuer published them. */
export interface P256Coordinates {
  readonly x: string;
  readonly y: string;
}

/** An issuer's public key as SMART Health Cards publish it. */
export interface IssuerJwk extends P256Coordinates {
  readonly kid: string;
  /** The counter of the key's card revocation list; undefined where none is offered. */
  readonly crlVersion: number | undefined;
}

const COORDINATE_BYTES = 32;
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/;
const COUNTER = /^[0-9]{1,15}$/;

/** True of 43 characters of base64url: the shape of a SHA-256 thumbprint, hence of every `kid` here. */
export function isThumbprint(text: string): boolean {
  return THUMBPRINT.test(text);
}

/**
 * The JWK thumbprint of a P-256 key, 43 characters (RFC 7638 §3), over the coordinates as published.
 *
 * Two of the 961 real keys leave out a leading zero byte, and their `kid` is the thumbprint of that short form.
 */
export function thumbprint(key: P256Coordinates): string {
  const canonical = `{"crv":"P-256","kty":"EC","x":${JSON.stringify(key.x)},"y":${JSON.stringify(key.y)}}`;
  return encodeBase64url(sha256(new TextEncoder().encode(canonical)));
}

/**
 * The 32 bytes, big-endian, of a published coordinate of 1 to 32 bytes, padded on the left.
 * @throws FormatError MALFORMED
 */
export function coordinateBytes(text: string): Uint8Array<ArrayBuffer> {
  const published = decodeBase64url(text);
  if (published.length < 1 || published.length > COORDINATE_BYTES) {
    throw new FormatError('MALFORMED', 'A coordinate of the key is not 1 to 32 bytes long.');
  }
  const bytes = new Uint8Array(COORDINATE_BYTES);
  bytes.set(published, COORDINATE_BYTES - published.length);
  return bytes;
}

/**
 * Reads one key of an issuer's key set by the SMART Health Cards rules ("Generating and resolving cryptographic keys").
 *
 * Whoever reads a set skips the entries that this refuses: real sets hold other keys beside the ES256 ones, and one
 * holds a private key. Unknown members are ignored; `x5c` too, since trust here never rests on certificates.
 * @throws FormatError UNSUPPORTED_FORMAT for a key of another kind, MALFORMED for a bad one
 */
export function parseIssuerJwk(json: unknown): IssuerJwk {
  if (!isJsonObject(json)) throw new FormatError('MALFORMED', 'The key is not a JSON object.');
  if (json['kty'] !== 'EC' || json['crv'] !== 'P-256' || json['alg'] !== 'ES256' || json['use'] !== 'sig') {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The key is not a P-256 key for ES256 signatures.');
  }
  if (Object.hasOwn(json, 'd'))
    throw new FormatError('MALFORMED', 'The key is published with its private part.');
  const { kid, x, y } = json;
  if (typeof kid !== 'string' || typeof x !== 'string' || typeof y !== 'string') {
    throw new FormatError('MALFORMED', 'The key lacks its coordinates or its kid.');
  }
  coordinateBytes(x);
  coordinateBytes(y);
  if (kid !== thumbprint({ x, y })) {
    throw new FormatError('MALFORMED', 'The kid of the key is not its thumbprint.');
  }
  return { kid, x, y, crlVersion: parseCounter(json['crlVersion']) };
}

/** Counters stand as numbers and as numeric strings in the field. */
function parseCounter(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  if (typeof value === 'string' && COUNTER.test(value)) return Number(value);
  throw new FormatError('MALFORMED', 'The counter of the revocation list is not a number.');
}
