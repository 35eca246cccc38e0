import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { IssuerStore } from '../../agent/issuer-store.ts';
import { KeystoreSigner } from '../../agent/keystore-signer.ts';
import { KEYSTORE_KMS, SignerKms } from '../../agent/signer-kms.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

async function makeKms(t: TestContext): Promise<{ dir: string; store: IssuerStore; kms: SignerKms }> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return { dir, store, kms: new SignerKms(KEYSTORE_KMS, new KeystoreSigner(store)) };
}

const message = Buffer.from('a message');

test('a key is made, named by its thumbprint, and signs ES256 as r ‖ s', async (t) => {
  const { kms } = await makeKms(t);
  const { kid, type, publicKeyHex, meta } = await kms.createKey({ type: 'Secp256r1' });
  assert.match(kid, /^[A-Za-z0-9_-]{43}$/);
  assert.equal(type, 'Secp256r1');
  assert.match(publicKeyHex, /^0[23][0-9a-f]{64}$/);
  const signature = Buffer.from(
    await kms.sign({ keyRef: { kid }, algorithm: 'ES256', data: message }),
    'base64url',
  );
  const verify = importEs256Key({ x: String(meta?.['x']), y: String(meta?.['y']) });
  assert.equal(verify(message, signature), true);
});

test('a key signs after the folder was closed and opened again', async (t) => {
  const { dir, store, kms } = await makeKms(t);
  const key = await kms.createKey({ type: 'Secp256r1' });
  await store.close();
  const again = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => again.close());
  const reopened = new SignerKms(KEYSTORE_KMS, new KeystoreSigner(again));
  assert.deepEqual(await reopened.listKeys(), [key]);
  const signature = await reopened.sign({ keyRef: { kid: key.kid }, data: message });
  assert.equal(Buffer.from(signature, 'base64url').length, 64);
});

test('key types and names that other systems silently replace are refused', async (t) => {
  const { kms } = await makeKms(t);
  for (const type of ['Ed25519', 'Secp256k1', 'X25519', 'Bls12381G1', '']) {
    await assert.rejects(kms.createKey({ type }), { code: 'KEY_UNSUPPORTED' });
  }
  await assert.rejects(kms.createKey({ type: 'Secp256r1', kid: 'mine' }), { code: 'KEY_UNSUPPORTED' });
  assert.deepEqual(await kms.listKeys(), []);
});

test('other algorithms, importing and agreeing on secrets are refused', async (t) => {
  const { kms } = await makeKms(t);
  const { kid } = await kms.createKey({ type: 'Secp256r1' });
  for (const algorithm of ['ES256K', 'ES384', 'EdDSA', 'none', '']) {
    await assert.rejects(kms.sign({ keyRef: { kid }, algorithm, data: message }), {
      code: 'KEY_UNSUPPORTED',
    });
  }
  await assert.rejects(kms.importKey(), { code: 'OPERATION_UNSUPPORTED' });
  await assert.rejects(kms.sharedSecret(), { code: 'OPERATION_UNSUPPORTED' });
});

test('a key that is unknown or deleted does not sign', async (t) => {
  const { kms } = await makeKms(t);
  const { kid } = await kms.createKey({ type: 'Secp256r1' });
  await kms.deleteKey({ kid });
  await assert.rejects(kms.sign({ keyRef: { kid }, data: message }), { code: 'KEY_UNKNOWN' });
  await assert.rejects(kms.sign({ keyRef: { kid: 'A'.repeat(43) }, data: message }), { code: 'KEY_UNKNOWN' });
});

test('a sealed key with a flipped byte, or put under another name, does not sign', async (t) => {
  const { store, kms } = await makeKms(t);
  const [first, second] = [
    await kms.createKey({ type: 'Secp256r1' }),
    await kms.createKey({ type: 'Secp256r1' }),
  ];
  const table = store.table<Uint8Array>('private-keys');
  const sealed = Buffer.from((await table.get(first.kid)) ?? []);
  await store.commit([table.put(second.kid, sealed)]);
  const flipped = Buffer.from(sealed);
  flipped[40] = (flipped[40] ?? 0) ^ 0x10;
  await store.commit([table.put(first.kid, flipped)]);

  const fresh = new SignerKms(KEYSTORE_KMS, new KeystoreSigner(store));
  for (const { kid } of [first, second]) {
    await assert.rejects(fresh.sign({ keyRef: { kid }, data: message }), { code: 'STORE_DAMAGED' });
  }
});

test('nothing of a private key is on disk or in what the system hands out', async (t) => {
  const { dir, store, kms } = await makeKms(t);
  const info = await kms.createKey({ type: 'Secp256r1' });
  const sealed = (await store.table<Uint8Array>('private-keys').get(info.kid)) ?? Buffer.of();
  const pkcs8 = store.box.open('private-keys', info.kid, sealed);
  const { d = '' } = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  await store.close();

  const scalar = Buffer.from(d, 'base64url');
  const secrets = [
    pkcs8,
    scalar,
    Buffer.from(d),
    Buffer.from(scalar.toString('hex')),
    Buffer.from(scalar.toString('base64')),
  ];
  const paths = (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  assert.ok(paths.length > 3);
  for (const entry of paths) {
    const bytes = await readFile(join(entry.parentPath, entry.name));
    for (const secret of secrets) assert.equal(bytes.indexOf(secret), -1, entry.name);
  }
  assert.ok(!JSON.stringify(info).includes(d));
});
