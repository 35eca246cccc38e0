import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  applyListDeltas,
  decodeListDelta,
  encodeListDelta,
  type ListDelta,
} from '../../credential/list-delta.ts';
import { BLOCK_BITS, StatusList, type ListVersion } from '../../credential/status-list.ts';
import { anchorOf, bitsOf, KID, listOf, scatteredList } from '../support/lists.ts';

const limits = { maxBits: bitsOf(4) };
const OTHER_KID = Buffer.from(new Uint8Array(32).fill(7)).toString('base64url');

/** Versions of one list: bits switched, and now and then a block more. */
const versions = fc
  .array(
    fc.record({
      on: fc.integer({ min: 1, max: 1000 }),
      blocks: fc.constantFrom(0, 0, 1),
      switched: fc.array(fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: bitsOf(1) - 1 })), { maxLength: 30 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((steps) => {
    const list = new StatusList(1);
    let counter = 3;
    const all: ListVersion[] = [{ kid: KID, counter, list: list.copy() }];
    for (const { on, blocks, switched } of steps) {
      if (blocks > 0 && list.length < bitsOf(4)) list.grow(blocks);
      for (const index of switched) list.toggle(list.length - 1 - index);
      counter += on;
      all.push({ kid: KID, counter, list: list.copy() });
    }
    return all;
  });

function deltasOf(all: readonly ListVersion[]): ListDelta[] {
  return all.slice(1).map((later, i) => {
    const earlier = all[i];
    assert.ok(earlier !== undefined);
    return decodeListDelta(encodeListDelta(KID, earlier, later), limits);
  });
}

describe('a change of a status list', () => {
  test('leads from any version to any later one, at once or step by step', () => {
    fc.assert(
      fc.property(versions, (all) => {
        const [first, last] = [all[0], all.at(-1)];
        assert.ok(first !== undefined && last !== undefined);
        const before = first.list.bytes();
        const atOnce = first === last ? [] : deltasOf([first, last]);
        for (const deltas of [deltasOf(all), atOnce]) {
          const { kid, counter, list } = applyListDeltas(first, deltas, anchorOf(last));
          assert.deepEqual([kid, counter, list.revoked], [KID, last.counter, last.list.revoked]);
          assert.deepEqual(list.bytes(), last.list.bytes());
        }
        assert.deepEqual(first.list.bytes(), before);
      }),
      { numRuns: 40 },
    );
  });

  test('has the indices that differ, and is written the same again', () => {
    const [earlier, later] = [
      { counter: 300, list: listOf(1, [1, 5]) },
      { counter: 302, list: listOf(2, [5, 9, 200_000]) },
    ];
    const bytes = encodeListDelta(KID, earlier, later);
    const delta = decodeListDelta(bytes, limits);
    assert.deepEqual(
      [[...delta.kidStart], delta.from, delta.to, delta.length, [...delta.indices]],
      [[0xe0, 0xdf, 0xde, 0xdd], 300, 302, bitsOf(2), [1, 9, 200_000]],
    );
    const changed = listOf(2, delta.indices);
    const again = encodeListDelta(
      KID,
      { counter: delta.from, list: listOf(2, []) },
      { counter: delta.to, list: changed },
    );
    assert.deepEqual(again, bytes);
  });

  test('gives its indices again each time, whatever became of the bytes it was read from', () => {
    const [earlier, later] = [
      { counter: 1, list: listOf(1, []) },
      { counter: 2, list: scatteredList(1, 2000) },
    ];
    const bytes = encodeListDelta(KID, earlier, later);
    const { indices } = decodeListDelta(bytes, limits);
    bytes.fill(0xff);
    for (let times = 0; times < 2; times++) assert.deepEqual([...indices], [...later.list.indices()]);
  });

  test('takes at most a tenth more than the choice of so many cards must', () => {
    for (const count of [100, 1000, 10_000]) {
      const held = scatteredList(43, 5000);
      const later = held.copy();
      for (const index of scatteredList(43, count).indices()) later.toggle(index);
      const size = encodeListDelta(KID, { counter: 1000, list: held }, { counter: 1001, list: later }).length;
      let least = 0;
      for (let i = 0; i < count; i++) least += Math.log2((5_600_000 - i) / (count - i));
      assert.ok(size <= (1.1 * least) / 8, `${count}: ${size} bytes, at least ${least / 8}`);
    }
  });

  test('of nothing says that a later counter has the same bits', () => {
    const list = listOf(1, [4]);
    const delta = decodeListDelta(encodeListDelta(KID, { counter: 1, list }, { counter: 2, list }), limits);
    assert.deepEqual([...delta.indices], []);
    const held = { kid: KID, counter: 1, list };
    assert.equal(applyListDeltas(held, [delta], anchorOf({ counter: 2, list })).counter, 2);
  });

  describe('is refused', () => {
    const whole = encodeListDelta(
      KID,
      { counter: 5, list: listOf(1, [1]) },
      { counter: 6, list: listOf(2, [0, 7, 200_000]) },
    );
    const FROM = 6;
    const [ON, BLOCKS, COUNT, PARAMETER] = [FROM + 1, FROM + 2, FROM + 3, FROM + 4] as const;
    const put = (at: number, ...bytes: number[]): Uint8Array =>
      Uint8Array.from([...whole].toSpliced(at, 1, ...bytes));
    const refused = (bytes: Uint8Array, code: string, maxBits = limits.maxBits): void => {
      assert.throws(() => decodeListDelta(bytes, { maxBits }), { code });
    };

    test('as another form or version', () => {
      assert.deepEqual([...whole.subarray(0, 2)], [0xc4, 1]);
      refused(put(0, 0xcc), 'UNSUPPORTED_FORMAT');
      refused(put(1, 2), 'UNSUPPORTED_FORMAT');
    });

    test('when it leads to no higher counter, or beyond 2⁵³ − 1', () => {
      assert.deepEqual([whole[FROM], whole[ON], whole[BLOCKS], whole[COUNT]], [5, 1, 2, 4]);
      refused(put(ON, 0), 'MALFORMED');
      const most = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f];
      refused(put(FROM, ...most), 'MALFORMED');
      assert.equal(decodeListDelta(put(FROM, 0xfe, ...most.slice(1)), limits).to, Number.MAX_SAFE_INTEGER);
    });

    test('with a number longer than it need be, another parameter, no block or more bits than there are', () => {
      for (const [at, value] of [
        [FROM, 5],
        [ON, 1],
        [BLOCKS, 2],
        [COUNT, 4],
      ] as const) {
        refused(put(at, 0x80 + value, 0), 'MALFORMED');
      }
      refused(put(PARAMETER, (whole[PARAMETER] ?? 0) + 1), 'MALFORMED');
      refused(put(BLOCKS, 0), 'MALFORMED');
      refused(put(COUNT, 0x81, 0x80, 0x10), 'MALFORMED');
    });

    test('cut short anywhere, or followed by anything', () => {
      for (let length = 0; length < whole.length; length++) refused(whole.subarray(0, length), 'MALFORMED');
      refused(Uint8Array.of(...whole, 0), 'MALFORMED');
    });

    test('of a longer list than is allowed', () => {
      refused(whole, 'TOO_LARGE', bitsOf(2) - 1);
      refused(put(BLOCKS, 0x81, 0x80, 0x02), 'TOO_LARGE', Infinity);
    });

    test('with an index beyond the list it leads to', () => {
      const one = encodeListDelta(
        KID,
        { counter: 5, list: listOf(1, []) },
        { counter: 6, list: listOf(1, [0, 7, 8, 9]) },
      );
      const shorter = put(BLOCKS, 1);
      shorter[PARAMETER] = one[PARAMETER] ?? 0;
      refused(shorter, 'MALFORMED');
    });
  });

  test('is not made back to an earlier counter, to a shorter list, or for what is no thumbprint', () => {
    const [short, long] = [
      { counter: 2, list: listOf(1, []) },
      { counter: 1, list: listOf(2, []) },
    ];
    assert.throws(() => encodeListDelta(KID, short, long), RangeError);
    assert.throws(() => encodeListDelta(KID, short, short), RangeError);
    assert.throws(() => encodeListDelta(KID, long, short), RangeError);
    assert.throws(() => encodeListDelta('kid', short, { ...short, counter: 3 }), RangeError);
  });
});

describe('a chain of changes', () => {
  const held = { kid: KID, counter: 1, list: listOf(1, [1, 2]) };
  const second = { kid: KID, counter: 4, list: listOf(2, [2, 3]) };
  const third = { kid: KID, counter: 5, list: listOf(2, [2, BLOCK_BITS]) };
  const [toSecond, toThird] = deltasOf([held, second, third]) as [ListDelta, ListDelta];
  const anchored = anchorOf(third);
  const refused = (deltas: readonly ListDelta[], anchor = anchored, from: ListVersion = held): void => {
    const before = from.list.bytes();
    assert.throws(() => applyListDeltas(from, deltas, anchor), { code: 'MALFORMED' });
    assert.deepEqual([from.list.bytes(), from.counter], [before, from.counter]);
  };

  test('of none gives the held version, if that is the anchored one', () => {
    const same = applyListDeltas(held, [], anchorOf(held));
    assert.deepEqual(same.list.bytes(), held.list.bytes());
    assert.notEqual(same.list, held.list);
    refused([]);
  });

  test('is refused with a link missing, twice, or in another order', () => {
    for (const deltas of [[toThird], [toSecond], [toThird, toSecond], [toSecond, toSecond, toThird]])
      refused(deltas);
    // Though nothing changed on the way that is missing.
    const idle = { kid: KID, counter: 3, list: held.list };
    refused([...deltasOf([idle, second]), toThird]);
  });

  test('is refused if it ends before the anchored counter, though the bits are the same', () => {
    refused([toSecond], { ...anchorOf(second), counter: 5 });
    refused([], { ...anchorOf(held), counter: 2 });
  });

  test('is refused beyond the anchored counter', () => {
    refused([toSecond, toThird], anchorOf(second));
    refused([toSecond, toThird], { ...anchored, counter: 4 });
  });

  test('is refused from a version that is further already', () => {
    refused([toSecond, toThird], anchored, second);
    refused([], anchorOf(held), second);
  });

  test('is refused if it is another key’s', () => {
    refused([toSecond, { ...toThird, kidStart: Uint8Array.of(0xe0, 0xdf, 0xde, 0xdc) }]);
    refused([toSecond, toThird], anchored, { ...held, kid: OTHER_KID });
  });

  test('is refused if it leads to another list: forked, other bits, another number of them, another length', () => {
    const fork = { kid: KID, counter: 5, list: listOf(2, [2, BLOCK_BITS + 1]) };
    refused([toSecond, ...deltasOf([second, fork])]);
    refused([toSecond, toThird], { ...anchored, root: held.list.root() });
    refused([toSecond, toThird], { ...anchored, root: anchored.root.subarray(0, 31) });
    refused([toSecond, toThird], { ...anchored, root: new Uint8Array() });
    refused([toSecond, toThird], { ...anchored, root: Uint8Array.of(...anchored.root, 0) });
    refused([toSecond, toThird], { ...anchored, revoked: anchored.revoked + 1 });
    refused([toSecond, toThird], { ...anchored, length: bitsOf(3) });
    refused([toSecond, toThird], { ...anchored, length: bitsOf(1) });
    // A held list that is not what it was anchored as.
    refused([toSecond, toThird], anchored, { ...held, list: listOf(1, [1, 7]) });
  });

  test('is refused if a change says that the list is shorter, though the rest agrees', () => {
    refused([toSecond, { ...toThird, length: bitsOf(1), indices: [3] }], {
      ...anchorOf({ counter: 5, list: listOf(2, [2]) }),
    });
  });

  test('is refused if a change makes the list longer than is anchored, before there is room for it', () => {
    refused([
      { ...toSecond, length: bitsOf(4) },
      { ...toThird, length: bitsOf(4) },
    ]);
    const before = process.memoryUsage().arrayBuffers;
    refused([toSecond, { ...toThird, length: 2 ** 32 }]);
    assert.ok(process.memoryUsage().arrayBuffers - before < 100e6);
  });
});
