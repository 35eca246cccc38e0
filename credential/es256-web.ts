import { FormatError } from './errors.ts';
import { ES256_SIGNATURE_BYTES, type Es256Verify } from './es256.ts';
import { coordinateBytes, type P256Coordinates } from './jwk.ts';

const COORDINATE_BYTES = 32;
/** SEC 1 §2.3.3: the first byte of a point that is written with both its coordinates. */
const UNCOMPRESSED = 0x04;

/**
 * Makes the ES256 verifier of one key on WebCrypto, for the browser; the key is parsed once.
 *
 * Coordinates are taken as published, with leading zero bytes left out or not.
 * @throws FormatError MALFORMED if they are not a point of P-256
 */
export async function importEs256Key(key: P256Coordinates): Promise<Es256Verify> {
  const point = await publicKey(key);
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' } as const;
  // Copied, since WebCrypto takes no view of shared memory and our types do not tell.
  return async (data, signature) =>
    signature.length === ES256_SIGNATURE_BYTES &&
    crypto.subtle.verify(algorithm, point, signature.slice(), data.slice());
}

async function publicKey(key: P256Coordinates): Promise<CryptoKey> {
  const raw = new Uint8Array(1 + 2 * COORDINATE_BYTES);
  raw[0] = UNCOMPRESSED;
  raw.set(coordinateBytes(key.x), 1);
  raw.set(coordinateBytes(key.y), 1 + COORDINATE_BYTES);
  try {
    return await crypto.subtle.importKey('raw', raw, { name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'verify',
    ]);
  } catch (error) {
    // Web Cryptography API §23.7.4: anything but DataError says nothing of the key.
    if (error instanceof DOMException && error.name === 'DataError') {
      throw new FormatError('MALFORMED', 'The key is not a point of P-256.');
    }
    throw error;
  }
}
