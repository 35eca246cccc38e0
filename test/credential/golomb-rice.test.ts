import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeRice, RiceDecoder, riceParameter } from '../../credential/golomb-rice.ts';

const bitsOf = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');

/** The code as it is described, as text. */
function asDescribed(indices: readonly number[], k: number): string {
  let previous = -1;
  const codes = indices.map((index) => {
    const gap = index - previous - 1;
    previous = index;
    const remainder = k === 0 ? '' : (gap % 2 ** k).toString(2).padStart(k, '0');
    return `${'1'.repeat(Math.floor(gap / 2 ** k))}0${remainder}`;
  });
  const text = codes.join('');
  return text.padEnd(8 * Math.ceil(text.length / 8), '0');
}

function decode(bytes: Uint8Array, code: { length: number; count: number; parameter: number }): number[] {
  const found: number[] = [];
  const decoder = new RiceDecoder(code, (index) => found.push(index));
  assert.equal(decoder.push(bytes), bytes.length);
  assert.ok(decoder.done);
  return found;
}

const set = fc
  .uniqueArray(fc.oneof(fc.nat({ max: 3000 }), fc.nat({ max: 40 })), { maxLength: 60 })
  .map((indices) => indices.toSorted((a, b) => a - b));

describe('a Rice code of gaps', () => {
  test('is the quotient in ones, a zero and the remainder, the most significant bit first', () => {
    assert.equal(bitsOf(encodeRice([0, 1, 9], 2)), '0000001011000000');
    assert.equal(bitsOf(encodeRice([3, 4], 0)), '11100000');
    assert.equal(encodeRice([], 5).length, 0);
  });

  test('is written as described and comes back, at any parameter and in chunks of any size', () => {
    fc.assert(
      fc.property(set, fc.nat({ max: 14 }), fc.integer({ min: 1, max: 9 }), (indices, parameter, size) => {
        const bytes = encodeRice(indices, parameter);
        assert.equal(bitsOf(bytes), asDescribed(indices, parameter));
        const found: number[] = [];
        const code = { length: 3001, count: indices.length, parameter };
        const decoder = new RiceDecoder(code, (index) => found.push(index));
        for (let at = 0; at < bytes.length; at += size) {
          const chunk = bytes.subarray(at, at + size);
          assert.equal(decoder.push(chunk), chunk.length);
        }
        assert.ok(decoder.done);
        assert.deepEqual(found, indices);
      }),
      { numRuns: 500 },
    );
  });

  test('holds for indices up to 2³² − 1', () => {
    for (const indices of [[2 ** 32 - 1], [0, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1]]) {
      for (const parameter of [24, 30, 31]) {
        const code = { length: 2 ** 32, count: indices.length, parameter };
        assert.deepEqual(decode(encodeRice(indices, parameter), code), indices);
      }
    }
  });

  test('is not made of indices that do not ascend', () => {
    for (const indices of [[1, 1], [2, 1], [-1]]) assert.throws(() => encodeRice(indices, 3), RangeError);
  });

  test('tells how many bytes were its own', () => {
    const decoder = new RiceDecoder({ length: 100, count: 2, parameter: 0 }, () => undefined);
    assert.equal(decoder.push(Uint8Array.of(0b1110_0000, 7, 7)), 1);
    assert.equal(decoder.push(Uint8Array.of(7)), 0);
    const none = new RiceDecoder({ length: 100, count: 0, parameter: 0 }, () => undefined);
    assert.ok(none.done);
    assert.equal(none.push(Uint8Array.of(1)), 0);
  });

  test('is refused at the first bit that leads past the length, however long it goes on', () => {
    for (const parameter of [0, 1, 3]) {
      const found: number[] = [];
      const decoder = new RiceDecoder({ length: 10, count: 2, parameter }, (index) => found.push(index));
      assert.throws(() => decoder.push(new Uint8Array(1_000_000).fill(0xff)), { code: 'MALFORMED' });
      assert.deepEqual(found, []);
    }
    // By a remainder, and by one more index than there is room for.
    const past = (bytes: Uint8Array, length: number, count: number, parameter: number) => (): void => {
      new RiceDecoder({ length, count, parameter }, () => undefined).push(bytes);
    };
    assert.throws(past(Uint8Array.of(0b0111_0000), 7, 1, 3), { code: 'MALFORMED' });
    assert.doesNotThrow(past(Uint8Array.of(0b0111_0000), 8, 1, 3));
    assert.throws(past(Uint8Array.of(0), 3, 4, 0), { code: 'MALFORMED' });
    assert.doesNotThrow(past(Uint8Array.of(0), 4, 4, 0));
  });

  test('is refused if any bit of its padding is on', () => {
    const [bytes] = encodeRice([0, 2], 1);
    for (let bit = 0; bit < 4; bit++) {
      const decoder = new RiceDecoder({ length: 10, count: 2, parameter: 1 }, () => undefined);
      assert.throws(() => decoder.push(Uint8Array.of((bytes ?? 0) | (1 << bit))), { code: 'MALFORMED' });
    }
  });
});

describe('the parameter of a Rice code', () => {
  /** The bits that an index is expected to take, with a share of p on, at a parameter. */
  const expected = (p: number, k: number): number => k - 1 / Math.expm1(2 ** k * Math.log1p(-p));

  test('is the one of least expected size from 0.01 % to 60 %, or within a hundredth of it where two are alike', () => {
    const length = 10_000_000;
    const others: number[] = [];
    for (let count = 1000; count <= 0.6 * length; count = Math.ceil(count * 1.003)) {
      const p = count / length;
      const sizes = Array.from({ length: 24 }, (_, k) => expected(p, k));
      const chosen = sizes[riceParameter(length, count)] ?? Infinity;
      const least = Math.min(...sizes);
      assert.ok(chosen <= 1.01 * least, `${chosen} bits each at ${count}, where ${least} would do`);
      if (chosen > least) others.push(p);
    }
    // Two shares at which the approximated logarithm is late: the steps to 2 and to 1, a hair before 0.
    assert.ok(
      others.every((p) => (p > 0.0583 && p < 0.0585) || (p > 0.213 && p < 0.216) || (p > 0.38 && p < 0.39)),
    );
  });

  test('falls with the count and depends on the share alone', () => {
    let before = Infinity;
    for (let count = 1; count <= 131_072; count++) {
      const k = riceParameter(131_072, count);
      assert.ok(k <= before);
      assert.equal(riceParameter(131_072 * 8, count * 8), k);
      before = k;
    }
    assert.equal(before, 0);
  });

  test('keeps any code of so many indices below one and a half times the bits of the list', () => {
    const length = 131_072;
    for (let count = 1; count <= length; count++) {
      const k = riceParameter(length, count);
      assert.ok((length - count) / 2 ** k + count * (k + 1) <= 1.5 * length);
    }
  });

  test('stays a whole number of few bits at the ends', () => {
    assert.deepEqual(
      [
        riceParameter(2 ** 32, 1),
        riceParameter(2 ** 32, 2 ** 32),
        riceParameter(131_072, 0),
        riceParameter(131_072, 1),
      ],
      [31, 0, 0, 16],
    );
  });

  test('is not asked of more bits than there are', () => {
    for (const [length, count] of [
      [10, 11],
      [10, -1],
      [10, 0.5],
      [0.5, 0],
      [2 ** 33, 1],
      [Number.NaN, 0],
    ] as const) {
      assert.throws(() => riceParameter(length, count), RangeError);
    }
  });
});
