import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeDeepLink } from '../../../credential/deep-link.ts';
import { encodeCardUri, parseCardUri } from '../../../credential/shc-uri.ts';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { readBytes, readCodes, readText } from '../../../verifier/pipeline/input.ts';

const jws = 'eyJ6aXAiOiJERUYifQ.AA.AA';
const code = encodeCardUri(jws, 'shc');
const chunk = code.replace('shc:/', 'shc:/1/2/');
const link = encodeDeepLink([jws, jws], 'https://wallet.example/');
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const noPicture = (): never => assert.fail('a picture was read');

describe('a text is read into its pieces:', () => {
  for (const [what, text, pieces] of [
    ['a JWS with white space around it', ` \t${jws}\r\n`, [{ text: jws }]],
    ['a JWS whose header begins with white space', 'ewogImFsZyI.AA.AA', [{ text: 'ewogImFsZyI.AA.AA' }]],
    ['the text of a QR code', code, [{ text: jws, scheme: 'shc' }]],
    ['a chunk of one', chunk, [{ chunk: parseCardUri(chunk) }]],
    ['a card file', `\n${encodeCardFile([jws, 'x'])}`, [{ text: jws }, { text: 'x' }]],
    ['a link to two cards', link, [{ text: jws }, { text: jws }]],
    [
      'good and bad lines in their order',
      `${jws}\nDear Sir\n\n${code}`,
      [{ text: jws }, { text: 'Dear Sir' }, { text: jws, scheme: 'shc' }],
    ],
    ['a code of another kind', 'WIFI:S:venue;;', [{ code: 'UNSUPPORTED_FORMAT' }]],
    ['a scheme in capitals', code.toUpperCase(), [{ code: 'UNSUPPORTED_FORMAT' }]],
    ['a letter of three lines, as one thing', 'Dear Sir,\nI am fit.\nYours', [{ code: 'MALFORMED' }]],
    ['nothing', ' \n', [{ code: 'MALFORMED' }]],
    ['a file of no cards', '{"verifiableCredential":[]}', [{ code: 'MALFORMED' }]],
  ] as const) {
    test(what, () => {
      assert.deepEqual(readText(text), pieces);
    });
  }
});

test('a text has at most 5,000,000 characters, 2,000 lines and 1,000 credentials', () => {
  const tooLarge = [{ code: 'TOO_LARGE' }];
  assert.deepEqual(readText(jws + ' '.repeat(5_000_000 - jws.length)), [{ text: jws }]);
  assert.deepEqual(readText(jws + ' '.repeat(5_000_001 - jws.length)), tooLarge);
  assert.equal(readText(Array<string>(1000).fill(jws).join('\n\n')).length, 1000);
  assert.deepEqual(readText(`${jws}\n${'\n'.repeat(2000)}${jws}`), tooLarge);
  assert.deepEqual(readText(Array<string>(1001).fill(jws).join('\n')), tooLarge);
  assert.deepEqual(readText(encodeCardFile(Array<string>(1001).fill(jws))), tooLarge);
});

test('five million blanks are read in a moment, wherever they stand', () => {
  const blanks = ' '.repeat(4_999_000);
  const begun = performance.now();
  assert.deepEqual(readText(`${blanks}${jws}`), [{ text: jws }]);
  assert.deepEqual(readText(`${jws}${blanks}`), [{ text: jws }]);
  assert.deepEqual(readText(`eyJ${blanks}.`), [{ text: `eyJ${blanks}.` }]);
  assert.ok(performance.now() - begun < 2_000);
});

test('bytes are a picture by how they begin, else UTF-8 text', async () => {
  const readPicture = async (): Promise<readonly string[]> => [code, chunk];
  const read = [{ text: jws, scheme: 'shc' }, { chunk: parseCardUri(chunk) }];
  assert.deepEqual(await readBytes(Uint8Array.of(0x89, 0x50, 0x4e, 0x47), readPicture), read);
  assert.deepEqual(await readBytes(Uint8Array.of(0xff, 0xd8, 0xff), readPicture), read);
  assert.deepEqual(await readBytes(utf8(jws), noPicture), [{ text: jws }]);
  for (const bytes of [
    Uint8Array.of(0xff, 0xd8),
    utf8(`\ufeff${jws}`).subarray(1),
    Uint8Array.of(...utf8(jws), 0xc0),
  ]) {
    assert.deepEqual(await readBytes(bytes, noPicture), [{ code: 'MALFORMED' }]);
  }
});

test('codes are read one by one, and no code at all is nothing that is read here', () => {
  assert.deepEqual(readCodes([code, 'Dear Sir']), [{ text: jws, scheme: 'shc' }, { text: 'Dear Sir' }]);
  assert.deepEqual(readCodes([]), [{ code: 'UNSUPPORTED_FORMAT' }]);
});
