import { createHash, randomBytes } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { IssuerError } from '../issuer-error.ts';
import { openEnvelope, type SealedBox } from '../sealed-box.ts';
import { backupInvalid } from './backup-invalid.ts';
import type { FrameKey } from './sealed-frames.ts';

/** The first line of a backup, JSON, in clear: without the envelope nobody's passphrase would open the rest. */
export interface BackupHeader {
  readonly format: typeof FORMAT;
  readonly version: 1;
  /** Unix seconds. */
  readonly takenAt: number;
  /** 32 random bytes, base64url: no two backups have the same key. */
  readonly salt: string;
  /** The text of `envelope.json`. */
  readonly envelope: string;
}

const FORMAT = 'pratique issuer backup';
const SALT_BYTES = 32;
/** An envelope takes some 300 bytes; another file may have no line at all. */
const MAX_HEADER_BYTES = 16 * 1024;
const LINE_FEED = 0x0a;

/** A new header, and its line. `takenAt` in Unix seconds. */
export function newHeader(
  envelope: string,
  takenAt: number,
): { readonly header: BackupHeader; readonly line: Buffer } {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  const header: BackupHeader = { format: FORMAT, version: 1, takenAt, salt, envelope };
  return { header, line: Buffer.from(`${JSON.stringify(header)}\n`) };
}

/** Reads the header of a file, and its line, behind which the frames begin. IssuerError BACKUP_INVALID. */
export async function readHeader(
  file: FileHandle,
): Promise<{ readonly header: BackupHeader; readonly line: Buffer }> {
  const start = Buffer.alloc(MAX_HEADER_BYTES);
  const { bytesRead } = await file.read(start, 0, start.length, 0);
  const end = start.subarray(0, bytesRead).indexOf(LINE_FEED);
  if (end < 0) throw backupInvalid();
  const line = start.subarray(0, end + 1);
  return { header: parseHeader(line), line };
}

/** The key of a backup's frames, which rest on every byte of its header. */
export function frameKey(box: SealedBox, { salt }: BackupHeader, line: Uint8Array): FrameKey {
  const header = createHash('sha256').update(line).digest();
  return { key: box.backupKey(Buffer.from(salt, 'base64url')), header };
}

/** Opens the envelope of a backup. IssuerError WRONG_PASSPHRASE, BACKUP_INVALID if it is none. */
export async function openHeader({ envelope }: BackupHeader, passphrase: string): Promise<SealedBox> {
  let json: unknown;
  try {
    json = JSON.parse(envelope);
  } catch (error) {
    throw backupInvalid(error);
  }
  try {
    return await openEnvelope(json, passphrase);
  } catch (error) {
    if (error instanceof IssuerError && error.code === 'STORE_DAMAGED') throw backupInvalid(error);
    throw error;
  }
}

function parseHeader(line: Buffer): BackupHeader {
  let header: Partial<Record<keyof BackupHeader, unknown>> | null;
  try {
    header = JSON.parse(line.toString('utf8')) as typeof header;
  } catch (error) {
    throw backupInvalid(error);
  }
  const sound =
    header?.format === FORMAT &&
    header.version === 1 &&
    typeof header.envelope === 'string' &&
    typeof header.salt === 'string' &&
    Number.isSafeInteger(header.takenAt);
  if (!sound) throw backupInvalid();
  return header as BackupHeader;
}
