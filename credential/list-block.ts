// One block of a status list with its way to the root: the herd of one card, without the rest. In this order:
//
//   2 bytes    c2 01: which form, which version
//   32 bytes   kid: the RFC 7638 thumbprint of the key, raw
//   LEB128     counter
//   LEB128     blocks: the length of the whole list in blocks of 131,072 bits
//   LEB128     number: which block this is, from 0
//   LEB128     count: how many bits of the block are on
//   1 byte     k, and
//   bytes      the Rice code of the gaps between the block's indices, counted from its first bit, as in the compact
//              download
//   the rest   the inclusion proof of the block (RFC 9162 §2.1.3.1): 32 bytes a hash, the lowest first, as many as number
//              and blocks ask for

import { concatBytes } from '@noble/hashes/utils.js';
import { parseWhole, type ByteStream, type Parsing } from './byte-stream.ts';
import { FormatError } from './errors.ts';
import { encodeIndexSet, parseIndexSet } from './index-set.ts';
import { encodeLeb128 } from './leb128.ts';
import { kidBytes, parseBlocks, parseKid, parseMagic } from './list-header.ts';
import { merkleProof, merkleProofLength, verifyMerkleProof } from './merkle.ts';
import { BLOCK_BITS, MAX_BLOCKS, StatusList, type ListAnchor, type ListVersion } from './status-list.ts';

const MAGIC = [0xc2, 0x01] as const;

const HASH_BYTES = 32;

/** A block of an anchored list. */
export interface ListBlock {
  /** Which block of the list it is, from 0. */
  readonly number: number;
  /** Whether the bit at an index of the whole list is on; throws RangeError outside the block. */
  readonly get: (index: number) => boolean;
}

/**
 * The anchored facts that a block is held against; the key is that of the anchor, since no root says whose it is.
 */
export type BlockAnchor = Pick<ListVersion, 'kid'> & Omit<ListAnchor, 'revoked'>;

/**
 * One block of a version of a list, with its inclusion proof; throws RangeError unless there is such a block.
 *
 * Whoever takes many blocks of one version gives the hashes of all its blocks, so that they are made once.
 */
export function blockWithProof(
  { kid, counter, list }: ListVersion,
  number: number,
  hashes: readonly Uint8Array[] = list.blockHashes(),
): Uint8Array {
  return concatBytes(
    Uint8Array.from(MAGIC),
    kidBytes(kid),
    encodeLeb128(counter),
    encodeLeb128(list.length / BLOCK_BITS),
    encodeLeb128(number),
    encodeIndexSet(list.block(number)),
    ...merkleProof(hashes, number),
  );
}

/**
 * Opens a block, if it is one of the anchored list.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT if it is another form or version; MALFORMED unless it is the one text of a block
 * of the anchored key, counter and length under the anchored root.
 */
export function openBlock(bytes: Uint8Array, anchored: BlockAnchor): ListBlock {
  const { kid, counter, blocks, number, block, path } = parseWhole(bytes, parseBlock);
  if (kid !== anchored.kid || counter !== anchored.counter || blocks * BLOCK_BITS !== anchored.length) {
    throw new FormatError('MALFORMED', 'The block is not of the anchored version of the status list.');
  }
  const leaf = { hash: block.blockHash(0), index: number, size: blocks };
  if (!verifyMerkleProof(leaf, path, anchored.root)) {
    throw new FormatError('MALFORMED', 'The block does not lead to the anchored root.');
  }
  // An index below the block is negative here, which no list holds.
  return { number, get: (index) => block.get(index - number * BLOCK_BITS) };
}

/** A block as it says of itself. */
interface ParsedBlock {
  readonly kid: string;
  readonly counter: number;
  readonly blocks: number;
  readonly number: number;
  readonly block: StatusList;
  readonly path: readonly Uint8Array[];
}

function* parseBlock(stream: ByteStream): Parsing<ParsedBlock> {
  yield* parseMagic(stream, MAGIC);
  const kid = yield* parseKid(stream);
  const counter = yield* stream.leb128();
  // Room is made for one block only, however long the list is.
  const blocks = yield* parseBlocks(stream, MAX_BLOCKS * BLOCK_BITS);
  const number = yield* stream.leb128();
  if (number >= blocks) throw new FormatError('MALFORMED', 'The status list has no block of this number.');
  const block = new StatusList(1);
  yield* parseIndexSet(stream, BLOCK_BITS, (index) => block.set(index, true));
  const path: Uint8Array[] = [];
  for (let left = merkleProofLength(number, blocks); left > 0; left--) {
    path.push(yield* stream.bytes(HASH_BYTES));
  }
  return { kid, counter, blocks, number, block, path };
}
