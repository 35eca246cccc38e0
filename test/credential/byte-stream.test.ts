import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ChunkReader, parseWhole, type ByteStream, type Parsing } from '../../credential/byte-stream.ts';
import { FormatError } from '../../credential/errors.ts';

/** A length, that many bytes, and a zero. */
function* parseText(stream: ByteStream): Parsing<string> {
  const text = yield* stream.bytes(yield* stream.byte());
  if ((yield* stream.byte()) !== 0) throw new FormatError('UNSUPPORTED_FORMAT', 'There is no zero.');
  return Buffer.from(text).toString('latin1');
}
const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(`${String.fromCharCode(text.length)}${text}\0`));

describe('a reader of chunks', () => {
  test('reads the same from chunks of any size, which are the caller’s again at once', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 }),
        fc.array(fc.nat({ max: 9 })),
        (text, sizes) => {
          const [bytes, reader] = [bytesOf(text), new ChunkReader(parseText)];
          let at = 0;
          for (const size of [...sizes, bytes.length]) {
            const chunk = bytes.slice(at, at + size);
            at += chunk.length;
            reader.push(chunk);
            chunk.fill(0xee);
          }
          assert.equal(reader.end(), text);
          assert.equal(reader.end(), text);
        },
      ),
    );
  });

  test('refuses at the end what is cut short anywhere', () => {
    const bytes = bytesOf('abc');
    for (let length = 0; length < bytes.length; length++) {
      assert.throws(() => parseWhole(bytes.subarray(0, length), parseText), { code: 'MALFORMED' });
    }
  });

  test('refuses what follows, in the same chunk and in a later one, but not an empty one', () => {
    const bytes = bytesOf('abc');
    assert.throws(() => parseWhole(Uint8Array.of(...bytes, 0), parseText), { code: 'MALFORMED' });
    const reader = new ChunkReader(parseText);
    reader.push(bytes);
    reader.push(new Uint8Array());
    assert.equal(reader.end(), 'abc');
    assert.throws(() => reader.push(Uint8Array.of(0)), { code: 'MALFORMED' });
    assert.throws(() => reader.end(), { code: 'MALFORMED' });
  });

  test('keeps refusing once it has refused', () => {
    const reader = new ChunkReader(parseText);
    assert.throws(() => reader.push(Uint8Array.of(1, 65, 1)), { code: 'UNSUPPORTED_FORMAT' });
    assert.throws(() => reader.push(Uint8Array.of(0)), { code: 'UNSUPPORTED_FORMAT' });
    assert.throws(() => reader.end(), { code: 'UNSUPPORTED_FORMAT' });
  });
});
