// The compact download of a status list, the fewest bytes of all its forms. In this order:
//
//   2 bytes    cc 01: which form, which version
//   32 bytes   kid: the RFC 7638 thumbprint of the key, raw
//   LEB128     counter, at most 2^53 - 1
//   LEB128     blocks: the length of the list in blocks of 131,072 bits, 1 to 32,768
//   LEB128     count: how many bits are on, at most the length
//   1 byte     k, the parameter of the Rice code: the one that riceParameter gives for length and count
//   the rest   for each bit that is on, in ascending order, its gap (index - previous - 1, of the first the index itself):
//              gap / 2^k rounded down as ones ended by a zero, gap mod 2^k in k bits; the most significant bit first,
//              padded with zeros to a byte
//
// LEB128 is unsigned and in its shortest form, so that one version of a list has one text: anything else is refused.
// docs/formats/compact-status-list.md has an example of this form and of those beside it.

import { concatBytes } from '@noble/hashes/utils.js';
import { ChunkReader, parseWhole, type ByteStream, type Parsing } from './byte-stream.ts';
import { encodeIndexSet, parseIndexSet } from './index-set.ts';
import { encodeLeb128 } from './leb128.ts';
import { kidBytes, parseBlocks, parseKid, parseMagic, type ListLimits } from './list-header.ts';
import { MerkleTree } from './merkle.ts';
import { BLOCK_BITS, StatusList, type ListVersion } from './status-list.ts';

/** Neither UTF-8 nor gzip nor zlib begins so. */
const MAGIC = [0xcc, 0x01] as const;

/** A version of a list with the root that its bits have: whether the issuer anchored it is not known yet. */
export interface CompactList extends ListVersion {
  readonly root: Uint8Array;
}

/** The compact download of a version of a list; throws RangeError unless kid and counter are such. */
export function encodeCompactList({ kid, counter, list }: ListVersion): Uint8Array {
  return concatBytes(
    Uint8Array.from(MAGIC),
    kidBytes(kid),
    encodeLeb128(counter),
    encodeLeb128(list.length / BLOCK_BITS),
    encodeIndexSet(list),
  );
}

/**
 * Reads a compact download whole.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if it is another form or version; TOO_LARGE beyond `maxBits`, before any room
 * is made for the list; MALFORMED unless it is the one text of a list.
 */
export function decodeCompactList(bytes: Uint8Array, limits: ListLimits): CompactList {
  return parseWhole(bytes, (stream) => parseCompactList(stream, limits));
}

/** A reader of a compact download that comes in chunks; it refuses as {@link decodeCompactList} does, at the first chunk that shows why. */
export function compactListReader(limits: ListLimits): ChunkReader<CompactList> {
  return new ChunkReader((stream) => parseCompactList(stream, limits));
}

function* parseCompactList(stream: ByteStream, { maxBits }: ListLimits): Parsing<CompactList> {
  yield* parseMagic(stream, MAGIC);
  const kid = yield* parseKid(stream);
  const counter = yield* stream.leb128();
  const blocks = yield* parseBlocks(stream, maxBits);
  const [list, tree] = [new StatusList(blocks), new MerkleTree()];
  let hashed = 0;
  const hashUpTo = (block: number): void => {
    while (hashed < block) tree.append(list.blockHash(hashed++));
  };
  yield* parseIndexSet(stream, list.length, (index) => {
    // Indices ascend: the blocks before this one's are complete, and still in the processor's cache.
    hashUpTo(Math.floor(index / BLOCK_BITS));
    list.toggle(index);
  });
  hashUpTo(blocks);
  return { kid, counter, list, root: tree.root() };
}
