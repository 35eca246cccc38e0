import {
  deflateRaw as pakoDeflateRaw,
  Z_BUF_ERROR,
  Z_FINISH,
  Z_OK,
  Z_STREAM_END,
  zlibInflate,
  zlibInflateInit2,
  ZStream,
} from 'pako';
import { FormatError } from './errors.ts';

/** The most bytes a card may inflate to: ten times the largest official example, still cheap to hold and parse. */
export const MAX_CARD_BYTES = 262_144;

/**
 * Inflates one raw DEFLATE stream (RFC 1951) to at most `maxBytes` bytes (≥ 1), stopping as soon as it has more.
 *
 * Throws FormatError MALFORMED if the stream is corrupt, cut short or followed by other bytes, TOO_LARGE over the cap.
 */
export type Inflate = (raw: Uint8Array, maxBytes: number) => Uint8Array;

/** Output is taken in pieces of this many bytes: what inflates beyond the cap is at most one piece. */
const PIECE_BYTES = 4096;

/** RFC 1951 without the zlib header, with the largest window. */
const RAW_WINDOW_BITS = -15;

/** `Inflate` in plain JavaScript, for the browser. */
export const inflateRaw: Inflate = (raw, maxBytes) => {
  const stream = new ZStream();
  zlibInflateInit2(stream, RAW_WINDOW_BITS);
  stream.input = raw;
  stream.avail_in = raw.length;

  const pieces: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    stream.output = new Uint8Array(PIECE_BYTES);
    stream.next_out = 0;
    stream.avail_out = PIECE_BYTES;
    const status = zlibInflate(stream, Z_FINISH);
    if (status !== Z_OK && status !== Z_STREAM_END && status !== Z_BUF_ERROR) {
      throw new FormatError('MALFORMED', 'The compressed bytes are not raw DEFLATE.');
    }
    // Faults before size, as zlib judges each piece: the two adapters refuse alike.
    if (status !== Z_STREAM_END && stream.avail_out > 0) {
      throw new FormatError('MALFORMED', 'The compressed bytes are cut short.');
    }
    total += stream.next_out;
    if (total > maxBytes) throw new FormatError('TOO_LARGE', 'The card inflates beyond its limit.');
    pieces.push(stream.output.subarray(0, stream.next_out));
    if (status === Z_STREAM_END) break;
  }
  if (stream.avail_in > 0) throw new FormatError('MALFORMED', 'Other bytes follow the compressed ones.');
  return concatenate(pieces, total);
};

/** Compresses to one raw DEFLATE stream (RFC 1951) at the highest level: every byte counts in a QR. */
export function deflateRaw(bytes: Uint8Array): Uint8Array {
  return pakoDeflateRaw(bytes, { level: 9 });
}

function concatenate(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const first = pieces[0];
  if (pieces.length === 1 && first !== undefined) return first;
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
