import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { BLOCK_BITS } from './status-list.ts';

/** A balanced Feistel network of two 9-bit halves permutes 2¹⁸ numbers; walking its cycles leaves the block's 2¹⁷. */
const HALF_BITS = 9;
const HALF = 2 ** HALF_BITS;

/**
 * Four rounds are the least for a pseudo-random permutation and hold for about the square root of a half, 22 indices;
 * the known attacks on halves this small fade with every round, and NIST's FF1 takes ten (SP 800-38G). Since a round
 * is one look-up in a table here, two more cost nothing.
 */
const ROUNDS = 12;

/** One HMAC gives 32 bytes: the values of sixteen neighbouring halves. */
const VALUES_PER_MAC = 16;

const DOMAIN = new TextEncoder().encode('pratique/index-permutation/1');

/** Less than 128 bits could be searched, and with the secret every index tells when its card was issued. */
const MIN_SECRET_BYTES = 16;

/** A secret bijection of the card numbers of an issuer key onto the indices of its status list, block by block. */
export interface IndexPermutation {
  /** The index of the card issued as number `ordinal` (from 0); throws RangeError unless 0 ≤ ordinal < 2³². */
  readonly indexOf: (ordinal: number) => number;
  /** The ordinal of the card at an index: the inverse of `indexOf`; throws RangeError unless 0 ≤ index < 2³². */
  readonly ordinalOf: (index: number) => number;
}

/**
 * The permutation of one secret; keeps the tables of the last block used, so that issuing in bulk costs some
 * twenty look-ups a card.
 *
 * Throws RangeError if the secret has less than 16 bytes.
 */
export function indexPermutation(secret: Uint8Array): IndexPermutation {
  if (secret.length < MIN_SECRET_BYTES) throw new RangeError('The secret needs at least 16 bytes.');
  const key = secret.slice();
  let kept: { readonly block: number; readonly feistel: Feistel } | undefined;

  function within(position: number, walk: (feistel: Feistel, offset: number) => number): number {
    if (!Number.isInteger(position) || position < 0 || position >= 2 ** 32) {
      throw new RangeError('The position is a whole number of four bytes.');
    }
    const block = Math.floor(position / BLOCK_BITS);
    if (kept?.block !== block) kept = { block, feistel: feistelOf(key, block) };
    return block * BLOCK_BITS + walk(kept.feistel, position % BLOCK_BITS);
  }
  return {
    indexOf: (ordinal) => within(ordinal, (feistel, offset) => cycleWalk(feistel.forward, offset)),
    ordinalOf: (index) => within(index, (feistel, offset) => cycleWalk(feistel.backward, offset)),
  };
}

/** One index; see {@link indexPermutation}, which is the way to draw many. */
export function permuteIndex(secret: Uint8Array, ordinal: number): number {
  return indexPermutation(secret).indexOf(ordinal);
}

/** The ordinal of one index; see {@link indexPermutation}. */
export function ordinalOfIndex(secret: Uint8Array, index: number): number {
  return indexPermutation(secret).ordinalOf(index);
}

interface Feistel {
  readonly forward: (x: number) => number;
  readonly backward: (x: number) => number;
}

function feistelOf(key: Uint8Array, block: number): Feistel {
  const round = roundFunction(key, block);
  return {
    forward(x) {
      let [left, right] = [x >> HALF_BITS, x & (HALF - 1)];
      for (let i = 0; i < ROUNDS; i++) [left, right] = [right, left ^ round(i, right)];
      return (left << HALF_BITS) | right;
    },
    backward(x) {
      let [left, right] = [x >> HALF_BITS, x & (HALF - 1)];
      for (let i = ROUNDS - 1; i >= 0; i--) [left, right] = [right ^ round(i, left), left];
      return (left << HALF_BITS) | right;
    },
  };
}

/** HMAC-SHA256 as a table of 9-bit values by round and half, filled as it is asked. */
function roundFunction(key: Uint8Array, block: number): (round: number, half: number) => number {
  const values = new Uint16Array(ROUNDS * HALF);
  const filled = new Uint8Array((ROUNDS * HALF) / VALUES_PER_MAC);

  // The message names block, round and run, so that no two of them share a function.
  const message = new Uint8Array(DOMAIN.length + 6);
  message.set(DOMAIN);
  const fields = new DataView(message.buffer, DOMAIN.length);
  fields.setUint32(0, block);

  return (round, half) => {
    const at = round * HALF + half;
    const run = Math.floor(at / VALUES_PER_MAC);
    if (filled[run] !== 1) {
      fields.setUint8(4, round);
      fields.setUint8(5, Math.floor(half / VALUES_PER_MAC));
      const mac = hmac(sha256, key, message);
      const words = new DataView(mac.buffer, mac.byteOffset, mac.byteLength);
      for (let i = 0; i < VALUES_PER_MAC; i++)
        values[run * VALUES_PER_MAC + i] = words.getUint16(2 * i) % HALF;
      filled[run] = 1;
    }
    return values[at] ?? 0;
  };
}

/** Steps on until a number lies inside the block; a permutation returns to where it began, so this ends. */
function cycleWalk(step: (x: number) => number, offset: number): number {
  let x = step(offset);
  while (x >= BLOCK_BITS) x = step(x);
  return x;
}
