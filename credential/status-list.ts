import { encodeBase64url } from './base64url.ts';
import { FormatError } from './errors.ts';
import { leafHash, MerkleTree } from './merkle.ts';

/** Bits in a block: the herd in which a card hides, and the least length a W3C status list may have. */
export const BLOCK_BITS = 131_072;

const BLOCK_BYTES = BLOCK_BITS / 8;

const RID_CHARS = 6;
const NO_SEXTET = 255;
/** By character code, what base64url has it stand for (RFC 4648 section 5): every card is looked up by its rid. */
const SEXTETS = new Uint8Array(128).fill(NO_SEXTET);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
for (let value = 0; value < ALPHABET.length; value++) SEXTETS[ALPHABET.charCodeAt(value)] = value;

const EMPTY_BLOCK_HASH = leafHash(new Uint8Array(BLOCK_BYTES));

/** An index has four bytes, so a list has at most 2³² bits. */
export const MAX_BLOCKS: number = 2 ** 32 / BLOCK_BITS;

/** The status list of a key as it stands at one counter: what the issuer anchors and publishes. */
export interface ListVersion {
  /** The RFC 7638 thumbprint of the key, 43 characters. */
  readonly kid: string;
  /** A whole number, higher with each version. */
  readonly counter: number;
  readonly list: StatusList;
}

/** What an issuer anchored of a version of its status list. */
export interface ListAnchor {
  /** The RFC 9162 Merkle tree hash over the blocks, 32 bytes. */
  readonly root: Uint8Array;
  readonly counter: number;
  /** The number of bits. */
  readonly length: number;
  /** The number of bits that are on. */
  readonly revoked: number;
}

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
    if (this.get(index) !== on) this.toggle(index);
  }

  /** Turns the bit at an index off if it is on, and on if it is off; throws RangeError beyond the list. */
  toggle(index: number): void {
    const byte = this.#byteAt(index);
    this.#bytes[Math.floor(index / 8)] = byte ^ maskOf(index);
    this.#revoked += (byte & maskOf(index)) === 0 ? 1 : -1;
  }

  /** Appends that many blocks of bits that are off; throws RangeError beyond 32,768 in all. */
  grow(blocks: number): void {
    const grown = new Uint8Array(
      checkedBlocks(this.#bytes.length / BLOCK_BYTES + checkedBlocks(blocks)) * BLOCK_BYTES,
    );
    grown.set(this.#bytes);
    this.#bytes = grown;
  }

  /** A list of its own with the same bits. */
  copy(): StatusList {
    const list = new StatusList(this.#bytes.length / BLOCK_BYTES);
    list.#bytes.set(this.#bytes);
    list.#revoked = this.#revoked;
    return list;
  }

  /**
   * The list, as long as this one, of the bits that differ from an earlier one, which ends in bits that are off.
   *
   * Throws RangeError if the earlier list is the longer one: a list only grows.
   */
  changesSince(earlier: StatusList): StatusList {
    if (earlier.length > this.length) throw new RangeError('The earlier status list is the longer one.');
    const changes = this.copy();
    const [bytes, before] = [changes.#bytes, earlier.#bytes];
    for (let at = 0; at < before.length; at++) bytes[at] = (bytes[at] ?? 0) ^ (before[at] ?? 0);
    changes.#revoked = countOnes(bytes);
    return changes;
  }

  /** The indices of the bits that are on, in ascending order; the list must not change meanwhile. */
  *indices(): Generator<number, void> {
    const words = wordsOf(this.#bytes);
    for (let word = 0; word < words.length; word++) {
      // Most words of a list are zero.
      if (words[word] === 0) continue;
      for (let at = 4 * word; at < 4 * word + 4; at++) {
        for (let rest = this.#bytes[at] ?? 0; rest !== 0;) {
          const place = Math.clz32(rest) - 24;
          yield 8 * at + place;
          rest ^= 0x80 >> place;
        }
      }
    }
  }

  /** The bits of one block as a list of its own; throws RangeError beyond the list. */
  block(number: number): StatusList {
    const block = new StatusList(1);
    block.#bytes.set(this.#blockBytes(number));
    block.#revoked = countOnes(block.#bytes);
    return block;
  }

  /** The RFC 9162 hash of one block as a leaf, 32 bytes; throws RangeError beyond the list. */
  blockHash(number: number): Uint8Array {
    const block = this.#blockBytes(number);
    // Where nobody is revoked nothing need be hashed: a few bytes can claim very many such blocks.
    return wordsOf(block).every((word) => word === 0) ? EMPTY_BLOCK_HASH.slice() : leafHash(block);
  }

  /** The RFC 9162 hashes of all blocks as leaves. */
  blockHashes(): Uint8Array[] {
    return Array.from({ length: this.#bytes.length / BLOCK_BYTES }, (_, number) => this.blockHash(number));
  }

  /** A copy of the bits, most significant first. */
  bytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /** The RFC 9162 Merkle tree hash over the blocks of 16,384 bytes: what the issuer anchors. */
  root(): Uint8Array {
    const tree = new MerkleTree();
    for (const hash of this.blockHashes()) tree.append(hash);
    return tree.root();
  }

  #blockBytes(number: number): Uint8Array {
    if (!Number.isInteger(number) || number < 0 || number >= this.#bytes.length / BLOCK_BYTES) {
      throw new RangeError('This block lies outside the status list.');
    }
    return this.#bytes.subarray(number * BLOCK_BYTES, (number + 1) * BLOCK_BYTES);
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
  if (rid.length !== RID_CHARS) return undefined;
  let index = 0;
  for (let at = 0; at < RID_CHARS - 1; at++) {
    const value = SEXTETS[rid.charCodeAt(at)] ?? NO_SEXTET;
    if (value === NO_SEXTET) return undefined;
    index = 64 * index + value;
  }
  // 36 bits hold 32: of the last character the low four are zero, which leaves A, Q, g and w.
  const last = SEXTETS[rid.charCodeAt(RID_CHARS - 1)] ?? NO_SEXTET;
  return last === NO_SEXTET || last % 16 !== 0 ? undefined : 4 * index + last / 16;
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
  for (const word of wordsOf(bytes)) {
    if (word === 0) continue;
    // Sums of neighbours: bits into pairs, pairs into fours, fours into bytes, and the bytes by a product.
    const pairs = word - ((word >>> 1) & 0x5555_5555);
    const fours = (pairs & 0x3333_3333) + ((pairs >>> 2) & 0x3333_3333);
    ones += Math.imul((fours + (fours >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return ones;
}

/** The bytes of a list four at a time, in the machine's own order: for what does not ask which bit is which. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
