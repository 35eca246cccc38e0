import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { IssuerStore } from '../../agent/issuer-store.ts';
import { LevelKeyStore } from '../../agent/key-store.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

async function makeKeyStore(t: TestContext): Promise<LevelKeyStore> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return new LevelKeyStore(store);
}

const key = {
  kid: 'k1',
  kms: 'node',
  type: 'Secp256r1',
  publicKeyHex: '02ab',
  meta: { algorithms: ['ES256'] },
};

test('a key is kept, found, listed and deleted', async (t) => {
  const keys = await makeKeyStore(t);
  await keys.importKey(key);
  await keys.importKey({ ...key, kid: 'k2' });
  assert.deepEqual(await keys.getKey({ kid: 'k1' }), key);
  assert.deepEqual(
    (await keys.listKeys()).map(({ kid }) => kid),
    ['k1', 'k2'],
  );
  assert.equal(await keys.deleteKey({ kid: 'k1' }), true);
  assert.equal(await keys.deleteKey({ kid: 'k1' }), false);
  await assert.rejects(keys.getKey({ kid: 'k1' }), { code: 'KEY_UNKNOWN' });
});

test('a key that brings its private part, or lacks a part, is refused', async (t) => {
  const keys = await makeKeyStore(t);
  await assert.rejects(keys.importKey({ ...key, privateKeyHex: '00' }), { code: 'KEY_UNSUPPORTED' });
  await assert.rejects(keys.importKey({ kid: 'k1' }), { code: 'KEY_UNSUPPORTED' });
  assert.deepEqual(await keys.listKeys(), []);
});
