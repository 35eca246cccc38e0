import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { encodeCardUri, joinChunks, parseCardUri, type CardScheme } from '../../credential/shc-uri.ts';
import { dataDir } from '../support/data.ts';

const needsData = { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false };
const example = (name: string): string => readFileSync(`${dataDir}/shc-examples/${name}.txt`, 'utf8').trim();

const scheme = fc.constantFrom<CardScheme>('shc', 'pratique');
const jws = fc.stringMatching(/^[A-Za-z0-9_.-]{1,300}$/);

describe('the text of a card’s QR code', () => {
  test('writes each character as two digits, its code less 45', () => {
    assert.equal(encodeCardUri('-.zA09', 'shc'), 'shc:/000177200312');
    assert.equal(encodeCardUri('_', 'pratique'), 'pratique:/50');
  });

  test('comes back as the JWS it was written from', () => {
    fc.assert(
      fc.property(jws, scheme, (text, as) => {
        assert.deepEqual(parseCardUri(encodeCardUri(text, as)), { scheme: as, chunk: undefined, text });
      }),
    );
  });

  for (const number of ['00', '01', '03']) {
    test(`is the official one for example ${number}, both ways`, needsData, () => {
      const [card, uri] = [
        example(`example-${number}-d-jws`),
        example(`example-${number}-f-qr-code-numeric-value-0`),
      ];
      assert.equal(encodeCardUri(card, 'shc'), uri);
      assert.equal(parseCardUri(uri).text, card);
    });
  }

  test('is not written for a text that is no compact JWS', () => {
    for (const text of ['', 'a b', 'a/b', 'a+b', 'a=', 'ä', 'a\n', 'a{', 'a,']) {
      assert.throws(() => encodeCardUri(text, 'shc'), { code: 'MALFORMED' });
    }
  });

  test('is read only under the two schemes, in lower case', () => {
    for (const text of ['', 'SHC:/0000', 'shc:0000', ' shc:/0000', 'http://0000', 'Pratique:/0000', 'shc:']) {
      assert.throws(() => parseCardUri(text), { code: 'UNSUPPORTED_FORMAT' });
    }
  });

  test('is refused when its digits are none, odd, out of range or no digits', () => {
    for (const digits of [
      '',
      '0',
      '000',
      '78',
      '7799',
      '02',
      '0a',
      '-1',
      ' 00',
      '00 ',
      '00\n',
      '٠٠',
      '0.',
      '+0',
      '13',
    ]) {
      assert.throws(() => parseCardUri(`shc:/${digits}`), { code: 'MALFORMED' }, digits);
    }
  });

  test('reads back exactly the 64 characters of base64url and the dot out of all hundred pairs', () => {
    let read = '';
    for (let pair = 0; pair < 100; pair++) {
      try {
        read += parseCardUri(`shc:/${String(pair).padStart(2, '0')}`).text;
      } catch (error) {
        assert.equal((error as { code?: unknown }).code, 'MALFORMED');
      }
    }
    assert.equal(read, '-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz');
  });

  test('of almost five million characters is read or refused in a moment, and a longer one is too large', () => {
    const started = performance.now();
    assert.equal(parseCardUri(`shc:/${'56'.repeat(2_400_000)}`).text.length, 2_400_000);
    assert.throws(() => parseCardUri(`shc:/${'5'.repeat(4_800_001)}`), { code: 'MALFORMED' });
    assert.throws(() => parseCardUri(`shc:/${'1/'.repeat(2_400_000)}`), { code: 'MALFORMED' });
    assert.throws(() => parseCardUri(`shc:/${'56'.repeat(2_500_000)}`), { code: 'TOO_LARGE' });
    assert.ok(performance.now() - started < 2_000);
  });
});

describe('the chunks of a card', () => {
  test('say their number and how many there are', () => {
    assert.deepEqual(parseCardUri('shc:/2/13/5600'), {
      scheme: 'shc',
      chunk: { index: 2, total: 13 },
      text: 'e-',
    });
    assert.deepEqual(parseCardUri('shc:/99/99/56').chunk, { index: 99, total: 99 });
    assert.deepEqual(parseCardUri('shc:/1/1/56').chunk, { index: 1, total: 1 });
  });

  test('are refused when the numbers are not of 1 to 99, in order and plain', () => {
    const heads = [
      '0/1',
      '2/1',
      '1/100',
      '100/100',
      '01/2',
      '1/02',
      '1',
      '/1',
      '1//2',
      '1/2/3',
      '-1/2',
      '1 /2',
      'a/b',
      '',
    ];
    for (const head of heads)
      assert.throws(() => parseCardUri(`shc:/${head}/5656`), { code: 'MALFORMED' }, head);
    assert.throws(() => parseCardUri('shc:/1/2/'), { code: 'MALFORMED' });
  });

  test('do not exist for a Pass', () => {
    assert.throws(() => parseCardUri('pratique:/1/2/5656'), { code: 'MALFORMED' });
  });

  test('of official example 02 join to its JWS in any order', needsData, () => {
    const chunks = [2, 0, 1].map((n) => parseCardUri(example(`example-02-f-qr-code-numeric-value-${n}`)));
    assert.equal(joinChunks(chunks), example('example-02-d-jws'));
  });

  test('join in any order and with repetitions to what they were cut from', () => {
    const parts = fc.array(jws, { minLength: 1, maxLength: 12 }).chain((texts) => {
      const uris = texts.map((text, i) =>
        encodeCardUri(text, 'shc').replace('/', `/${i + 1}/${texts.length}/`),
      );
      const more = fc.array(fc.constantFrom(...uris), { maxLength: 3 });
      return more.chain((again) =>
        fc.record({
          whole: fc.constant(texts.join('')),
          uris: fc.shuffledSubarray([...uris, ...again], { minLength: uris.length + again.length }),
        }),
      );
    });
    fc.assert(
      fc.property(parts, ({ whole, uris }) => assert.equal(joinChunks(uris.map(parseCardUri)), whole)),
    );
  });

  test('are incomplete as long as one is missing', () => {
    const [first, third] = [parseCardUri('shc:/1/3/56'), parseCardUri('shc:/3/3/56')];
    assert.throws(() => joinChunks([first, third]), { code: 'INCOMPLETE_QR' });
    assert.throws(() => joinChunks([first, first, first]), { code: 'INCOMPLETE_QR' });
    assert.throws(() => joinChunks([]), { code: 'INCOMPLETE_QR' });
  });

  test('of different cards are never mixed', () => {
    const first = parseCardUri('shc:/1/2/56');
    for (const other of ['shc:/2/3/56', 'shc:/1/2/57', 'shc:/56']) {
      assert.throws(() => joinChunks([first, parseCardUri('shc:/2/2/56'), parseCardUri(other)]), {
        code: 'MALFORMED',
      });
    }
  });
});
