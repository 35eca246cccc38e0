import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import { LevelDidStore } from '../../agent/did-store.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

async function makeDidStore(t: TestContext): Promise<LevelDidStore> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return new LevelDidStore(store);
}

const identifier = {
  did: 'did:web:a.example',
  alias: 'https://a.example',
  provider: 'did:web',
  keys: [],
  services: [],
};
const other = { ...identifier, did: 'did:web:b.example', alias: 'https://b.example' };

test('an identifier is found by its DID and by its alias', async (t) => {
  const dids = await makeDidStore(t);
  await dids.importDID(identifier);
  await dids.importDID(other);
  assert.deepEqual(await dids.getDID({ did: identifier.did }), identifier);
  assert.deepEqual(await dids.getDID({ alias: other.alias }), other);
  assert.deepEqual(await dids.listDIDs({ provider: 'did:web', alias: other.alias }), [other]);
  assert.deepEqual(await dids.listDIDs({ provider: 'did:key' }), []);
  assert.equal((await dids.listDIDs({})).length, 2);
});

test('an identifier that is not there, or not named, is unknown', async (t) => {
  const dids = await makeDidStore(t);
  await dids.importDID(identifier);
  await assert.rejects(dids.getDID({ did: other.did }), { code: 'DID_UNKNOWN' });
  await assert.rejects(dids.getDID({ alias: other.alias }), { code: 'DID_UNKNOWN' });
  await assert.rejects(dids.getDID({}), { code: 'DID_UNKNOWN' });
  assert.equal(await dids.deleteDID({ did: identifier.did }), true);
  assert.equal(await dids.deleteDID({ did: identifier.did }), false);
  await assert.rejects(dids.getDID({ did: identifier.did }), { code: 'DID_UNKNOWN' });
});
