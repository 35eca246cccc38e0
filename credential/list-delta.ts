// The change of a status list between two of its counters. In this order:
//
//   2 bytes    c4 01: which form, which version
//   4 bytes    the first of the key's thumbprint: against mixing up, no more; what counts is the anchored root
//   LEB128     the counter it starts from
//   LEB128     how many counters it goes on, at least 1
//   LEB128     blocks: the length of the list afterwards in blocks of 131,072 bits
//   LEB128     count: how many bits differ; what the list grew by was off before
//   1 byte     k, and
//   the rest   the Rice code of the gaps between the indices that differ, as in the compact download

import { concatBytes } from '@noble/hashes/utils.js';
import { parseWhole, type ByteStream, type Parsing } from './byte-stream.ts';
import { FormatError } from './errors.ts';
import { RiceDecoder, type RiceCode } from './golomb-rice.ts';
import { encodeIndexSet, parseIndices, parseRiceCode } from './index-set.ts';
import { encodeLeb128 } from './leb128.ts';
import { kidBytes, parseBlocks, parseMagic, type ListLimits } from './list-header.ts';
import { BLOCK_BITS, type ListAnchor, type ListVersion, type StatusList } from './status-list.ts';

const MAGIC = [0xc4, 0x01] as const;

const KID_START_BYTES = 4;

/** As much of a code is decoded at a time. */
const PIECE_BYTES = 64;

/** A version of a list whose key is said elsewhere. */
type KeyedVersion = Omit<ListVersion, 'kid'>;

/** What changed in a list from one counter to a later one. */
export interface ListDelta {
  /** The first four bytes of the key's thumbprint. */
  readonly kidStart: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** The number of bits afterwards. */
  readonly length: number;
  /** The indices of the bits that differ, ascending. */
  readonly indices: Iterable<number>;
}

/**
 * The change of a key's list from an earlier version to a later one.
 *
 * Throws RangeError unless kid and counters are such, the later counter is higher and its list at least as long.
 */
export function encodeListDelta(kid: string, earlier: KeyedVersion, later: KeyedVersion): Uint8Array {
  if (!(later.counter > earlier.counter)) throw new RangeError('A later version has a higher counter.');
  return concatBytes(
    Uint8Array.from(MAGIC),
    kidBytes(kid).subarray(0, KID_START_BYTES),
    encodeLeb128(earlier.counter),
    encodeLeb128(later.counter - earlier.counter),
    encodeLeb128(later.list.length / BLOCK_BITS),
    encodeIndexSet(later.list.changesSince(earlier.list)),
  );
}

/**
 * Reads a change.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if it is another form or version; TOO_LARGE if the list has more than `maxBits`
 * afterwards; MALFORMED unless it is the one text of a change.
 */
export function decodeListDelta(bytes: Uint8Array, limits: ListLimits): ListDelta {
  const { code, codeBytes, ...delta } = parseWhole(bytes, (stream) => parseListDelta(stream, limits));
  // The code comes last. A copy: the caller may change its bytes.
  return { ...delta, indices: new RiceIndices(bytes.slice(bytes.length - codeBytes), code) };
}

/**
 * The anchored version of a list, from the one that is held and the changes between, in their order; of none, the held
 * version itself. The held list stays as it is.
 *
 * @throws {FormatError} MALFORMED if a change is of another key, does not start where the one before ended, shortens the
 * list, or the last does not end at the anchored counter with the anchored length, number and root.
 */
export function applyListDeltas(
  held: ListVersion,
  deltas: readonly ListDelta[],
  anchored: ListAnchor,
): ListVersion {
  const kidStart = kidBytes(held.kid).subarray(0, KID_START_BYTES);
  const list = held.list.copy();
  let { counter } = held;
  for (const delta of deltas) {
    if (!delta.kidStart.every((byte, i) => byte === kidStart[i])) throw refused('is of another key');
    if (delta.from !== counter) throw refused('does not start at the version before it');
    if (delta.length < list.length) throw refused('shortens the list');
    // Before there is room for it.
    if (delta.length > anchored.length) throw refused('makes the list longer than is anchored');
    apply(delta, list);
    counter = delta.to;
  }
  if (counter !== anchored.counter) throw refused('to the anchored version is missing');
  // Counting is done already, hashing is not.
  if (list.length !== anchored.length || list.revoked !== anchored.revoked || !hasRoot(list, anchored.root)) {
    throw refused('does not lead to the anchored list');
  }
  return { kid: held.kid, counter, list };
}

function apply({ length, indices }: ListDelta, list: StatusList): void {
  if (length > list.length) list.grow((length - list.length) / BLOCK_BITS);
  for (const index of indices) list.toggle(index);
}

function hasRoot(list: StatusList, root: Uint8Array): boolean {
  const own = list.root();
  return own.length === root.length && own.every((byte, i) => byte === root[i]);
}

/** A change as it is read: the code of its indices, and how many bytes that has. */
interface ParsedDelta extends Omit<ListDelta, 'indices'> {
  readonly code: RiceCode;
  readonly codeBytes: number;
}

function* parseListDelta(stream: ByteStream, { maxBits }: ListLimits): Parsing<ParsedDelta> {
  yield* parseMagic(stream, MAGIC);
  const kidStart = yield* stream.bytes(KID_START_BYTES);
  const from = yield* stream.leb128();
  const on = yield* stream.leb128();
  if (on === 0 || !Number.isSafeInteger(from + on)) {
    throw new FormatError('MALFORMED', 'The change does not lead to a higher counter.');
  }
  const length = BLOCK_BITS * (yield* parseBlocks(stream, maxBits));
  const code = yield* parseRiceCode(stream, length);
  const codeBytes = stream.waiting;
  yield* parseIndices(stream, code, () => undefined);
  return { kidStart, from, to: from + on, length, code, codeBytes };
}

/**
 * The indices of a code that was read before, decoded each time: a byte can hold eight of them, and a hostile change must
 * not take more room than its bytes.
 */
class RiceIndices implements Iterable<number> {
  readonly #bytes: Uint8Array;
  readonly #code: RiceCode;

  constructor(bytes: Uint8Array, code: RiceCode) {
    this.#bytes = bytes;
    this.#code = code;
  }

  *[Symbol.iterator](): Generator<number, void> {
    const found: number[] = [];
    const decoder = new RiceDecoder(this.#code, (index) => found.push(index));
    for (let at = 0; at < this.#bytes.length; at += PIECE_BYTES) {
      decoder.push(this.#bytes.subarray(at, at + PIECE_BYTES));
      yield* found;
      found.length = 0;
    }
  }
}

function refused(why: string): FormatError {
  return new FormatError('MALFORMED', `A change of the status list ${why}.`);
}
