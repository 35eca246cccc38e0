import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isJsonObject, parseJson } from '../../../credential/json.ts';
import { replaceByBackup, restoreBackup, writeBackup } from '../../../wallet/vault/backup.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { createVault, unlockVault } from '../../../wallet/vault/vault.ts';
import type { VaultCode } from '../../../wallet/vault/vault-error.ts';
import { CHEAP, testPorts } from './memory-store.ts';
import type { TestPorts } from './memory-store.ts';

const PIN = '274915';
const PASSPHRASE = 'correct horse battery';

const refused = (code: VaultCode) => ({ name: 'VaultError', code });

interface Backed {
  readonly ports: TestPorts;
  readonly vault: OpenVault;
  readonly file: string;
}

async function backedUp(): Promise<Backed> {
  const ports = testPorts();
  const vault = await createVault(ports, PIN);
  await vault.put(new Map([['pass/1', { name: 'Nora Nobody' }]]));
  return { ports, vault, file: await writeBackup(vault, PASSPHRASE, { cost: CHEAP }) };
}

/** The file with one member of it changed, its checksum made right again. */
function changed(file: string, change: (json: Record<string, unknown>) => void): string {
  const json = parseJson(file.trim());
  assert.ok(isJsonObject(json));
  change(json);
  return `${JSON.stringify(json)}\n`;
}

const restore = (file: string, passphrase = PASSPHRASE) =>
  restoreBackup(testPorts(), { file, passphrase, pin: '918273' });

test('a backup restores everything elsewhere, under a PIN of its own, with the holder’s key', async () => {
  const { vault } = await backedUp();
  const { did } = await holderKeyOf(vault);
  const file = await writeBackup(vault, PASSPHRASE, { cost: CHEAP });
  const ports = testPorts();
  await restoreBackup(ports, { file, passphrase: PASSPHRASE, pin: '918273' });
  const restored = await unlockVault(ports, '918273');
  assert.deepEqual(restored.get('pass/1'), { name: 'Nora Nobody' });
  assert.equal((await holderKeyOf(restored)).did, did);
});

test('the file is ciphertext', async () => {
  const { file } = await backedUp();
  for (const word of ['Nora', 'pass/', 'holder', PIN]) assert.ok(!file.includes(word));
});

describe('a file is refused', () => {
  test('under another passphrase', async () => {
    const { file } = await backedUp();
    await assert.rejects(restore(file, 'correct horse batterz'), refused('BACKUP_NOT_OPENED'));
  });

  test('wherever it is cut short', async () => {
    const { file } = await backedUp();
    for (let length = 40; length < file.length - 2; length += 13) {
      await assert.rejects(restore(file.slice(0, length)), refused('BACKUP_DAMAGED'), `at ${length}`);
    }
  });

  test('wherever one of its characters is another', async () => {
    const { file } = await backedUp();
    // Behind its name and version, which have codes of their own.
    for (let at = 51; at < file.length - 2; at += 7) {
      const other = file[at] === 'A' ? 'B' : 'A';
      const damaged = file.slice(0, at) + other + file.slice(at + 1);
      await assert.rejects(restore(damaged), ({ code }: { code: VaultCode }) =>
        ['BACKUP_DAMAGED', 'BACKUP_NOT_OPENED'].includes(code),
      );
    }
  });

  test('with a salt of somebody’s choosing, the checksum being right', async () => {
    const { file } = await backedUp();
    const other = changed(file, (json) => {
      json['derivation'] = { memoryKiB: 8, passes: 1, salt: 'A'.repeat(22) };
    });
    await assert.rejects(restore(other), refused('BACKUP_NOT_OPENED'));
  });

  test('that asks for a derivation that would stop the telephone', async () => {
    const { file } = await backedUp();
    const other = changed(file, (json) => {
      json['derivation'] = { memoryKiB: 8_000_000, passes: 1, salt: 'A'.repeat(22) };
    });
    await assert.rejects(restore(other), refused('BACKUP_DAMAGED'));
  });

  test('of a version to come', async () => {
    const { file } = await backedUp();
    await assert.rejects(
      restore(changed(file, (json) => (json['version'] = 2))),
      refused('BACKUP_VERSION_UNKNOWN'),
    );
  });

  for (const other of ['', '{}', 'shc:/5676', '{"format":"another"}']) {
    test(`that is something else: ${other}`, async () => {
      await assert.rejects(restore(other), refused('BACKUP_UNKNOWN'));
    });
  }

  test('that is older than what this wallet holds: nobody undoes a deletion with it', async () => {
    const { ports, vault, file } = await backedUp();
    await vault.put(new Map([['pass/1', undefined]]));
    await assert.rejects(
      restoreBackup(ports, { file, passphrase: PASSPHRASE, pin: PIN }, vault),
      refused('BACKUP_ROLLED_BACK'),
    );
    assert.equal(vault.get('pass/1'), undefined);
  });

  test('over another vault, and over the same one while it is locked', async () => {
    const { ports, file } = await backedUp();
    const others = testPorts();
    const other = await createVault(others, PIN);
    const input = { file, passphrase: PASSPHRASE, pin: PIN };
    await assert.rejects(restoreBackup(others, input, other), refused('VAULT_EXISTS'));
    await assert.rejects(restoreBackup(ports, input), refused('VAULT_EXISTS'));
  });
});

test('a backup of another device brings the same wallet forward, and the next older one is refused again', async () => {
  const { ports, vault, file } = await backedUp();
  const elsewhere = await restoreBackup(testPorts(), { file, passphrase: PASSPHRASE, pin: PIN });
  await elsewhere.put(new Map([['pass/2', 2]]));
  await elsewhere.put(new Map([['pass/1', undefined]]));
  const newer = await writeBackup(elsewhere, PASSPHRASE, { cost: CHEAP });
  await restoreBackup(ports, { file: newer, passphrase: PASSPHRASE, pin: PIN }, vault);
  assert.deepEqual([...vault.contents().records.keys()], ['pass/2']);
  await assert.rejects(
    restoreBackup(ports, { file: newer, passphrase: PASSPHRASE, pin: PIN }, vault),
    refused('BACKUP_ROLLED_BACK'),
  );
});

test('a passphrase that whoever has the file would guess is refused before anything is written', async () => {
  const { vault } = await backedUp();
  await assert.rejects(writeBackup(vault, 'short', { cost: CHEAP }), refused('PASSPHRASE_TOO_SHORT'));
});

test('a wallet that nobody can open is replaced by a backup, and by nothing that does not open', async () => {
  const { file } = await backedUp();
  const there = testPorts();
  const lost = await createVault(there, '555123');
  await lost.put(new Map([['pass/2', { name: 'Lost' }]]));
  const before = new Map(there.store.stored);
  const replace = (passphrase: string, pin = '918273') => replaceByBackup(there, { file, passphrase, pin });
  await assert.rejects(replace('correct horse batteri'), refused('BACKUP_NOT_OPENED'));
  await assert.rejects(replace(PASSPHRASE, '123456'), refused('PIN_TOO_SIMPLE'));
  assert.deepEqual(there.store.stored, before);
  await replace(PASSPHRASE);
  const opened = await unlockVault(there, '918273');
  assert.deepEqual(opened.get('pass/1'), { name: 'Nora Nobody' });
  assert.equal(opened.get('pass/2'), undefined);
});
