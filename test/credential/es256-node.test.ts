import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { importEs256Key } from '../../credential/es256-node.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const verify = importEs256Key({ x, y });
const data = new TextEncoder().encode('what is signed');
const signature = new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));

function integerAt(offset: number): bigint {
  return BigInt(`0x${Buffer.from(signature.subarray(offset, offset + 32)).toString('hex')}`);
}

function signatureOf(r: bigint, s: bigint): Uint8Array {
  return Buffer.from([r, s].map((n) => n.toString(16).padStart(64, '0')).join(''), 'hex');
}

test('the example of RFC 7515 appendix A.3 verifies', () => {
  const signingInput =
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  const rs = decodeBase64url(
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  );
  const key = {
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  };
  const verifyExample = importEs256Key(key);
  assert.equal(verifyExample(new TextEncoder().encode(signingInput), rs), true);
  assert.equal(verifyExample(new TextEncoder().encode(`${signingInput}A`), rs), false);
});

test('a good signature verifies, and its high-s twin', () => {
  assert.equal(verify(data, signature), true);
  assert.equal(verify(data, signatureOf(integerAt(0), ORDER - integerAt(32))), true);
});

test('any flipped bit of signature or data refuses', () => {
  for (let bit = 0; bit < 512; bit++) {
    const flipped = signature.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit % 8));
    assert.equal(verify(data, flipped), false);
  }
  assert.equal(verify(data.with(0, 0), signature), false);
});

for (const [fault, r, s] of [
  ['r = 0', 0n, 1n],
  ['s = 0', 1n, 0n],
  ['both zero', 0n, 0n],
  ['r = n', ORDER, 1n],
  ['s = n', 1n, ORDER],
  ['s beyond n', 1n, 2n ** 256n - 1n],
] as const) {
  test(`a signature with ${fault} is refused`, () => {
    assert.equal(verify(data, signatureOf(r, s)), false);
  });
}

test('a DER signature and signatures of another length are refused', () => {
  assert.equal(verify(data, sign('sha256', data, privateKey)), false);
  assert.equal(verify(data, signature.subarray(0, 63)), false);
  assert.equal(verify(data, new Uint8Array([...signature, 0])), false);
  assert.equal(verify(data, new Uint8Array()), false);
});

test('coordinates without their leading zero bytes make the same key', () => {
  for (;;) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const full = pair.publicKey.export({ format: 'jwk' });
    const bytes = decodeBase64url(full.x ?? '');
    if (bytes[0] !== 0) continue;
    const short = importEs256Key({ x: encodeBase64url(bytes.subarray(1)), y: full.y ?? '' });
    const rs = sign('sha256', data, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
    assert.equal(short(data, rs), true);
    break;
  }
});

for (const [fault, key] of [
  ['a point off the curve', { x: y, y: x }],
  ['the point (0, 0)', { x: 'AA', y: 'AA' }],
  ['a coordinate at the field prime', { x: '_____wAAAAEAAAAAAAAAAAAAAAD_______________8', y }],
  ['an empty coordinate', { x: '', y }],
  ['a coordinate that is not base64url', { x: `${x}=`, y }],
] as const) {
  test(`${fault} is no key`, () => {
    assert.throws(() => importEs256Key(key), { name: 'FormatError', code: 'MALFORMED' });
  });
}
