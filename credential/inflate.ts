import { zlibInflate, zlibInflateEnd, zlibInflateInit2, Z_NO_FLUSH, Z_OK, Z_STREAM_END, ZStream } from 'pako';
import { FormatError } from './errors.ts';

/** What stands around the DEFLATE data: `gzip` (RFC 1952, one member) or `zlib` (RFC 1950). */
export type Wrapper = 'gzip' | 'zlib';

/** zlib's windowBits for a 32 KiB window in that wrapper, and no other. */
const WINDOW_BITS: Readonly<Record<Wrapper, number>> = { gzip: 15 + 16, zlib: 15 };

const CHUNK_BYTES = 16_384;

/** Room for a header and for data that does not compress. */
const INCOMPRESSIBLE = 1.01;
const HEADER_BYTES = 65_536;

/**
 * Inflates a whole status list of at most that many bytes, checksum included.
 *
 * pako's stream by hand: its own functions join further gzip members and overlook zeros behind the last.
 *
 * @throws {FormatError} MALFORMED if corrupt, truncated or followed by anything; TOO_LARGE beyond the cap, found while
 * inflating.
 */
export function inflateList(bytes: Uint8Array, maxBytes: number, wrapper: Wrapper): Uint8Array {
  const stream = new ZStream();
  if (zlibInflateInit2(stream, WINDOW_BITS[wrapper]) !== Z_OK) throw corrupt();
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

/** Throws FormatError TOO_LARGE if that much base64url is more than a list of so many bytes can ever come to. */
export function checkTextLength(characters: number, maxBytes: number): void {
  if (characters > ((maxBytes * INCOMPRESSIBLE + HEADER_BYTES) * 4) / 3) throw tooLarge();
}

function corrupt(): FormatError {
  return new FormatError('MALFORMED', 'The status list is not one sound compressed stream.');
}

function tooLarge(): FormatError {
  return new FormatError('TOO_LARGE', 'The status list is longer than it may be.');
}
