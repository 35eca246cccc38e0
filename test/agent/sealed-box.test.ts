import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { createEnvelope, openEnvelope, SealedBox } from '../../agent/sealed-box.ts';
import { KDF_COST, PASSPHRASE } from './issuer-fixture.ts';

const box = new SealedBox(Buffer.alloc(32, 7));
const plain = Buffer.from('the private key of an issuer');

test('a sealed record opens to what was sealed, the empty one too', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      assert.deepEqual(box.open('lists', 'k', box.seal('lists', 'k', bytes)), Buffer.from(bytes));
    }),
  );
});

test('sealing the same record twice gives different bytes', () => {
  assert.notDeepEqual(box.seal('lists', 'k', plain), box.seal('lists', 'k', plain));
});

test('a record with any byte flipped is refused', () => {
  const sealed = box.seal('private-keys', 'kid', plain);
  for (let at = 0; at < sealed.length; at++) {
    const flipped = Uint8Array.from(sealed);
    flipped[at] = (flipped[at] ?? 0) ^ 0x01;
    assert.throws(() => box.open('private-keys', 'kid', flipped), { code: 'STORE_DAMAGED' });
  }
});

test('a record cut short is refused', () => {
  const sealed = box.seal('private-keys', 'kid', plain);
  for (let length = 0; length < sealed.length; length++) {
    assert.throws(() => box.open('private-keys', 'kid', sealed.subarray(0, length)), {
      code: 'STORE_DAMAGED',
    });
  }
});

test('a record moved to another key or table is refused', () => {
  const sealed = box.seal('private-keys', 'kid', plain);
  assert.throws(() => box.open('private-keys', 'other', sealed), { code: 'STORE_DAMAGED' });
  assert.throws(() => box.open('lists', 'kid', sealed), { code: 'STORE_DAMAGED' });
});

test('a record sealed under another data key is refused', () => {
  const other = new SealedBox(Buffer.alloc(32, 8));
  assert.throws(() => other.open('lists', 'k', box.seal('lists', 'k', plain)), { code: 'STORE_DAMAGED' });
});

test('the passphrase opens its envelope, typed in another normal form too', async () => {
  const { envelope, box: made } = await createEnvelope('pässphrase of tests', KDF_COST);
  const sealed = made.seal('lists', 'k', plain);
  const opened = await openEnvelope(JSON.parse(JSON.stringify(envelope)), 'pa\u0308ssphrase of tests');
  assert.deepEqual(opened.open('lists', 'k', sealed), plain);
});

test('the default cost is scrypt with N = 2^17, r = 8, p = 1, written in the envelope', async () => {
  const { kdf } = (await createEnvelope(PASSPHRASE)).envelope;
  assert.deepEqual([kdf.name, kdf.N, kdf.r, kdf.p], ['scrypt', 131_072, 8, 1]);
});

test('a wrong passphrase is said to be wrong', async () => {
  const { envelope } = await createEnvelope(PASSPHRASE, KDF_COST);
  for (const wrong of ['another passphrase', `${PASSPHRASE} `, '']) {
    await assert.rejects(openEnvelope(envelope, wrong), { code: 'WRONG_PASSPHRASE' });
  }
});

test('a passphrase under 8 characters makes no envelope', async () => {
  await assert.rejects(createEnvelope('7 chars', KDF_COST), { code: 'PASSPHRASE_TOO_SHORT' });
});

test('an envelope whose parameters were changed does not open', async () => {
  const { envelope } = await createEnvelope(PASSPHRASE, KDF_COST);
  const weaker = { ...envelope, kdf: { ...envelope.kdf, p: 2 } };
  await assert.rejects(openEnvelope(weaker, PASSPHRASE), { code: 'WRONG_PASSPHRASE' });
});

test('an envelope that is none, or asks for the memory of the machine, is damaged', async () => {
  const { envelope } = await createEnvelope(PASSPHRASE, KDF_COST);
  const bad: unknown[] = [
    null,
    [],
    'text',
    {},
    { ...envelope, version: 2 },
    { ...envelope, iv: 'AAAA' },
    { ...envelope, wrappedKey: 7 },
    ...[2 ** 30, 2 ** 10, 2 ** 14 + 1, 0, -1, '16384'].map((N) => ({
      ...envelope,
      kdf: { ...envelope.kdf, N },
    })),
    { ...envelope, kdf: { ...envelope.kdf, r: 1e6 } },
    { ...envelope, kdf: { ...envelope.kdf, name: 'none' } },
  ];
  for (const json of bad) await assert.rejects(openEnvelope(json, PASSPHRASE), { code: 'STORE_DAMAGED' });
});
