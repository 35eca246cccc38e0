import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { decodeUtf8, isJsonObject, parseJson } from './json.ts';
import type { P256Coordinates } from './jwk.ts';

const PREFIX = 'did:jwk:';
/** 32 bytes in base64url, without padding. */
const COORDINATE_CHARS = 43;

/**
 * The did:jwk of a P-256 key: base64url of its public JWK with the members crv, kty, x, y in this order (RFC 8785), so
 * that one key has one DID.
 * @throws FormatError MALFORMED unless both coordinates are base64url of 32 bytes
 */
export function didJwkFromKey({ x, y }: P256Coordinates): string {
  assertCoordinate(x);
  assertCoordinate(y);
  const jwk = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
  return PREFIX + encodeBase64url(new TextEncoder().encode(jwk));
}

/**
 * The key of a did:jwk that `didJwkFromKey` makes. Nothing says yet that it is a point of P-256: importing it does.
 * @throws FormatError UNSUPPORTED_FORMAT for another DID method or kind of key; MALFORMED for another spelling of the
 * same key, a private key, and everything broken
 */
export function keyFromDidJwk(did: string): P256Coordinates {
  if (!did.startsWith(PREFIX)) {
    if (/^did:[a-z0-9]+:./.test(did))
      throw new FormatError('UNSUPPORTED_FORMAT', 'The DID is not a did:jwk.');
    throw malformed();
  }
  // A P-256 key makes 180 characters; whatever is far beyond is not worth decoding.
  if (did.length > 1000) throw malformed();
  const jwk = parseJson(decodeUtf8(decodeBase64url(did.slice(PREFIX.length))));
  if (!isJsonObject(jwk)) throw malformed();
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256') {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The key of the DID is not a P-256 key.');
  }
  if (typeof x !== 'string' || typeof y !== 'string' || didJwkFromKey({ x, y }) !== did) throw malformed();
  return { x, y };
}

/** The id of the one verification method of a did:jwk (did:jwk method, "Create"): what a `kid` names. */
export function didJwkMethod(did: string): string {
  return `${did}#0`;
}

function assertCoordinate(text: string): void {
  decodeBase64url(text);
  if (text.length !== COORDINATE_CHARS) {
    throw new FormatError('MALFORMED', 'A coordinate of the key is not 32 bytes long.');
  }
}

function malformed(): FormatError {
  return new FormatError('MALFORMED', 'The DID is not the did:jwk of a P-256 key.');
}
