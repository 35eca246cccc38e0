import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64url, decodeBase64urlBytes, encodeBase64url } from '../../credential/base64url.ts';

type Codec = typeof import('../../credential/base64url.ts');

/** The module as it loads in an engine without Uint8Array.fromBase64. */
async function withoutNativeBase64(): Promise<Codec> {
  const natives: [object, string][] = [
    [Uint8Array, 'fromBase64'],
    [Uint8Array.prototype, 'toBase64'],
  ];
  const kept = natives.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name));
  for (const [owner, name] of natives) Reflect.deleteProperty(owner, name);
  try {
    const url = new URL('../../credential/base64url.ts?without-native', import.meta.url);
    return (await import(url.href)) as Codec;
  } finally {
    for (const [i, [owner, name]] of natives.entries()) {
      const descriptor = kept[i];
      if (descriptor !== undefined) Object.defineProperty(owner, name, descriptor);
    }
  }
}

const plain = await withoutNativeBase64();
const codecs: [string, Codec][] = [
  ['the native codec', { decodeBase64url, decodeBase64urlBytes, encodeBase64url }],
  ['the plain codec', plain],
];
const utf8 = new TextEncoder();
const malformed = { name: 'FormatError', code: 'MALFORMED' };

for (const [name, codec] of codecs) {
  test(`${name} knows the vectors of RFC 4648 section 10, without padding`, () => {
    const vectors = ['', 'Zg', 'Zm8', 'Zm9v', 'Zm9vYg', 'Zm9vYmE', 'Zm9vYmFy'];
    for (const [length, text] of vectors.entries()) {
      const bytes = utf8.encode('foobar'.slice(0, length));
      assert.equal(codec.encodeBase64url(bytes), text);
      assert.deepEqual(codec.decodeBase64url(text), bytes);
    }
  });

  test(`${name} knows the vector of RFC 7515 appendix C`, () => {
    assert.equal(codec.encodeBase64url(new Uint8Array([3, 236, 255, 224, 193])), 'A-z_4ME');
  });

  test(`${name} gives back the bytes it was given`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        assert.deepEqual(codec.decodeBase64url(codec.encodeBase64url(bytes)), new Uint8Array(bytes));
      }),
    );
    const long = new Uint8Array(100_000).map((_, i) => i % 251);
    assert.deepEqual(codec.decodeBase64url(codec.encodeBase64url(long)), long);
  });

  test(`${name} takes a text only if it is the one that its bytes encode to`, () => {
    const character = fc.constantFrom(...'AQgwEIMUYcBz019-_+/= \n\t\u00a0.é'.split(''));
    fc.assert(
      fc.property(fc.array(character, { maxLength: 9 }), (characters) => {
        const text = characters.join('');
        let bytes: Uint8Array;
        try {
          bytes = codec.decodeBase64url(text);
        } catch (error) {
          assert.equal((error as { code?: unknown }).code, 'MALFORMED');
          return;
        }
        assert.equal(codec.encodeBase64url(bytes), text);
      }),
      { numRuns: 3000 },
    );
  });

  for (const [fault, text] of [
    ['padding', 'Zg=='],
    ['a space', 'Zm 9v'],
    ['a line feed at the end', 'Zm9v\n'],
    ['the plus of base64', 'A+z_'],
    ['the slash of base64', 'A-z/'],
    ['a character left over', 'Zm9vY'],
    ['loose bits after one byte', 'Zh'],
    ['loose bits after two bytes', 'Zm9'],
    ['a letter outside ASCII', 'Zm９v'],
  ] as const) {
    test(`${name} refuses ${fault}`, () => {
      assert.throws(() => codec.decodeBase64url(text), malformed);
    });
  }
}

test('a part of a text at hand as bytes reads as that part by itself', () => {
  const character = fc.constantFrom(...'AQgwEIMUYcBz019-_+/= \n.é'.split(''));
  fc.assert(
    fc.property(fc.array(character, { maxLength: 9 }), fc.nat(4), fc.nat(4), (characters, before, after) => {
      const text = characters.join('');
      const ascii = utf8.encode(`${'A'.repeat(before)}${text}${'A'.repeat(after)}`);
      const read = (): Uint8Array => decodeBase64urlBytes(ascii, before, ascii.length - after);
      let bytes: Uint8Array;
      try {
        bytes = decodeBase64url(text);
      } catch {
        assert.throws(read, malformed);
        return;
      }
      assert.deepEqual(read(), bytes);
    }),
    { numRuns: 3000 },
  );
});
