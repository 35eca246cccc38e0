import { deflateRawSync, inflateRawSync, type ZlibOptions } from 'node:zlib';
import type { Inflate } from './deflate.ts';
import { FormatError } from './errors.ts';

/** With `info` zlib also hands back its engine, which knows how much of the input it has used. */
type InflateWithInfo = (
  raw: Uint8Array,
  options: ZlibOptions & { info: true },
) => { readonly buffer: Buffer<ArrayBuffer>; readonly engine: { readonly bytesWritten: number } };

const inflateWithInfo = inflateRawSync as unknown as InflateWithInfo;

/** A card fits one chunk or two; zlib's default of 16 KiB costs twice the time. */
const CHUNK_BYTES = 4096;

/** `Inflate` on zlib. */
export const inflateRawNode: Inflate = (raw, maxBytes) => {
  let result: ReturnType<InflateWithInfo>;
  try {
    result = inflateWithInfo(raw, { chunkSize: CHUNK_BYTES, maxOutputLength: maxBytes, info: true });
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new FormatError('TOO_LARGE', 'The card inflates beyond its limit.');
    }
    throw new FormatError('MALFORMED', 'The compressed bytes are not raw DEFLATE, whole and uncorrupted.');
  }
  // zlib itself passes over what follows the last block: bytes that a signature covers and nobody reads.
  if (result.engine.bytesWritten !== raw.length) {
    throw new FormatError('MALFORMED', 'Other bytes follow the compressed ones.');
  }
  const { buffer } = result;
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
};

/** zlib's windows are 2^9 to 2^15 bytes; matches reach back all of one but this. */
const [MIN_WINDOW_BITS, MAX_WINDOW_BITS, LOOKAHEAD_BYTES] = [9, 15, 262];

/**
 * As `deflateRaw`, the same bytes in a fraction of the time: a card is small, so zlib gets no more memory to set up than
 * a window that holds all of it, and no more room than one chunk.
 */
export function deflateRawNode(bytes: Uint8Array): Uint8Array {
  const wanted = Math.ceil(Math.log2(bytes.length + LOOKAHEAD_BYTES));
  const windowBits = Math.min(Math.max(wanted, MIN_WINDOW_BITS), MAX_WINDOW_BITS);
  // What does not compress is stored, a few bytes longer.
  const chunkSize = Math.min(Math.max(bytes.length, MIN_CHUNK_BYTES) + STORED_BYTES, CHUNK_BYTES);
  return deflateRawSync(bytes, { level: 9, memLevel: 6, windowBits, chunkSize });
}

const [MIN_CHUNK_BYTES, STORED_BYTES] = [64, 64];
