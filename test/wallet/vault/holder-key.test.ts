import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyFromDidJwk } from '../../../credential/did-jwk.ts';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import { createVault, unlockVault } from '../../../wallet/vault/vault.ts';
import { testPorts } from './memory-store.ts';

const PIN = '274915';

test('the holder has one DID, made at first use and the same after a reload, whose key signs', async () => {
  const ports = testPorts();
  const made = await holderKeyOf(await createVault(ports, PIN));
  const again = await holderKeyOf(await unlockVault(ports, PIN));
  assert.equal(again.did, made.did);
  const data = new Uint8Array([1, 2, 3]);
  assert.equal(importEs256Key(keyFromDidJwk(made.did))(data, await again.sign(data)), true);
});

test('a key that is none is damage, and no new one is made in its place', async () => {
  const vault = await createVault(testPorts(), PIN);
  await vault.put(new Map([['holder-key', { x: 'short' }]]));
  await assert.rejects(holderKeyOf(vault), { name: 'VaultError', code: 'VAULT_DAMAGED' });
  const { x, y } = keyFromDidJwk((await holderKeyOf(await createVault(testPorts(), PIN))).did);
  await vault.put(new Map([['holder-key', { x, y, pkcs8: 'AAAA' }]]));
  await assert.rejects(holderKeyOf(vault), { name: 'VaultError', code: 'VAULT_DAMAGED' });
});
