import { sha256 } from '@noble/hashes/sha2.js';

/** RFC 9162 §2.1.1: leaves and nodes are hashed apart, so that no node can be passed off as a leaf. */
const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/**
 * The Merkle tree hash of a list of leaves, SHA-256, 32 bytes (RFC 9162 §2.1.1); of no leaves, SHA-256 of nothing.
 */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  let level: readonly Uint8Array[] = leaves.map((leaf) => sha256.create().update(LEAF).update(leaf).digest());
  // Pairing from the left and carrying an odd node up is RFC 9162's split at the largest power of two, without recursion.
  while (level.length > 1) level = parents(level);
  return level[0] ?? sha256(new Uint8Array());
}

function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i], level[i + 1]];
    if (left === undefined) break;
    above.push(right === undefined ? left : sha256.create().update(NODE).update(left).update(right).digest());
  }
  return above;
}
