import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BLOCK_BITS, indexFromRid, ridFromIndex, StatusList } from '../../credential/status-list.ts';

const BLOCK_BYTES = BLOCK_BITS / 8;
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const index = fc.nat({ max: 2 * BLOCK_BITS - 1 });
const listOf = (blocks: number, set: Iterable<number>): StatusList => {
  const list = new StatusList(blocks);
  for (const at of set) list.set(at, true);
  return list;
};

describe('a status list', () => {
  test('has its first bit as the most significant of its first byte', () => {
    const list = new StatusList(1);
    for (const on of [0, 9, BLOCK_BITS - 1]) list.set(on, true);
    const bytes = list.bytes();
    assert.deepEqual([bytes[0], bytes[1], bytes[BLOCK_BYTES - 1]], [0x80, 0x40, 0x01]);
    assert.equal(list.length, BLOCK_BITS);
  });

  test('answers as a set of indices does after any settings and clearings, and counts exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(index, fc.boolean()), { maxLength: 200 }), (changes) => {
        const [list, set] = [new StatusList(2), new Set<number>()];
        for (const [at, on] of changes) {
          list.set(at, on);
          if (on) set.add(at);
          else set.delete(at);
        }
        assert.equal(list.revoked, set.size);
        for (const [at] of changes) assert.equal(list.get(at), set.has(at));
        const copy = StatusList.fromBytes(list.bytes());
        assert.equal(copy.revoked, set.size);
        assert.deepEqual(copy.bytes(), list.bytes());
        assert.deepEqual(copy.root(), list.root());
      }),
      { numRuns: 30 },
    );
  });

  test('grows by blocks of unrevoked cards and keeps what it holds', () => {
    const list = new StatusList(1);
    list.set(5, true);
    list.grow(2);
    assert.deepEqual(
      [list.length, list.revoked, list.get(5), list.get(3 * BLOCK_BITS - 1)],
      [3 * BLOCK_BITS, 1, true, false],
    );
  });

  test('toggles a bit back and forth, and counts it', () => {
    const list = new StatusList(1);
    list.toggle(77);
    assert.deepEqual([list.get(77), list.revoked], [true, 1]);
    list.toggle(77);
    assert.deepEqual([list.get(77), list.revoked], [false, 0]);
    for (const at of [-1, 0.5, BLOCK_BITS, Number.NaN]) assert.throws(() => list.toggle(at), RangeError);
  });

  test('gives the indices of the bits that are on in ascending order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.oneof(index, fc.nat({ max: 70 })), { maxLength: 100 }), (set) => {
        const list = listOf(2, set);
        assert.deepEqual(
          [...list.indices()],
          set.toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 50 },
    );
    assert.deepEqual([...listOf(1, [BLOCK_BITS - 1]).indices()], [BLOCK_BITS - 1]);
  });

  test('counts the bits of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat({ max: BLOCK_BYTES - 64 }), (some, at) => {
        const bytes = new Uint8Array(BLOCK_BYTES);
        bytes.set(some, at);
        const ones = [...some].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
        assert.equal(StatusList.fromBytes(bytes).revoked, ones);
      }),
    );
    assert.equal(StatusList.fromBytes(new Uint8Array(BLOCK_BYTES).fill(0xff)).revoked, BLOCK_BITS);
  });

  test('is copied whole and apart', () => {
    const list = listOf(2, [3, BLOCK_BITS]);
    const copy = list.copy();
    assert.deepEqual([copy.bytes(), copy.revoked], [list.bytes(), 2]);
    copy.toggle(3);
    list.toggle(4);
    assert.deepEqual([[...list.indices()], [...copy.indices()]], [[3, 4, BLOCK_BITS], [BLOCK_BITS]]);
  });

  test('tells what changed since an earlier one that was no longer', () => {
    const [earlier, later] = [listOf(1, [1, 2, 3]), listOf(2, [2, 4, BLOCK_BITS + 1])];
    const changes = later.changesSince(earlier);
    assert.deepEqual([...changes.indices()], [1, 3, 4, BLOCK_BITS + 1]);
    assert.deepEqual([changes.length, changes.revoked], [later.length, 4]);
    assert.deepEqual([[...earlier.indices()].length, [...later.indices()].length], [3, 3]);
    assert.equal(later.changesSince(later).revoked, 0);
    assert.throws(() => earlier.changesSince(later), RangeError);
  });

  test('gives each block as a list and as a leaf', () => {
    const list = listOf(3, [0, BLOCK_BITS + 5]);
    assert.deepEqual([...list.block(1).indices()], [5]);
    assert.deepEqual([list.block(1).length, list.block(1).revoked], [BLOCK_BITS, 1]);
    const leaves = [0, 1, 2].map((n) => sha256(Uint8Array.of(0), list.block(n).bytes()));
    assert.deepEqual(
      list.blockHashes().map((hash) => Buffer.from(hash)),
      leaves,
    );
    assert.deepEqual(Buffer.from(list.blockHash(2)), leaves[2]);
    // The hash of an empty block is kept: what a caller does to it stays with the caller.
    list.blockHash(2).fill(0);
    assert.deepEqual(Buffer.from(list.blockHash(2)), leaves[2]);
    for (const number of [-1, 3, 0.5, Number.NaN]) {
      assert.throws(() => list.block(number), RangeError);
      assert.throws(() => list.blockHash(number), RangeError);
    }
  });

  test('neither shares the bytes it is made from nor those it gives', () => {
    const bytes = new Uint8Array(BLOCK_BYTES);
    const list = StatusList.fromBytes(bytes);
    bytes[0] = 0xff;
    list.bytes()[0] = 0xff;
    assert.equal(list.get(0), false);
  });

  test('has the RFC 9162 root over its blocks', () => {
    const list = new StatusList(3);
    list.set(BLOCK_BITS, true);
    const bytes = list.bytes();
    const [a, b, c] = [0, 1, 2].map((n) =>
      sha256(Uint8Array.of(0), bytes.subarray(n * BLOCK_BYTES, (n + 1) * BLOCK_BYTES)),
    ) as [Buffer, Buffer, Buffer];
    const root = sha256(Uint8Array.of(1), sha256(Uint8Array.of(1), a, b), c);
    assert.deepEqual(Buffer.from(list.root()), root);
  });

  test('never answers for an index that it does not hold', () => {
    const list = new StatusList(1);
    for (const at of [-1, 0.5, BLOCK_BITS, Number.NaN, Infinity]) {
      assert.throws(() => list.get(at), RangeError);
      assert.throws(() => list.set(at, true), RangeError);
    }
  });

  test('is made of 1 to 32,768 whole blocks', () => {
    for (const blocks of [0, -1, 1.5, 32_769, Number.NaN]) {
      assert.throws(() => new StatusList(blocks), RangeError);
      assert.throws(() => new StatusList(1).grow(blocks), RangeError);
    }
    for (const length of [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES + 1]) {
      assert.throws(() => StatusList.fromBytes(new Uint8Array(length)), { code: 'MALFORMED' });
    }
    const oversized = { length: 32_769 * BLOCK_BYTES } as Uint8Array;
    assert.throws(() => StatusList.fromBytes(oversized), { code: 'TOO_LARGE' });
  });
});

describe('a rid of a status list', () => {
  test('is six characters of base64url', () => {
    assert.equal(ridFromIndex(0), 'AAAAAA');
    assert.equal(ridFromIndex(131_072), 'AAIAAA');
    assert.equal(ridFromIndex(2 ** 32 - 1), '_____w');
  });

  test('comes back as the index it was made of', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 32 - 1 }), (at) => assert.equal(indexFromRid(ridFromIndex(at)), at)),
    );
  });

  test('has one spelling, and nothing else is a rid of this kind', () => {
    for (const rid of [
      '',
      'AAAAA',
      'AAAAAB',
      'AAAAAAA',
      'AAAAA=',
      'AAAAA\n',
      'AAAAAA\n',
      'AAA+AA',
      'MKyCxh7p6uQ',
      '_____x',
    ]) {
      assert.equal(indexFromRid(rid), undefined);
    }
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{6}$/), (rid) => {
        const at = indexFromRid(rid);
        assert.ok(at === undefined || ridFromIndex(at) === rid);
      }),
    );
  });

  test('is not made of what is no index', () => {
    for (const at of [-1, 0.5, 2 ** 32, Number.NaN]) assert.throws(() => ridFromIndex(at), RangeError);
  });
});
