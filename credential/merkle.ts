import { sha256 } from '@noble/hashes/sha2.js';

/** RFC 9162 §2.1.1: leaves and nodes are hashed apart, so that no node can be passed off as a leaf. */
const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

const HASH_BYTES = 32;

/**
 * The Merkle tree hash of a list of leaves, SHA-256, 32 bytes (RFC 9162 §2.1.1); of no leaves, SHA-256 of nothing.
 */
export function merkleRoot(leaves: Iterable<Uint8Array>): Uint8Array {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.append(leafHash(leaf));
  return tree.root();
}

/** The hash of one leaf, SHA-256, 32 bytes (RFC 9162 §2.1.1). */
export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256.create().update(LEAF).update(leaf).digest();
}

/** The Merkle tree hash of leaves that come one after the other, of which it keeps one hash a bit of their number. */
export class MerkleTree {
  /** The roots of the full subtrees from the left, the largest first: one for each bit of the size that is on. */
  readonly #full: Uint8Array[] = [];
  #size = 0;

  /** Appends a leaf by its hash. */
  append(hash: Uint8Array): void {
    let root = hash;
    // As in a carry: each full subtree of the size reached so far is joined with the one to its left.
    for (let size = this.#size; size % 2 === 1; size = Math.floor(size / 2)) {
      root = nodeHash(this.#full.pop() ?? root, root);
    }
    this.#full.push(root);
    this.#size += 1;
  }

  /** The root over the leaves so far (RFC 9162 §2.1.1); more can be appended afterwards. */
  root(): Uint8Array {
    const root = this.#full.reduceRight<Uint8Array | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    );
    // A copy: what a caller does to it must not change the tree.
    return root?.slice() ?? sha256(new Uint8Array());
  }
}

/**
 * The inclusion proof of one leaf, from the hashes of all: the hashes beside its way up, the lowest first (RFC 9162
 * §2.1.3.1).
 *
 * Throws RangeError if there is no leaf of that index.
 */
export function merkleProof(hashes: readonly Uint8Array[], index: number): Uint8Array[] {
  checkPlace(index, hashes.length);
  const path: Uint8Array[] = [];
  let level = hashes;
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const beside = level[at % 2 === 0 ? at + 1 : at - 1];
    // The last of an odd level has none beside it and goes up as it is.
    if (beside !== undefined) path.push(beside);
    level = parents(level);
  }
  return path;
}

/**
 * The number of hashes in the inclusion proof of a leaf of that index among `size` leaves.
 *
 * Throws RangeError if there is no leaf of that index.
 */
export function merkleProofLength(index: number, size: number): number {
  checkPlace(index, size);
  let hashes = 0;
  for (let at = index, last = size - 1; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    if (at % 2 === 1 || at < last) hashes++;
  }
  return hashes;
}

/**
 * Whether the leaf of that hash is number `index` of the `size` leaves under a root, by its inclusion proof (RFC 9162
 * §2.1.3.2).
 *
 * False for whatever is not a proof of that, also for an index beyond the size or a path of another length.
 */
export function verifyMerkleProof(
  leaf: { readonly hash: Uint8Array; readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  const { hash, index, size } = leaf;
  if (!isPlace(index, size) || path.length !== merkleProofLength(index, size)) return false;
  let up = hash;
  let [at, last, taken] = [index, size - 1, 0];
  for (; last > 0; at = Math.floor(at / 2), last = Math.floor(last / 2)) {
    const onTheRight = at % 2 === 1;
    if (!onTheRight && at === last) continue;
    const beside = path[taken++];
    if (beside?.length !== HASH_BYTES) return false;
    up = onTheRight ? nodeHash(beside, up) : nodeHash(up, beside);
  }
  return up.length === root.length && up.every((byte, i) => byte === root[i]);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256.create().update(NODE).update(left).update(right).digest();
}

/** Pairing from the left and carrying an odd node up is RFC 9162's split at the largest power of two, without recursion. */
function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i], level[i + 1]];
    if (left === undefined) break;
    above.push(right === undefined ? left : nodeHash(left, right));
  }
  return above;
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(size) && Number.isSafeInteger(index) && index >= 0 && index < size;
}

function checkPlace(index: number, size: number): void {
  if (!isPlace(index, size)) throw new RangeError('There is no leaf of this index.');
}
