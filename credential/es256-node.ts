import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { ES256_SIGNATURE_BYTES } from './es256.ts';
import { coordinateBytes, type P256Coordinates } from './jwk.ts';

/**
 * Makes the ES256 verifier of one key on node:crypto; the key is parsed once.
 *
 * Coordinates are taken as published, with leading zero bytes left out or not.
 * @throws FormatError MALFORMED if they are not a point of P-256
 */
export function importEs256Key(key: P256Coordinates): (data: Uint8Array, signature: Uint8Array) => boolean {
  const point = { key: publicKey(key), dsaEncoding: 'ieee-p1363' } as const;
  return (data, signature) =>
    signature.length === ES256_SIGNATURE_BYTES && verify('sha256', data, point, signature);
}

function publicKey(key: P256Coordinates): KeyObject {
  const x = encodeBase64url(coordinateBytes(key.x));
  const y = encodeBase64url(coordinateBytes(key.y));
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
  } catch {
    throw new FormatError('MALFORMED', 'The key is not a point of P-256.');
  }
}
