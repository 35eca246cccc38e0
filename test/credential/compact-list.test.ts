import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compactListReader, decodeCompactList, encodeCompactList } from '../../credential/compact-list.ts';
import { BLOCK_BITS, StatusList } from '../../credential/status-list.ts';
import { bitsOf, entropyBits, KID, listOf, scatteredList } from '../support/lists.ts';

const limits = { maxBits: bitsOf(4) };
const index = fc.oneof(fc.nat({ max: 3 * BLOCK_BITS - 1 }), fc.nat({ max: 100 }));
const version = fc.record({
  kid: fc
    .uint8Array({ minLength: 32, maxLength: 32 })
    .map((bytes) => Buffer.from(bytes).toString('base64url')),
  counter: fc.oneof(fc.maxSafeNat(), fc.nat({ max: 200 })),
  list: fc.array(index, { maxLength: 200 }).map((indices) => listOf(3, indices)),
});

/** The bytes with others in the place of some. */
function spliced(bytes: Uint8Array, at: number, taken: number, ...put: number[]): Uint8Array {
  return Uint8Array.from([...bytes].toSpliced(at, taken, ...put));
}

describe('a compact list', () => {
  test('comes back as the version it was made of, with its root, and is written the same again', () => {
    fc.assert(
      fc.property(version, (given) => {
        const bytes = encodeCompactList(given);
        const read = decodeCompactList(bytes, limits);
        assert.deepEqual([read.kid, read.counter], [given.kid, given.counter]);
        assert.deepEqual(read.list.bytes(), given.list.bytes());
        assert.equal(read.list.revoked, given.list.revoked);
        assert.deepEqual(read.root, given.list.root());
        assert.deepEqual(encodeCompactList(read), bytes);
      }),
      { numRuns: 40 },
    );
  });

  test('reads the same from chunks of one byte to all', () => {
    const given = { kid: KID, counter: 300, list: scatteredList(2, 500) };
    const bytes = encodeCompactList(given);
    for (const size of [1, 2, 3, 7, 40, 41, 64, bytes.length - 1, bytes.length]) {
      const reader = compactListReader(limits);
      for (let at = 0; at < bytes.length; at += size) reader.push(bytes.subarray(at, at + size));
      const { kid, counter, list, root } = reader.end();
      assert.deepEqual({ kid, counter }, { kid: KID, counter: 300 });
      assert.deepEqual([list.bytes(), root], [given.list.bytes(), given.list.root()]);
    }
  });

  test('of nobody, of everybody, of the first card and of the last reads back', () => {
    const all = StatusList.fromBytes(new Uint8Array(BLOCK_BITS / 8).fill(0xff));
    for (const list of [listOf(1, []), listOf(4, []), all, listOf(2, [0]), listOf(2, [2 * BLOCK_BITS - 1])]) {
      const read = decodeCompactList(encodeCompactList({ kid: KID, counter: 0, list }), limits);
      assert.deepEqual([read.list.bytes(), read.root], [list.bytes(), list.root()]);
    }
  });

  test('takes at most 1.05 times what the set must, from 0.01 % to 20 %, and at 1 % at most 1.02 times', () => {
    for (const [share, most] of [
      [0.0001, 1.05],
      [0.0003, 1.05],
      [0.001, 1.05],
      [0.003, 1.05],
      [0.01, 1.02],
      [0.02, 1.05],
      [0.05, 1.05],
      [0.1, 1.05],
      [0.15, 1.05],
      [0.2, 1.05],
    ] as const) {
      // The whole number of cards for the smallest share, where the 40 bytes of the header weigh most.
      const blocks = share < 0.02 ? 43 : 8;
      const list = scatteredList(blocks, Math.round(share * (blocks === 43 ? 5_600_000 : bitsOf(blocks))));
      const size = encodeCompactList({ kid: KID, counter: 1000, list }).length;
      const least = entropyBits(list.length, list.revoked) / 8;
      assert.ok(size <= most * least, `${share}: ${size} bytes, at least ${least}`);
    }
  });

  describe('is refused', () => {
    const whole = encodeCompactList({ kid: KID, counter: 5, list: listOf(2, [0, 7, 200_000]) });
    const refused = (bytes: Uint8Array, code: string, maxBits = limits.maxBits): void => {
      assert.throws(() => decodeCompactList(bytes, { maxBits }), { code });
      // Byte by byte it is refused alike, and no later than at the end.
      const reader = compactListReader({ maxBits });
      assert.throws(
        () => {
          for (const byte of bytes) reader.push(Uint8Array.of(byte));
          reader.end();
        },
        { code },
      );
    };
    const COUNTER = 34;
    const BLOCKS = 35;
    const COUNT = 36;
    const PARAMETER = 37;

    test('as another form or version', () => {
      assert.deepEqual([...whole.subarray(0, 2)], [0xcc, 1]);
      refused(spliced(whole, 0, 1, 0xc4), 'UNSUPPORTED_FORMAT');
      refused(spliced(whole, 1, 1, 2), 'UNSUPPORTED_FORMAT');
    });

    test('with a number that is longer than it need be', () => {
      assert.deepEqual([whole[COUNTER], whole[BLOCKS], whole[COUNT]], [5, 2, 3]);
      for (const [at, value] of [
        [COUNTER, 5],
        [BLOCKS, 2],
        [COUNT, 3],
      ] as const) {
        refused(spliced(whole, at, 1, 0x80 + value, 0), 'MALFORMED');
      }
    });

    test('with a counter beyond 2⁵³ − 1', () => {
      refused(spliced(whole, COUNTER, 1, ...Array.from({ length: 7 }, () => 0x80), 0x10), 'MALFORMED');
    });

    test('with any parameter but the rule’s', () => {
      for (let k = 0; k < 256; k++)
        if (k !== whole[PARAMETER]) refused(spliced(whole, PARAMETER, 1, k), 'MALFORMED');
      const empty = encodeCompactList({ kid: KID, counter: 5, list: listOf(1, []) });
      assert.equal(empty[PARAMETER], 0);
      refused(spliced(empty, PARAMETER, 1, 1), 'MALFORMED');
    });

    test('with a bit of the padding on', () => {
      const last = whole[whole.length - 1] ?? 0;
      assert.equal(last & 1, 0);
      refused(spliced(whole, whole.length - 1, 1, last | 1), 'MALFORMED');
    });

    test('cut short anywhere', () => {
      for (let length = 0; length < whole.length; length++) refused(whole.subarray(0, length), 'MALFORMED');
    });

    test('with anything behind it', () => {
      for (const more of [[0], [1], [0, 0]]) refused(Uint8Array.of(...whole, ...more), 'MALFORMED');
    });

    test('with an index beyond the list', () => {
      // The same gaps in half as many blocks, under that length's parameter.
      const parameter =
        encodeCompactList({ kid: KID, counter: 5, list: listOf(1, [0, 7, 9]) })[PARAMETER] ?? 0;
      const list = listOf(2, [0, 7, 200_000]);
      const bytes = encodeCompactList({ kid: KID, counter: 5, list });
      refused(spliced(spliced(bytes, BLOCKS, 1, 1), PARAMETER, 1, parameter), 'MALFORMED');
    });

    test('with more bits on than it has, and with no block', () => {
      // 131,073 in LEB128.
      refused(spliced(spliced(whole, COUNT, 1, 0x81, 0x80, 0x08), BLOCKS, 1, 1), 'MALFORMED');
      refused(spliced(whole, BLOCKS, 1, 0), 'MALFORMED');
    });

    test('beyond the length that is allowed, before there is room for it', () => {
      refused(whole, 'TOO_LARGE', bitsOf(2) - 1);
      refused(whole, 'TOO_LARGE', Number.NaN);
      assert.equal(decodeCompactList(whole, { maxBits: bitsOf(2) }).list.length, bitsOf(2));
      const before = process.memoryUsage().arrayBuffers;
      // 32,768 blocks, the most there are; 32,769, which are none.
      refused(spliced(whole, BLOCKS, 1, 0x80, 0x80, 0x02), 'TOO_LARGE');
      refused(spliced(whole, BLOCKS, 1, 0x81, 0x80, 0x02), 'TOO_LARGE', Infinity);
      refused(
        spliced(whole, BLOCKS, 1, ...Array.from({ length: 7 }, () => 0xff), 0x0f),
        'TOO_LARGE',
        Infinity,
      );
      assert.ok(process.memoryUsage().arrayBuffers - before < 1e6);
    });

    test('at the first byte that shows why, not at the end', () => {
      const reader = compactListReader({ maxBits: bitsOf(1) });
      assert.throws(() => reader.push(whole.subarray(0, COUNT)), { code: 'TOO_LARGE' });
    });
  });

  test('with any one bit flipped is refused or another list, but never this one', () => {
    const given = { kid: KID, counter: 5, list: listOf(2, [0, 7, 200_000]) };
    const whole = encodeCompactList(given);
    for (let bit = 0; bit < 8 * whole.length; bit++) {
      const changed = spliced(whole, bit >> 3, 1, (whole[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
      try {
        const { kid, counter, list } = decodeCompactList(changed, limits);
        assert.ok(kid !== KID || counter !== 5 || !Buffer.from(list.bytes()).equals(given.list.bytes()));
        assert.deepEqual(encodeCompactList({ kid, counter, list }), changed);
      } catch (error) {
        assert.match(
          String((error as { code?: unknown }).code),
          /^(MALFORMED|TOO_LARGE|UNSUPPORTED_FORMAT)$/,
        );
      }
    }
  });

  test('is not made of what is no thumbprint or no counter', () => {
    const list = listOf(1, []);
    for (const kid of [
      '',
      KID.slice(1),
      `${KID}A`,
      `${KID.slice(0, -1)}B`,
      `${KID.slice(0, -1)}=`,
      `${KID}\n`,
    ]) {
      assert.throws(() => encodeCompactList({ kid, counter: 1, list }), RangeError);
    }
    for (const counter of [-1, 0.5, 2 ** 53]) {
      assert.throws(() => encodeCompactList({ kid: KID, counter, list }), RangeError);
    }
  });

  test('of 5.6 million cards, one in a hundred revoked, is read in a moment', () => {
    const bytes = encodeCompactList({ kid: KID, counter: 1, list: scatteredList(43, 56_000) });
    const begun = performance.now();
    decodeCompactList(bytes, { maxBits: bitsOf(43) });
    assert.ok(performance.now() - begun < 500);
  });
});
