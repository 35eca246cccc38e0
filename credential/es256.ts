import type { P256Coordinates } from './jwk.ts';

/**
 * Says whether the 64 bytes r ‖ s (big-endian) are an ES256 signature over the data (RFC 7518 §3.4).
 *
 * ES256 signatures are malleable: a high s is as good as its low twin, so a signature never names a card.
 */
export type Es256Verify = (data: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;

/** Makes the verifier of one public key; throws FormatError MALFORMED if it is not a point of P-256. */
export type ImportEs256Key = (key: P256Coordinates) => Es256Verify | Promise<Es256Verify>;

/** Length of an ES256 signature in bytes: r and s, 32 each (RFC 7518 §3.4). */
export const ES256_SIGNATURE_BYTES = 64;
