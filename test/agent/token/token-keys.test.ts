import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';

import { publicKeyOf, rawSignature } from '../../../agent/token/token-keys.ts';
import { thumbprint } from '../../../credential/jwk.ts';

const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  format: 'jwk',
});
const POINT = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);

test('the point of a key is read as DER and bare', () => {
  const key = { kid: thumbprint({ x, y }), x, y };
  assert.deepEqual(publicKeyOf(Buffer.concat([Buffer.of(4, 65), POINT])), key);
  assert.deepEqual(publicKeyOf(POINT), key);
});

test('what is no uncompressed point of P-256 is refused', () => {
  const moved = Buffer.from(POINT);
  moved[64] = (moved[64] ?? 0) ^ 1;
  const wrong = [
    Buffer.of(),
    POINT.subarray(0, 64),
    Buffer.concat([Buffer.of(2), POINT.subarray(1, 33)]),
    Buffer.concat([POINT, Buffer.of(0)]),
    Buffer.concat([Buffer.of(5, 65), POINT]),
    Buffer.alloc(65, 4),
    moved,
  ];
  for (const stated of wrong) {
    assert.throws(() => publicKeyOf(stated), { code: 'KEY_UNSUPPORTED' }, stated.toString('hex'));
  }
});

test('a signature is 64 bytes, each half filled up from the left', () => {
  const whole = Buffer.from(Array.from({ length: 64 }, (_, place) => place + 1));
  assert.deepEqual(Buffer.from(rawSignature(whole)), whole);
  const short = Buffer.concat([whole.subarray(1, 32), whole.subarray(33)]);
  const filled = Buffer.from(whole);
  filled[0] = filled[32] = 0;
  assert.deepEqual(Buffer.from(rawSignature(short)), filled);
  for (const length of [0, 1, 63, 65, 70, 72, 128]) {
    assert.throws(() => rawSignature(Buffer.alloc(length, 1)), { code: 'TOKEN_FAULT' }, String(length));
  }
});
