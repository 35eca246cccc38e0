import { randomBytes } from 'node:crypto';
import { access, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncFolder } from '../atomic-file.ts';
import { IssuerError } from '../issuer-error.ts';
import { type IssuerStore } from '../issuer-store.ts';
import { ENVELOPE_FILE } from '../store-folder.ts';
import { codeOf } from '../store-fault.ts';
import { encodeEntries, type BackupEntry } from './backup-entries.ts';
import { frameKey, newHeader } from './backup-header.ts';
import { backupInvalid } from './backup-invalid.ts';
import { backupTally, type BackupSummary } from './backup-tally.ts';
import { FILES_BESIDE } from './files-beside.ts';
import { withBackup } from './read-backup.ts';
import { sealFrames } from './sealed-frames.ts';

/** It holds the sealed keys, and who was revoked. */
const PRIVATE = 0o600;

/**
 * Writes all of an issuer's folder, as of one moment, into one file that only its passphrase opens, and reads it back before
 * it gets its name: a backup that cannot be restored is none. Issuing can go on meanwhile. `now` in Unix seconds.
 *
 * IssuerError OUTPUT_UNWRITABLE, also if something has that name; BACKUP_INVALID if what was written cannot be read back;
 * STORE_DAMAGED, STORE_UNAVAILABLE.
 */
export async function writeBackup(store: IssuerStore, path: string, now: number): Promise<BackupSummary> {
  await assertFree(path);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const written = await writeWhole(store, temporary, Math.floor(now));
    const summary = await readBack(store, temporary);
    if (summary.records !== written) throw backupInvalid();
    await writing(async () => {
      await rename(temporary, path);
      await syncFolder(dirname(path));
    });
    return summary;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeWhole(store: IssuerStore, path: string, takenAt: number): Promise<number> {
  const { header, line } = newHeader(await readFile(join(store.dir, ENVELOPE_FILE), 'utf8'), takenAt);
  const key = frameKey(store.box, header, line);
  let records = 0;
  const counted = async function* (): AsyncGenerator<readonly BackupEntry[]> {
    yield await filesBeside(store);
    for await (const some of store.records()) {
      records += some.length;
      yield some.map((record) => ({ kind: 'record', ...record }));
    }
  };
  await writing(async () => {
    const file = await open(path, 'wx', PRIVATE);
    try {
      await file.writeFile(line);
      await file.writeFile(sealFrames(encodeEntries(counted()), key));
      await file.sync();
    } finally {
      await file.close();
    }
  });
  return records;
}

/** They are read before the store: what one of them says of it is true of what it holds later, not the other way round. */
async function filesBeside(store: IssuerStore): Promise<readonly BackupEntry[]> {
  const entries: BackupEntry[] = [];
  for (const name of FILES_BESIDE) {
    const value = await readFile(join(store.dir, name)).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw new IssuerError('STORE_UNAVAILABLE', 'A file of the issuer folder cannot be read.', {
        cause: error,
      });
    });
    if (value !== undefined) entries.push({ kind: 'file', key: Buffer.from(name), value });
  }
  return entries;
}

async function readBack(store: IssuerStore, path: string): Promise<BackupSummary> {
  return withBackup(
    path,
    () => store.box,
    async ({ header: { takenAt }, box, bytes, entries }) => {
      const tally = backupTally(box);
      for await (const some of entries()) some.forEach(tally.count);
      return { takenAt, bytes, ...tally.summary() };
    },
  );
}

async function assertFree(path: string): Promise<void> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) {
    throw new IssuerError('OUTPUT_UNWRITABLE', 'There is a file of that name already; it is left as it is.');
  }
}

async function writing<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof IssuerError) throw error;
    throw new IssuerError('OUTPUT_UNWRITABLE', 'The backup cannot be written there.', { cause: error });
  }
}
