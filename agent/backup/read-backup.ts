import { open, type FileHandle } from 'node:fs/promises';
import { IssuerError } from '../issuer-error.ts';
import type { SealedBox } from '../sealed-box.ts';
import { decodeEntries, type BackupEntry } from './backup-entries.ts';
import { frameKey, openHeader, readHeader, type BackupHeader } from './backup-header.ts';
import { FRAME_BYTES, openFrames } from './sealed-frames.ts';

/** A backup whose passphrase was right; nothing but its header is known to be sound yet. */
export interface OpenBackup {
  readonly header: BackupHeader;
  readonly box: SealedBox;
  /** Bytes of the file. */
  readonly bytes: number;
  /** They are given out once their frame is known to be right; without an error at the end, that was all of them. */
  readonly entries: () => AsyncGenerator<readonly BackupEntry[]>;
}

/**
 * Opens a backup for as long as `use` works on it.
 *
 * IssuerError INPUT_UNREADABLE, BACKUP_INVALID, WRONG_PASSPHRASE.
 */
export async function withBackup<T>(
  path: string,
  unlock: (header: BackupHeader) => SealedBox | Promise<SealedBox>,
  use: (backup: OpenBackup) => Promise<T>,
): Promise<T> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw unreadable(error);
  });
  try {
    const { header, line } = await readHeader(file);
    const box = await unlock(header);
    const key = frameKey(box, header, line);
    const { size } = await file.stat();
    const entries = (): AsyncGenerator<readonly BackupEntry[]> =>
      decodeEntries(openFrames(bytesFrom(file, line.length), key));
    return await use({ header, box, bytes: size, entries });
  } finally {
    await file.close();
  }
}

/** Opens a backup by the passphrase that its issuer had. */
export function byPassphrase(passphrase: string): (header: BackupHeader) => Promise<SealedBox> {
  return async (header) => openHeader(header, passphrase);
}

async function* bytesFrom(file: FileHandle, start: number): AsyncGenerator<Uint8Array> {
  const stream = file.createReadStream({ start, autoClose: false, highWaterMark: FRAME_BYTES });
  try {
    yield* stream as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(cause: unknown): IssuerError {
  return new IssuerError('INPUT_UNREADABLE', 'The backup cannot be read.', { cause });
}
