import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeDeepLink, isWebAddress, parseDeepLink } from '../../credential/deep-link.ts';

const refusal = (code: string) => ({ name: 'FormatError', code });
const base = 'https://wallet.example/SMARTHealthCard/';

test('cards stand URL-encoded in the fragment', () => {
  const link = `${base}#%7B%22verifiableCredential%22%3A%5B%22a.b.c%22%2C%22d.e.f%22%5D%7D`;
  assert.equal(encodeDeepLink(['a.b.c', 'd.e.f'], base), link);
  assert.deepEqual(parseDeepLink(link), ['a.b.c', 'd.e.f']);
});

test('every card comes back from its link', () => {
  const jws = fc.array(fc.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(jws, fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }), (cards, address) => {
      assert.deepEqual(parseDeepLink(encodeDeepLink(cards, address)), cards);
    }),
  );
});

test('a fragment may stand unencoded, encoded in part, or in lower case', () => {
  for (const fragment of [
    '{"verifiableCredential":["a.b.c"]}',
    '{%22verifiableCredential%22:[%22a.b.c%22]}',
    '%7b%22verifiableCredential%22%3a%5b%22a.b.c%22%5d%7d',
  ]) {
    assert.deepEqual(parseDeepLink(`HTTPS://wallet.example/?a=b#${fragment}`), ['a.b.c']);
  }
});

for (const [what, link, code] of [
  ['without a fragment', base, 'UNSUPPORTED_FORMAT'],
  ['with an empty fragment', `${base}#`, 'UNSUPPORTED_FORMAT'],
  ['with another fragment', `${base}#section-2`, 'UNSUPPORTED_FORMAT'],
  ['to a SMART Health Link', `${base}#shlink:/eyJ9`, 'UNSUPPORTED_FORMAT'],
  ['that is not https', 'http://wallet.example/#{"verifiableCredential":["a.b.c"]}', 'UNSUPPORTED_FORMAT'],
  ['that is no address', '#{"verifiableCredential":["a.b.c"]}', 'UNSUPPORTED_FORMAT'],
  ['with half an escape', `${base}#%7B%2`, 'MALFORMED'],
  ['with bytes that are not UTF-8', `${base}#%7B%ff`, 'MALFORMED'],
  ['with broken JSON', `${base}#%7B`, 'MALFORMED'],
  ['with a member twice', `${base}#{"verifiableCredential":["a"],"verifiableCredential":["b"]}`, 'MALFORMED'],
  ['without cards', `${base}#{"verifiableCredential":[]}`, 'MALFORMED'],
  ['without a list', `${base}#{}`, 'MALFORMED'],
  ['encoded twice', `${base}#%257B%2522verifiableCredential%2522`, 'UNSUPPORTED_FORMAT'],
  ['of 5,000,001 characters', `${base}#{`.padEnd(5_000_001), 'TOO_LARGE'],
] as const) {
  test(`a link ${what} is ${code}`, () => {
    assert.throws(() => parseDeepLink(link), refusal(code));
  });
}

test('a link needs a card, an https address without fragment, and room', () => {
  assert.throws(() => encodeDeepLink([], base), refusal('MALFORMED'));
  for (const bad of ['http://a.example/', 'wallet.example', `${base}#x`, '', 'https://', 'https://a b']) {
    assert.throws(() => encodeDeepLink(['a.b.c'], bad), refusal('MALFORMED'));
  }
  assert.throws(() => encodeDeepLink(['a'.repeat(4_999_960)], base), refusal('TOO_LARGE'));
});

test('a web address is one by how it begins', () => {
  for (const text of ['https://a', 'http://a', 'HTTPS://a']) assert.ok(isWebAddress(text));
  for (const text of ['', 'shc:/1', 'https:/a', 'ftp://a', ' https://a', './https://a']) {
    assert.ok(!isWebAddress(text));
  }
});
