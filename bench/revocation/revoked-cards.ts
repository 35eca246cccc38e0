import { createHash } from 'node:crypto';
import { BLOCK_BITS, StatusList } from '../../credential/status-list.ts';

/** New York's passes, and one more block for the rest of the last. */
export const CARDS = 5_600_000;

/**
 * A list of a key that issued that many cards, `count` of which are revoked: each set of cards as likely as another. The
 * same at every run: what an encoding makes of it is then a figure, not a draw.
 */
export function revokedList(cards: number, count: number, seed: string): StatusList {
  const list = new StatusList(Math.ceil(cards / BLOCK_BITS));
  for (const index of distinct(cards, count, seed)) list.set(index, true);
  return list;
}

/** The same list with so many cards more revoked. */
export function furtherRevoked(list: StatusList, cards: number, count: number, seed: string): StatusList {
  const further = list.copy();
  const draw = below(cards, seed);
  const goal = list.revoked + count;
  while (further.revoked < goal) further.set(draw(), true);
  return further;
}

/** Entropy in bytes of which `count` of `cards` are revoked: N·H(p), Shannon. */
export function entropyBytes(cards: number, count: number): number {
  const p = count / cards;
  return (-cards * (p * Math.log2(p) + (1 - p) * Math.log2(1 - p))) / 8;
}

function* distinct(cards: number, count: number, seed: string): Iterable<number> {
  const seen = new Uint8Array(cards);
  const draw = below(cards, seed);
  for (let found = 0; found < count;) {
    const index = draw();
    if (seen[index] === 1) continue;
    seen[index] = 1;
    found++;
    yield index;
  }
}

/** Evenly drawn numbers, from SHAKE256 of a seed. */
export function below(limit: number, seed: string): () => number {
  const top = Math.floor(2 ** 32 / limit) * limit;
  let block = 0;
  let bytes = Buffer.alloc(0);
  let at = 0;
  const next = (): number => {
    if (at >= bytes.length) {
      bytes = createHash('shake256', { outputLength: 2 ** 20 })
        .update(`${seed}/${block++}`)
        .digest();
      at = 0;
    }
    const value = bytes.readUInt32LE(at);
    at += 4;
    return value;
  };
  return () => {
    let value = next();
    while (value >= top) value = next();
    return value % limit;
  };
}
