import { BLOCK_BITS, StatusList, type ListAnchor, type ListVersion } from '../../credential/status-list.ts';

/** A thumbprint whose bytes all differ, so that one out of place shows. */
export const KID = Buffer.from(Array.from({ length: 32 }, (_, i) => 0xe0 - i)).toString('base64url');

/** A list of that many blocks in which those bits are on. */
export function listOf(blocks: number, indices: Iterable<number>): StatusList {
  const list = new StatusList(blocks);
  for (const index of indices) list.set(index, true);
  return list;
}

/** A list of that many blocks with that many bits on, spread as by chance; the same each time. */
export function scatteredList(blocks: number, count: number): StatusList {
  const list = new StatusList(blocks);
  const next = chance(count);
  while (list.revoked < count) list.set(Math.floor(next() * list.length), true);
  return list;
}

/** What the issuer of a version anchors. */
export function anchorOf({ counter, list }: Omit<ListVersion, 'kid'>): ListAnchor {
  return { root: list.root(), counter, length: list.length, revoked: list.revoked };
}

/** The bits that a set of that share takes at least, each drawn alone. */
export function entropyBits(length: number, count: number): number {
  const p = count / length;
  return -length * (p * Math.log2(p) + (1 - p) * Math.log2(1 - p));
}

/** The length in bits of so many blocks. */
export const bitsOf = (blocks: number): number => blocks * BLOCK_BITS;

/** Numbers from 0 to 1, by xorshift. */
function chance(seed: number): () => number {
  let state = Math.imul(seed, 0x9e37_79b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
