import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeCardFile, MAX_FILE_CHARS, parseCardFile } from '../../credential/smart-health-card-file.ts';
import { dataDir } from '../support/data.ts';

describe('a .smart-health-card file', () => {
  for (const number of ['00', '01', '02', '03']) {
    test(
      `of official example ${number} holds its JWS`,
      {
        skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false,
      },
      () => {
        const read = (name: string): string =>
          readFileSync(`${dataDir}/shc-examples/example-${number}-${name}`, 'utf8');
        assert.deepEqual(parseCardFile(read('e-file.smart-health-card')), [read('d-jws.txt').trim()]);
      },
    );
  }

  test('comes back as the cards it was written with', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[A-Za-z0-9_.-]{1,99}$/), { minLength: 1, maxLength: 9 }),
        (cards) => {
          assert.deepEqual(parseCardFile(encodeCardFile(cards)), cards);
        },
      ),
    );
  });

  test('may have other members, which are ignored', () => {
    assert.deepEqual(parseCardFile('{"x":{"verifiableCredential":["b"]},"verifiableCredential":["a"]}'), [
      'a',
    ]);
  });

  test('is refused in any other shape', () => {
    const texts = [
      '',
      ' ',
      '{}',
      '[]',
      '["a"]',
      '"a"',
      'null',
      '{"verifiableCredential":"a"}',
      '{"verifiableCredential":[]}',
    ];
    const lists = ['[1]', '["a",null]', '["a",{}]', '[["a"]]', '[""]', 'null', '{"0":"a","length":1}'];
    const strict = [
      '{"verifiableCredential":["a"],"verifiableCredential":["b"]}',
      '{"verifiableCredential":["a"]} x',
      '\ufeff{"verifiableCredential":["a"]}',
    ];
    for (const text of [...texts, ...strict, ...lists.map((list) => `{"verifiableCredential":${list}}`)]) {
      assert.throws(() => parseCardFile(text), { code: 'MALFORMED' }, text);
    }
  });

  test('is read up to 5 MB and refused beyond, before it is parsed', () => {
    const file = encodeCardFile(['a']);
    assert.deepEqual(parseCardFile(file.padEnd(MAX_FILE_CHARS, ' ')), ['a']);
    assert.throws(() => parseCardFile(file.padEnd(MAX_FILE_CHARS + 1, ' ')), { code: 'TOO_LARGE' });
    assert.throws(() => parseCardFile('{'.padEnd(MAX_FILE_CHARS + 1, ' ')), { code: 'TOO_LARGE' });
  });

  test('is not written empty, with an empty card, or larger than it could be read', () => {
    assert.throws(() => encodeCardFile([]), { code: 'MALFORMED' });
    assert.throws(() => encodeCardFile(['a', '']), { code: 'MALFORMED' });
    assert.throws(() => encodeCardFile(['a'.repeat(MAX_FILE_CHARS)]), { code: 'TOO_LARGE' });
  });
});
