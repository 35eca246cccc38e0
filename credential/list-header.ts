import { decodeBase64url, encodeBase64url } from './base64url.ts';
import type { ByteStream, Parsing } from './byte-stream.ts';
import { FormatError } from './errors.ts';
import { BLOCK_BITS, MAX_BLOCKS } from './status-list.ts';

// What our binary forms of a status list begin with.

/** A RFC 7638 thumbprint is a SHA-256. */
const KID_BYTES = 32;

/** How long a list may be, in bits; what it says of itself is no reason to make room for it. */
export interface ListLimits {
  readonly maxBits: number;
}

/**
 * Reads the two bytes that a form begins with: which it is, and its version.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if they are others.
 */
export function* parseMagic(stream: ByteStream, [form, version]: readonly [number, number]): Parsing<void> {
  if ((yield* stream.byte()) !== form || (yield* stream.byte()) !== version) {
    throw new FormatError(
      'UNSUPPORTED_FORMAT',
      'The bytes are of another form, or of a later version of it.',
    );
  }
}

/** The bytes of a key's thumbprint; throws RangeError unless it is 43 characters of base64url. */
export function kidBytes(kid: string): Uint8Array {
  const bytes = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(kid) ? decodeBase64url(kid) : undefined;
  if (bytes === undefined) throw new RangeError('A kid is a SHA-256 thumbprint in base64url.');
  return bytes;
}

/** Reads a key's thumbprint. */
export function* parseKid(stream: ByteStream): Parsing<string> {
  return encodeBase64url(yield* stream.bytes(KID_BYTES));
}

/**
 * Reads a number of blocks (LEB128) and answers it, if that many are allowed.
 *
 * @throws {FormatError} MALFORMED if there are none; TOO_LARGE beyond `maxBits` or 2³² bits, before any room is made.
 */
export function* parseBlocks(stream: ByteStream, maxBits: number): Parsing<number> {
  const blocks = yield* stream.leb128();
  if (blocks === 0) throw new FormatError('MALFORMED', 'A status list has at least one block.');
  // Written so that a limit that is not a number allows nothing.
  if (blocks > MAX_BLOCKS || !(blocks * BLOCK_BITS <= maxBits)) {
    throw new FormatError('TOO_LARGE', 'The status list is longer than it may be.');
  }
  return blocks;
}
