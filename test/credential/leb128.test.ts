import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChunkReader, parseWhole } from '../../credential/byte-stream.ts';
import { encodeLeb128 } from '../../credential/leb128.ts';

const decode = (bytes: Uint8Array): number => parseWhole(bytes, (stream) => stream.leb128());

describe('an unsigned LEB128', () => {
  test('has the bytes of the examples of DWARF 5, table 7.7', () => {
    for (const [value, bytes] of [
      [2, [2]],
      [127, [127]],
      [128, [0x80, 1]],
      [129, [0x81, 1]],
      [12857, [0xb9, 0x64]],
    ] as const) {
      assert.deepEqual([...encodeLeb128(value)], bytes);
      assert.equal(decode(Uint8Array.from(bytes)), value);
    }
  });

  test('comes back as the number it was made of, up to 2⁵³ − 1 in eight bytes', () => {
    const number = fc.oneof(fc.maxSafeNat(), fc.nat(), fc.nat({ max: 300 }));
    fc.assert(fc.property(number, (value) => assert.equal(decode(encodeLeb128(value)), value)));
    assert.equal(encodeLeb128(Number.MAX_SAFE_INTEGER).length, 8);
    assert.equal(decode(encodeLeb128(Number.MAX_SAFE_INTEGER)), Number.MAX_SAFE_INTEGER);
  });

  test('has one text: what is read is written the same', () => {
    const byte = fc.oneof(fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.nat({ max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 10 }), (bytes) => {
        let value: number;
        try {
          value = decode(Uint8Array.from(bytes));
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, 'MALFORMED');
          return;
        }
        assert.deepEqual([...encodeLeb128(value)], bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('is refused when longer than it need be, beyond 2⁵³ − 1, cut short or followed', () => {
    for (const bytes of [
      [0x80, 0],
      [0x81, 0x80, 0],
      [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x10],
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
      Array.from({ length: 100 }, () => 0xff),
      [],
      [0x80],
      [1, 1],
    ]) {
      assert.throws(() => decode(Uint8Array.from(bytes)), { code: 'MALFORMED' });
    }
  });

  test('is refused after eight bytes, however many follow', () => {
    const reader = new ChunkReader((stream) => stream.leb128());
    assert.throws(() => reader.push(new Uint8Array(8).fill(0x80)), { code: 'MALFORMED' });
  });

  test('is not made of what is no number of that range', () => {
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN, Infinity]) {
      assert.throws(() => encodeLeb128(value), RangeError);
    }
  });
});
