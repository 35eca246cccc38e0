import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { importEs256Key as importOnNode } from '../../credential/es256-node.ts';
import { importEs256Key } from '../../credential/es256-web.ts';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
const data = new TextEncoder().encode('what is signed');
const signature = new Uint8Array(sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
const [r, s] = [integerAt(0), integerAt(32)];

function integerAt(offset: number): bigint {
  return BigInt(`0x${Buffer.from(signature.subarray(offset, offset + 32)).toString('hex')}`);
}

function signatureOf(...numbers: readonly bigint[]): Uint8Array {
  return Buffer.from(numbers.map((n) => n.toString(16).padStart(64, '0')).join(''), 'hex');
}

test('the example of RFC 7515 appendix A.3 verifies', async () => {
  const verifyExample = await importEs256Key({
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  });
  const signingInput = new TextEncoder().encode(
    'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
  );
  const rs = decodeBase64url(
    'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  );
  assert.equal(await verifyExample(signingInput, rs), true);
  assert.equal(await verifyExample(signingInput.with(0, 0), rs), false);
});

for (const [what, expected, rs, signed = data] of [
  ['a good signature', true, signature],
  ['its high-s twin', true, signatureOf(r, ORDER - s)],
  ['a view into a larger buffer', true, new Uint8Array([0, ...signature, 0]).subarray(1, 65)],
  ['other data', false, signature, data.with(0, 0)],
  ['r = 0', false, signatureOf(0n, s)],
  ['s = 0', false, signatureOf(r, 0n)],
  ['both zero', false, signatureOf(0n, 0n)],
  ['r = n', false, signatureOf(ORDER, s)],
  ['s = n', false, signatureOf(r, ORDER)],
  ['s beyond n', false, signatureOf(r, 2n ** 256n - 1n)],
  ['r and s exchanged', false, signatureOf(s, r)],
  ['a DER signature', false, sign('sha256', data, privateKey)],
  ['63 bytes', false, signature.subarray(0, 63)],
  ['65 bytes', false, new Uint8Array([...signature, 0])],
  ['no bytes', false, new Uint8Array()],
] as const) {
  test(`WebCrypto and node:crypto both ${expected ? 'accept' : 'refuse'} ${what}`, async () => {
    const verify = await importEs256Key({ x, y });
    assert.equal(await verify(signed, rs), expected);
    assert.equal(importOnNode({ x, y })(signed, rs), expected);
  });
}

test('both answer alike for every flipped bit of a signature', async () => {
  const [onWeb, onNode] = [await importEs256Key({ x, y }), importOnNode({ x, y })];
  for (let bit = 0; bit < 512; bit++) {
    const flipped = signature.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit % 8));
    assert.equal(await onWeb(data, flipped), false);
    assert.equal(onNode(data, flipped), false);
  }
});

test('coordinates without their leading zero bytes make the same key', async () => {
  for (;;) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const full = pair.publicKey.export({ format: 'jwk' });
    const bytes = decodeBase64url(full.x ?? '');
    if (bytes[0] !== 0) continue;
    const short = await importEs256Key({ x: encodeBase64url(bytes.subarray(1)), y: full.y ?? '' });
    assert.equal(
      await short(data, sign('sha256', data, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' })),
      true,
    );
    break;
  }
});

for (const [fault, key] of [
  ['a point off the curve', { x: y, y: x }],
  ['the point (0, 0)', { x: 'AA', y: 'AA' }],
  ['a coordinate at the field prime', { x: '_____wAAAAEAAAAAAAAAAAAAAAD_______________8', y }],
  ['a coordinate of 35 bytes', { x: `AAAA${x}`, y }],
  ['an empty coordinate', { x: '', y }],
  ['a coordinate that is not base64url', { x: `${x}=`, y }],
] as const) {
  test(`${fault} is no key for WebCrypto either`, async () => {
    await assert.rejects(importEs256Key(key), { name: 'FormatError', code: 'MALFORMED' });
    assert.throws(() => importOnNode(key), { name: 'FormatError', code: 'MALFORMED' });
  });
}
