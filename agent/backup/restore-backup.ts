import { join } from 'node:path';
import { writeFileAtomic } from '../atomic-file.ts';
import type { IssuerIdentity } from '../issuer-identity.ts';
import { restoreStore } from '../store-making.ts';
import { StatusLedger } from '../status-ledger.ts';
import type { RawRecord } from '../store-records.ts';
import type { BackupEntry } from './backup-entries.ts';
import { backupInvalid } from './backup-invalid.ts';
import { backupTally, type BackupSummary, type BackupTally } from './backup-tally.ts';
import { FILES_BESIDE } from './files-beside.ts';
import { byPassphrase, withBackup } from './read-backup.ts';
import { markRestored } from './restored-marks.ts';

/** What was restored. */
export interface Restored extends BackupSummary {
  readonly identity: IssuerIdentity;
  /** Bulks that were under way, and do not go on. */
  readonly bulks: readonly string[];
}

/**
 * Makes an issuer's folder from a backup; it appears whole, once every byte of the backup is known to be right, or not at
 * all. It issues nothing until the chain was read, see `restored-list.ts`.
 *
 * IssuerError STORE_EXISTS, WRONG_PASSPHRASE, BACKUP_INVALID, INPUT_UNREADABLE, STORE_DAMAGED, STORE_UNAVAILABLE.
 */
export async function restoreBackup(
  path: string,
  dir: string,
  passphrase: string,
  database?: string,
): Promise<Restored> {
  return withBackup(path, byPassphrase(passphrase), async ({ header, box, bytes, entries }) => {
    const tally = backupTally(box);
    let found: Pick<Restored, 'identity' | 'bulks'> | undefined;
    await restoreStore(
      dir,
      {
        envelope: header.envelope,
        box,
        records: (draft) => recordsOf(entries(), tally, draft),
        async mark(store) {
          const identity = await store.table<IssuerIdentity>('issuer').get('identity');
          if (identity === undefined) throw backupInvalid();
          const { bulks } = await markRestored(store);
          // What could not be opened tomorrow is not restored today.
          await StatusLedger.open(store);
          found = { identity, bulks };
        },
      },
      { database },
    );
    if (found === undefined) throw backupInvalid();
    return { takenAt: header.takenAt, bytes, ...tally.summary(), ...found };
  });
}

/** The records among the entries; the files go where they belong. */
async function* recordsOf(
  entries: AsyncIterable<readonly BackupEntry[]>,
  tally: BackupTally,
  dir: string,
): AsyncGenerator<readonly RawRecord[]> {
  for await (const some of entries) {
    some.forEach(tally.count);
    yield some.filter(({ kind }) => kind === 'record');
    for (const { kind, key, value } of some) {
      if (kind === 'record') continue;
      const name = Buffer.from(key).toString('utf8');
      // No backup says where on this machine a file is written.
      if (!FILES_BESIDE.includes(name)) throw backupInvalid();
      await writeFileAtomic(join(dir, name), value, 0o600);
    }
  }
}
