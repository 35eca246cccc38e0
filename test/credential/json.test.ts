import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeUtf8, parseJson } from '../../credential/json.ts';

const malformed = { name: 'FormatError', code: 'MALFORMED' };

test('any JSON value is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(3), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      assert.deepEqual(parseJson(text), JSON.parse(text));
    }),
  );
});

test('a text is taken exactly if JSON.parse takes it and no strict rule refuses it', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"a"',
    '"\\u0061"',
    '"b"',
    '"',
    '\\',
    '1',
    ' ',
    'null',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      let value: unknown;
      try {
        value = parseJson(text);
      } catch (error) {
        assert.equal((error as { code?: unknown }).code, 'MALFORMED');
        return;
      }
      assert.deepEqual(value, JSON.parse(text));
    }),
    { numRuns: 5000 },
  );
});

for (const [fault, text] of [
  ['a member named twice', '{"a":1,"a":1}'],
  ['a member named twice, once in escapes', '{"a":1,"\\u0061":2}'],
  ['a member named twice in an object that is itself replaced', '{"x":{"a":1,"a":2},"y":0}'],
  ['a member named twice deep inside', '[{"b":[{"c":{"a":1,"b":2,"a":3}}]}]'],
  ['the empty name twice', '{"":1,"":2}'],
  ['an index twice', '{"0":1,"0":2}'],
  ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
  ['__proto__ twice, once in escapes', '{"__proto__":1,"\\u005f_proto__":2}'],
  ['two big objects under one name', '{"a":{"b":1,"c":2},"a":{"b":1,"c":2,"d":3}}'],
  ['a byte order mark', '\ufeff{}'],
  ['trailing text', '{} {}'],
  ['a trailing comma', '[1,]'],
  ['an empty text', ''],
  ['a comment', '{}//'],
  ['a bare word', 'NaN'],
  ['a control character in a string', '"\u0001"'],
  ['half a surrogate pair', '"\ud800"'],
  ['half a surrogate pair in escapes', '"\\ud800"'],
  ['half a surrogate pair in escapes, in capitals', '"\\uDFFF"'],
  ['half a surrogate pair as a name', '{"\\udc00":1}'],
  ['a pair whose halves are written in two ways', '"\\ud83d\ude00"'],
  ['a number beyond the range of a double', '[1e309]'],
  ['a negative one as a member', '{"a":-1E+400}'],
  ['a number of 310 digits alone', '9'.repeat(310)],
  ['33 nested arrays', '['.repeat(33) + ']'.repeat(33)],
  ['33 nested objects', '{"a":'.repeat(33) + '1' + '}'.repeat(33)],
  ['a million open brackets', '['.repeat(1e6)],
] as const) {
  test(`${fault} is refused`, () => {
    assert.throws(() => parseJson(text), malformed);
  });
}

test('what only looks like a fault is taken', () => {
  for (const text of [
    '{"a":{"a":{"a":1}},"b":{"a":2}}',
    '{"a":"x\\":y","b":"{[:","c\\\\":1}',
    '"\\ud83d\\ude00 \\\\ud800 ud800"',
    '{"\\u00d8":"\u00d8"}',
    '"\ufeff"',
    ' [1.5e3, -0, true]\r\n\t',
    '[1.7976931348623157e308, 1e-400]',
    '['.repeat(32) + ']'.repeat(32),
    '[' + '[],'.repeat(100) + '[]]',
  ]) {
    assert.deepEqual(parseJson(text), JSON.parse(text));
  }
});

test('a member __proto__ stays a member and changes no prototype', () => {
  const value = parseJson('{"__proto__":{"admin":true}}');
  assert.ok(typeof value === 'object' && value !== null);
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ['__proto__']);
});

test('names that stand in the prototype of objects may stand once', () => {
  assert.deepEqual(Object.keys(parseJson('{"constructor":1,"toString":2}') as object), [
    'constructor',
    'toString',
  ]);
});

test('the message of a refusal carries nothing of the text', () => {
  assert.throws(
    () => parseJson('{"secret": secret}'),
    (error: Error) => !error.message.includes('secret') && error.cause === undefined,
  );
});

for (const [fault, bytes] of [
  ['an overlong form', [0xc0, 0xaf]],
  ['an encoded surrogate', [0xed, 0xa0, 0x80]],
  ['a sequence cut short', [0x22, 0xe2, 0x82]],
  ['a byte that never occurs', [0xff]],
] as const) {
  test(`UTF-8 with ${fault} is refused`, () => {
    assert.throws(() => decodeUtf8(new Uint8Array(bytes)), malformed);
  });
}

test('a byte order mark in UTF-8 survives decoding, so that parsing refuses it', () => {
  const text = decodeUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
  assert.equal(text, '\ufeff{}');
  assert.throws(() => parseJson(text), malformed);
});
