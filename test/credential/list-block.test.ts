import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeIndexSet } from '../../credential/index-set.ts';
import { blockWithProof, openBlock } from '../../credential/list-block.ts';
import { BLOCK_BITS, type ListVersion } from '../../credential/status-list.ts';
import { anchorOf, KID, listOf, scatteredList } from '../support/lists.ts';

const anchorsOf = (version: ListVersion) => ({ kid: version.kid, ...anchorOf(version) });

describe('a block of a status list with its proof', () => {
  for (const blocks of [1, 2, 3, 5, 8, 43]) {
    test(`is opened under the root of ${blocks} blocks, each of them, and says the same of each card`, () => {
      const version = { kid: KID, counter: 9, list: scatteredList(blocks, 50 * blocks) };
      const [anchored, hashes] = [anchorsOf(version), version.list.blockHashes()];
      for (let number = 0; number < blocks; number++) {
        const bytes = blockWithProof(version, number, hashes);
        const block = openBlock(bytes, anchored);
        assert.equal(block.number, number);
        const start = number * BLOCK_BITS;
        for (let index = start; index < start + BLOCK_BITS; index += 97) {
          assert.equal(block.get(index), version.list.get(index));
        }
        for (const index of version.list.block(number).indices())
          assert.equal(block.get(start + index), true);
      }
      assert.deepEqual(blockWithProof(version, 0), blockWithProof(version, 0, hashes));
    });
  }

  const version = { kid: KID, counter: 9, list: listOf(5, [BLOCK_BITS, BLOCK_BITS + 7, 3 * BLOCK_BITS - 1]) };
  const anchored = anchorsOf(version);
  const whole = blockWithProof(version, 1);
  const refused = (bytes: Uint8Array, code = 'MALFORMED', anchor = anchored): void => {
    assert.throws(() => openBlock(bytes, anchor), { code });
  };
  const put = (at: number, ...bytes: number[]): Uint8Array =>
    Uint8Array.from([...whole].toSpliced(at, 1, ...bytes));
  const COUNTER = 34;
  const [BLOCKS, NUMBER, COUNT, PARAMETER] = [35, 36, 37, 38] as const;

  test('does not answer for a card outside the block', () => {
    const block = openBlock(whole, anchored);
    assert.deepEqual(
      [block.get(BLOCK_BITS), block.get(BLOCK_BITS + 1), block.get(2 * BLOCK_BITS - 1)],
      [true, false, false],
    );
    for (const index of [0, BLOCK_BITS - 1, 2 * BLOCK_BITS, -1, BLOCK_BITS + 0.5, Number.NaN, Infinity]) {
      assert.throws(() => block.get(index), RangeError);
    }
  });

  test('takes three hashes more than its bits where there are five blocks', () => {
    assert.equal(whole.length, COUNT + encodeIndexSet(version.list.block(1)).length + 3 * 32);
    assert.deepEqual([whole[COUNTER], whole[BLOCKS], whole[NUMBER], whole[COUNT]], [9, 5, 1, 2]);
  });

  test('is refused under another anchor', () => {
    refused(whole, 'MALFORMED', { ...anchored, root: new Uint8Array(32) });
    refused(whole, 'MALFORMED', { ...anchored, root: anchored.root.subarray(1) });
    refused(whole, 'MALFORMED', { ...anchored, counter: 10 });
    refused(whole, 'MALFORMED', { ...anchored, length: 6 * BLOCK_BITS });
    refused(whole, 'MALFORMED', { ...anchored, kid: `A${KID.slice(1)}` });
  });

  test('is refused as another form or version', () => {
    assert.deepEqual([...whole.subarray(0, 2)], [0xc2, 1]);
    refused(put(0, 0xcc), 'UNSUPPORTED_FORMAT');
    refused(put(1, 2), 'UNSUPPORTED_FORMAT');
  });

  test('is refused with any one bit flipped', () => {
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      assert.throws(() => openBlock(put(bit >> 3, (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7))), anchored), {
        name: 'FormatError',
      });
    }
  });

  test('is refused as another block, or as one that is not there', () => {
    for (const number of [0, 2, 3, 4, 5, 127]) refused(put(NUMBER, number));
  });

  test('is refused with a number longer than it need be, another parameter or more bits than a block', () => {
    for (const at of [COUNTER, BLOCKS, NUMBER, COUNT]) refused(put(at, 0x80 + (whole[at] ?? 0), 0));
    refused(put(PARAMETER, (whole[PARAMETER] ?? 0) + 1));
    refused(put(COUNT, 0x81, 0x80, 0x08));
    refused(put(BLOCKS, 0));
    refused(put(BLOCKS, 0x81, 0x80, 0x02), 'TOO_LARGE');
  });

  test('is refused cut short anywhere, or followed by anything, another hash too', () => {
    for (let length = 0; length < whole.length; length++) refused(whole.subarray(0, length));
    refused(Uint8Array.of(...whole, 0));
    refused(Uint8Array.of(...whole, ...anchored.root));
  });

  test('is refused if its bits are another block’s, or its bits differ', () => {
    const forged = listOf(5, [BLOCK_BITS, BLOCK_BITS + 8, 3 * BLOCK_BITS - 1]);
    refused(blockWithProof({ ...version, list: forged }, 1));
    fc.assert(
      fc.property(fc.nat({ max: BLOCK_BITS - 1 }), (index) => {
        const list = version.list.copy();
        list.toggle(BLOCK_BITS + index);
        refused(blockWithProof({ ...version, list }, 1, version.list.blockHashes()));
      }),
      { numRuns: 20 },
    );
  });

  test('is not made of a block that is not there', () => {
    for (const number of [-1, 5, 0.5, Number.NaN])
      assert.throws(() => blockWithProof(version, number), RangeError);
    assert.throws(() => blockWithProof({ ...version, kid: 'kid' }, 0), RangeError);
  });
});
