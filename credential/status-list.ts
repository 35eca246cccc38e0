import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { merkleRoot } from './merkle.ts';

/** Bits in a block: the herd in which a card hides, and the least length a W3C status list may have. */
export const BLOCK_BITS = 131_072;

const BLOCK_BYTES = BLOCK_BITS / 8;

/** An index has four bytes, so a list has at most 2³² bits. */
const MAX_BLOCKS = 2 ** 32 / BLOCK_BITS;

/**
 * Who is revoked under one issuer key: one bit a card, in blocks of 131,072.
 *
 * Bit i is bit 7 − (i mod 8) of byte ⌊i/8⌋, most significant first, as in W3C Bitstring Status List v1.0 §2.1.
 */
export class StatusList {
  #bytes: Uint8Array;
  #revoked = 0;

  /** An empty list of that many blocks; throws RangeError unless there are 1 to 32,768. */
  constructor(blocks: number) {
    this.#bytes = new Uint8Array(checkedBlocks(blocks) * BLOCK_BYTES);
  }

  /**
   * The list whose bits are those bytes, which are copied.
   *
   * @throws {FormatError} MALFORMED unless they are whole blocks of 16,384 bytes, at least one; TOO_LARGE beyond 2³² bits.
   */
  static fromBytes(bytes: Uint8Array): StatusList {
    if (bytes.length === 0 || bytes.length % BLOCK_BYTES !== 0) {
      throw new FormatError('MALFORMED', 'A status list is made of whole blocks of 16,384 bytes.');
    }
    const blocks = bytes.length / BLOCK_BYTES;
    if (blocks > MAX_BLOCKS) {
      throw new FormatError('TOO_LARGE', 'A status list has at most 4,294,967,296 bits.');
    }
    const list = new StatusList(blocks);
    list.#bytes.set(bytes);
    list.#revoked = countOnes(list.#bytes);
    return list;
  }

  /** The number of bits. */
  get length(): number {
    return this.#bytes.length * 8;
  }

  /** The number of bits that are on. */
  get revoked(): number {
    return this.#revoked;
  }

  /** Whether the bit at an index is on; throws RangeError beyond the list, since "not listed" is not "not revoked". */
  get(index: number): boolean {
    return (this.#byteAt(index) & maskOf(index)) !== 0;
  }

  /** Turns the bit at an index on or off; throws RangeError beyond the list. */
  set(index: number, on: boolean): void {
    const byte = this.#byteAt(index);
    if (((byte & maskOf(index)) !== 0) === on) return;
    this.#bytes[Math.floor(index / 8)] = byte ^ maskOf(index);
    this.#revoked += on ? 1 : -1;
  }

  /** Appends that many blocks of bits that are off; throws RangeError beyond 32,768 in all. */
  grow(blocks: number): void {
    const grown = new Uint8Array(
      checkedBlocks(this.#bytes.length / BLOCK_BYTES + checkedBlocks(blocks)) * BLOCK_BYTES,
    );
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** A copy of the bits, most significant first. */
  bytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /** The RFC 9162 Merkle tree hash over the blocks of 16,384 bytes: what the issuer anchors. */
  root(): Uint8Array {
    const blocks: Uint8Array[] = [];
    for (let at = 0; at < this.#bytes.length; at += BLOCK_BYTES)
      blocks.push(this.#bytes.subarray(at, at + BLOCK_BYTES));
    return merkleRoot(blocks);
  }

  #byteAt(index: number): number {
    const byte = Number.isInteger(index) ? this.#bytes[Math.floor(index / 8)] : undefined;
    if (byte === undefined) throw new RangeError('This index lies outside the status list.');
    return byte;
  }
}

/**
 * The `rid` of a card by its index in the status list: base64url of the index as four bytes, big-endian; 6 characters.
 *
 * Throws RangeError unless the index is a whole number from 0 to 2³² − 1.
 */
export function ridFromIndex(index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 32) {
    throw new RangeError('An index is a whole number of four bytes.');
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, index);
  return encodeBase64url(bytes);
}

/**
 * The index that a `rid` stands for, or undefined if it is not the canonical text of one.
 *
 * A second spelling of the same index (loose trailing bits) is refused: it would be a card that no list of rids names.
 */
export function indexFromRid(rid: string): number | undefined {
  // 36 bits hold 32: of the last character the low four are zero, which leaves A, Q, g and w.
  if (!/^[A-Za-z0-9_-]{5}[AQgw]$/.test(rid)) return undefined;
  const bytes = decodeBase64url(rid);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
}

function maskOf(index: number): number {
  return 0x80 >> (index % 8);
}

function checkedBlocks(blocks: number): number {
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > MAX_BLOCKS) {
    throw new RangeError('A status list has from 1 to 32,768 blocks.');
  }
  return blocks;
}

function countOnes(bytes: Uint8Array): number {
  let ones = 0;
  for (const byte of bytes) {
    // Most bytes of a list are zero.
    for (let rest = byte; rest !== 0; rest &= rest - 1) ones++;
  }
  return ones;
}
