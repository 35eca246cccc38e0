import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { indexPermutation, ordinalOfIndex, permuteIndex } from '../../credential/index-permutation.ts';
import { BLOCK_BITS } from '../../credential/status-list.ts';

const secret = Uint8Array.from({ length: 32 }, (_, i) => i);

/** The permutation as its description says it, on node:crypto: twelve rounds of HMAC-SHA256, walked into the block. */
function asDescribed(key: Uint8Array, ordinal: number): number {
  const block = Math.floor(ordinal / BLOCK_BITS);
  let x = ordinal % BLOCK_BITS;
  do {
    let [left, right] = [x >> 9, x & 511];
    for (let round = 0; round < 12; round++) {
      const message = Buffer.concat([Buffer.from('pratique/index-permutation/1'), Buffer.alloc(6)]);
      message.writeUInt32BE(block, 28);
      message.set([round, right >> 4], 32);
      const word = createHmac('sha256', key)
        .update(message)
        .digest()
        .readUInt16BE(2 * (right & 15));
      [left, right] = [right, left ^ (word & 511)];
    }
    x = (left << 9) | right;
  } while (x >= BLOCK_BITS);
  return block * BLOCK_BITS + x;
}

for (const block of [0, 7]) {
  test(`draws every index of block ${block} exactly once, and back`, () => {
    const { indexOf, ordinalOf } = indexPermutation(secret);
    const drawn = new Uint8Array(BLOCK_BITS);
    for (let i = 0; i < BLOCK_BITS; i++) {
      const index = indexOf(block * BLOCK_BITS + i);
      assert.equal(Math.floor(index / BLOCK_BITS), block);
      drawn[index % BLOCK_BITS] = 1;
      if (ordinalOf(index) !== block * BLOCK_BITS + i) assert.fail('the inverse differs');
    }
    assert.equal(
      drawn.every((bit) => bit === 1),
      true,
    );
  });
}

test('is HMAC-SHA256 in twelve Feistel rounds for any secret and any card, both ways', () => {
  const ordinal = fc.nat({ max: 2 ** 32 - 1 });
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 80 }), ordinal, (key, card) => {
      const index = permuteIndex(key, card);
      assert.equal(index, asDescribed(key, card));
      assert.equal(ordinalOfIndex(key, index), card);
    }),
  );
});

test('differs from block to block and from secret to secret', () => {
  const { indexOf } = indexPermutation(secret);
  const other = indexPermutation(secret.map((byte) => byte ^ 1));
  let [sameInBlock, sameInSecret] = [0, 0];
  for (let i = 0; i < 2_000; i++) {
    if (indexOf(i) + BLOCK_BITS === indexOf(i + BLOCK_BITS)) sameInBlock++;
    if (indexOf(i) === other.indexOf(i)) sameInSecret++;
  }
  assert.ok(sameInBlock < 5 && sameInSecret < 5);
});

test('tells nothing of the order: neighbours lie as far apart as strangers', () => {
  const { indexOf } = indexPermutation(secret);
  let [distance, rising] = [0, 0];
  for (let i = 0; i < 10_000; i++) {
    const step = indexOf(i + 1) - indexOf(i);
    distance += Math.abs(step) / 10_000;
    if (step > 0) rising++;
  }
  assert.ok(Math.abs(distance / BLOCK_BITS - 1 / 3) < 0.02);
  assert.ok(Math.abs(rising - 5_000) < 300);
});

test('does not change when the caller overwrites the secret', () => {
  const key = secret.slice();
  const { indexOf } = indexPermutation(key);
  key.fill(0);
  assert.equal(indexOf(3), permuteIndex(secret, 3));
});

test('takes no secret under sixteen bytes and no number beyond four', () => {
  assert.throws(() => permuteIndex(new Uint8Array(15), 0), RangeError);
  assert.throws(() => ordinalOfIndex(new Uint8Array(), 0), RangeError);
  for (const number of [-1, 0.5, 2 ** 32, Number.NaN]) {
    assert.throws(() => permuteIndex(secret, number), RangeError);
    assert.throws(() => ordinalOfIndex(secret, number), RangeError);
  }
});
