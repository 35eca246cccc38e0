import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { makeKeystore } from '../../contracts/keystore.ts';
import { openKeystore } from '../../contracts/registry-account.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-new-keystore-'));
});
after(() => rm(folder, { recursive: true }));

test('a new keystore is its owner’s alone, opens with its passphrase, and shows no key', async () => {
  const path = join(folder, 'new.json');
  const address = await makeKeystore(path, 'correct horse');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const wallet = await openKeystore(path, 'correct horse');
  assert.equal(wallet.address, address);
  const text = await readFile(path, 'utf8');
  assert.ok(!text.includes(wallet.privateKey.slice(2)) && !text.includes('mnemonic'));
});

test('a file that is there stays as it is', async () => {
  const path = join(folder, 'kept.json');
  await makeKeystore(path, 'correct horse');
  const kept = await readFile(path, 'utf8');
  await assert.rejects(makeKeystore(path, 'another'), { name: 'RegistryError', code: 'FILE_EXISTS' });
  assert.equal(await readFile(path, 'utf8'), kept);
  const nowhere = makeKeystore(join(folder, 'none', 'x.json'), 'another');
  await assert.rejects(nowhere, { name: 'RegistryError', code: 'ACCOUNT_UNAVAILABLE' });
});
