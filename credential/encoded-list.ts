import {
  gzip,
  zlibInflate,
  zlibInflateEnd,
  zlibInflateInit2,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
} from 'pako';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { StatusList } from './status-list.ts';

/**
 * Inflates one gzip member (RFC 1952), at most that many bytes of it.
 *
 * FormatError MALFORMED if corrupt, truncated or followed by anything; TOO_LARGE beyond the cap, found while inflating.
 */
export type InflateGzip = (bytes: Uint8Array, maxBytes: number) => Uint8Array;

/** Multibase's prefix of base64url without padding. */
const MULTIBASE_BASE64URL = 'u';

/** zlib's windowBits for a 32 KiB window in a gzip wrapper, and nothing but gzip. */
const GZIP_WINDOW = 15 + 16;

const CHUNK_BYTES = 16_384;

/** Room for a gzip header and for data that does not compress. */
const INCOMPRESSIBLE = 1.01;
const HEADER_BYTES = 65_536;

/** The `encodedList` of a W3C Bitstring Status List (v1.0 §3.3): multibase base64url of the gzipped bits, first bit first. */
export function encodeStatusList(list: StatusList): string {
  return MULTIBASE_BASE64URL + encodeBase64url(gzip(list.bytes()));
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
  inflateGzip: InflateGzip = gunzip,
): StatusList {
  if (!text.startsWith(MULTIBASE_BASE64URL)) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The status list is not in multibase base64url.');
  }
  const maxBytes = Math.floor(maxBits / 8);
  if (text.length > ((maxBytes * INCOMPRESSIBLE + HEADER_BYTES) * 4) / 3) throw tooLarge();
  return StatusList.fromBytes(inflateGzip(decodeBase64url(text.slice(1)), maxBytes));
}

/** pako's stream by hand: its own wrapper joins further gzip members and overlooks zeros behind the last. */
function gunzip(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const stream = new ZStream();
  if (zlibInflateInit2(stream, GZIP_WINDOW) !== Z_OK) throw corrupt();
  stream.input = bytes;
  stream.next_in = 0;
  stream.avail_in = bytes.length;

  const chunks: Uint8Array[] = [];
  let length = 0;
  let status: number = Z_OK;
  while (status === Z_OK) {
    stream.output = new Uint8Array(CHUNK_BYTES);
    stream.next_out = 0;
    stream.avail_out = CHUNK_BYTES;
    // Without progress zlib answers Z_BUF_ERROR, so that a truncated stream ends the loop too.
    status = zlibInflate(stream, Z_NO_FLUSH);
    length += stream.next_out;
    if (length > maxBytes) throw tooLarge();
    chunks.push(stream.output.subarray(0, stream.next_out));
  }
  zlibInflateEnd(stream);
  if (status !== Z_STREAM_END || stream.avail_in !== 0) throw corrupt();

  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function corrupt(): FormatError {
  return new FormatError('MALFORMED', 'The status list is not one sound gzip stream.');
}

function tooLarge(): FormatError {
  return new FormatError('TOO_LARGE', 'The status list is longer than it may be.');
}
