import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { writeBackup } from '../../agent/backup/write-backup.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle, temporaryFolder } from './issuer-fixture.ts';

export const FRAME = 1024 * 1024;

export interface BackupFixture {
  /** Of the issuer that was backed up. */
  readonly dir: string;
  readonly kid: string;
  /** Where backups and restored folders are made. */
  readonly folder: string;
  readonly backup: string;
}

/** A backup of an issuer with three cards, one of them revoked, and with as many MiB of other records as asked for. */
export async function backupFixture(t: TestContext, mebibytes = 0): Promise<BackupFixture> {
  const { issuer, dir, kid } = await makeIssuer(t);
  for (let card = 0; card < 3; card++) {
    const { id } = await issuer.issuePlus(sampleBundle('immunization'), { now: NOW });
    if (card === 0) await issuer.revoke(id);
  }
  await issuer.anchored(kid, issuer.statusList(kid));
  await issuer.close();
  const folder = await temporaryFolder(t);
  const backup = join(folder, 'first.backup');
  const store = await IssuerStore.open(dir, PASSPHRASE);
  try {
    const blocks = store.table<Uint8Array>('blob');
    await store.commit(
      Array.from({ length: mebibytes * 16 }, (_, at) =>
        blocks.put(String(at).padStart(6, '0'), randomBytes(FRAME / 16)),
      ),
    );
    await writeBackup(store, backup, NOW);
  } finally {
    await store.close();
  }
  return { dir, kid, folder, backup };
}

/** All that is in a store, as it lies there, in hex. */
export async function dump(dir: string): Promise<ReadonlyMap<string, string>> {
  const store = await IssuerStore.open(dir, PASSPHRASE);
  const found = new Map<string, string>();
  for await (const some of store.records()) {
    for (const { key, value } of some) {
      found.set(Buffer.from(key).toString('latin1'), Buffer.from(value).toString('hex'));
    }
  }
  await store.close();
  return found;
}
