import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { BLOCK_BITS, indexFromRid, ridFromIndex, StatusList } from '../../credential/status-list.ts';

const BLOCK_BYTES = BLOCK_BITS / 8;
const sha256 = (...parts: Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();
const index = fc.nat({ max: 2 * BLOCK_BITS - 1 });

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
