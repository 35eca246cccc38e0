import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { encodeBase64url } from '../../credential/base64url.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { coordinateBytes, parseIssuerJwk, thumbprint } from '../../credential/jwk.ts';
import { dataDir } from '../support/data.ts';

const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const kid = thumbprint({ x, y });
const long = encodeBase64url(new Uint8Array([0, ...coordinateBytes(x)]));
const jwk = { kty: 'EC', use: 'sig', alg: 'ES256', crv: 'P-256', kid, x, y };

test('the thumbprint is that of RFC 7638, as jose computes it', async () => {
  assert.equal(kid, await calculateJwkThumbprint({ kty: 'EC', crv: 'P-256', x, y }, 'sha256'));
});

test('the thumbprint of the key in RFC 9449 §6.1 is the one published there', () => {
  // RFC 7638 §3.1 has an RSA key for its example, which is no key here.
  const key = {
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
  };
  assert.equal(thumbprint(key), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
});

test('an issuer key by the rules is read', () => {
  assert.deepEqual(parseIssuerJwk(jwk), { kid, x, y, crlVersion: undefined });
});

test('unknown members and certificates are ignored', () => {
  assert.equal(parseIssuerJwk({ ...jwk, x5c: ['bm90IGE='], keySize: 256, date: 'today' }).kid, kid);
});

test('the counter of the revocation list may be a number or a numeric text', () => {
  assert.equal(parseIssuerJwk({ ...jwk, crlVersion: 69 }).crlVersion, 69);
  assert.equal(parseIssuerJwk({ ...jwk, crlVersion: '1' }).crlVersion, 1);
});

for (const [fault, change, code] of [
  ['an RSA key', { kty: 'RSA' }, 'UNSUPPORTED_FORMAT'],
  ['another curve', { crv: 'P-384' }, 'UNSUPPORTED_FORMAT'],
  ['another algorithm', { alg: 'ES384' }, 'UNSUPPORTED_FORMAT'],
  ['an encryption key', { use: 'enc' }, 'UNSUPPORTED_FORMAT'],
  ['a key without use', { use: undefined }, 'UNSUPPORTED_FORMAT'],
  ['a private key', { d: x }, 'MALFORMED'],
  ['a private key whose d is null', { d: null }, 'MALFORMED'],
  ['a foreign kid', { kid: thumbprint({ x: y, y: x }) }, 'MALFORMED'],
  ['no kid', { kid: undefined }, 'MALFORMED'],
  ['no x', { x: undefined }, 'MALFORMED'],
  ['padded coordinates', { x: `${x}=`, kid: thumbprint({ x: `${x}=`, y }) }, 'MALFORMED'],
  ['an empty coordinate', { x: '', kid: thumbprint({ x: '', y }) }, 'MALFORMED'],
  ['a coordinate of 33 bytes', { x: long, kid: thumbprint({ x: long, y }) }, 'MALFORMED'],
  ['a counter that is no number', { crlVersion: 'x' }, 'MALFORMED'],
  ['a negative counter', { crlVersion: -1 }, 'MALFORMED'],
  ['a fractional counter', { crlVersion: 1.5 }, 'MALFORMED'],
] as const) {
  test(`${fault} is refused`, () => {
    assert.throws(() => parseIssuerJwk({ ...jwk, ...change }), { name: 'FormatError', code });
  });
}

test('what is no JSON object is refused', () => {
  for (const json of [null, [], 'EC', undefined]) {
    assert.throws(() => parseIssuerJwk(json), { name: 'FormatError', code: 'MALFORMED' });
  }
});

test('coordinates are padded on the left to 32 bytes', () => {
  assert.deepEqual(coordinateBytes('AQ'), new Uint8Array(32).with(31, 1));
  assert.equal(Buffer.from(coordinateBytes(x)).toString('base64url'), x);
});

test(
  'every key of the real directory has the published kid as its thumbprint, and is a point of P-256',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  () => {
    const text = readFileSync(`${dataDir}/vci-directory/vci_snapshot.json`, 'utf8');
    const { issuerInfo } = JSON.parse(text) as { issuerInfo: { keys: { kid: string; x: string }[] }[] };
    const keys = issuerInfo.flatMap((issuer) => issuer.keys);
    for (const key of keys) {
      const parsed = parseIssuerJwk(key);
      assert.equal(parsed.kid, key.kid);
      importEs256Key(parsed);
    }
    assert.equal(keys.length, 961);
    assert.equal(keys.filter((key) => key.x.length === 42).length, 2);
  },
);
