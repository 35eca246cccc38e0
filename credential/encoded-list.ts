import { gzip } from 'pako';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { checkTextLength, inflateList } from './inflate.ts';
import { StatusList } from './status-list.ts';

/**
 * Inflates one gzip member (RFC 1952), at most that many bytes of it.
 *
 * FormatError MALFORMED if corrupt, truncated or followed by anything; TOO_LARGE beyond the cap, found while inflating.
 */
export type InflateGzip = (bytes: Uint8Array, maxBytes: number) => Uint8Array;

/** Multibase's prefix of base64url without padding. */
const MULTIBASE_BASE64URL = 'u';

/** The `encodedList` of a W3C Bitstring Status List (v1.0 §3.3): multibase base64url of the gzipped bits, first bit first. */
export function encodeStatusList(list: StatusList): string {
  return MULTIBASE_BASE64URL + encodeBase64url(gzip(list.bytes(), { level: 9 }));
}

/**
 * Reads an `encodedList` of a W3C Bitstring Status List (v1.0 §3.4) of at most `maxBits` bits.
 *
 * @throws {FormatError} TOO_LARGE beyond `maxBits`, before more than that is inflated; UNSUPPORTED_FORMAT if it is not
 * multibase `u`; MALFORMED if the base64url is not canonical, the gzip data corrupt or followed by anything, or the
 * length not a multiple of 131,072 bits.
 */
export function decodeStatusList(
  text: string,
  maxBits: number,
  inflateGzip: InflateGzip = (bytes, maxBytes) => inflateList(bytes, maxBytes, 'gzip'),
): StatusList {
  if (!text.startsWith(MULTIBASE_BASE64URL)) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The status list is not in multibase base64url.');
  }
  const maxBytes = Math.floor(maxBits / 8);
  checkTextLength(text.length, maxBytes);
  return StatusList.fromBytes(inflateGzip(decodeBase64url(text.slice(1)), maxBytes));
}
