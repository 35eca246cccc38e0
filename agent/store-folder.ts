import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WITNESS_FILE } from './audit/audit-witness.ts';
import { IssuerError } from './issuer-error.ts';
import { openEnvelope, type SealedBox } from './sealed-box.ts';
import { codeOf } from './store-fault.ts';
import { openDatabase } from './store-recovery.ts';
import type { Database } from './store-table.ts';

export const ENVELOPE_FILE = 'envelope.json';
export const DATABASE_FOLDER = 'store';

/** A folder as it lies there, to be looked at by whoever closes it. */
export interface LookedAt {
  readonly db: Database;
  readonly box: SealedBox;
  readonly witnessPath: string;
}

/**
 * Opens what lies in a folder without a look at what is in it, and writes nothing.
 *
 * IssuerError STORE_MISSING, STORE_LOCKED, WRONG_PASSPHRASE, STORE_DAMAGED, STORE_UNAVAILABLE.
 */
export async function openFolder(dir: string, passphrase: string): Promise<LookedAt> {
  const envelope = await readEnvelopeFile(join(dir, ENVELOPE_FILE));
  const db = await openDatabase(join(dir, DATABASE_FOLDER), false);
  try {
    return { db, box: await openEnvelope(envelope, passphrase), witnessPath: join(dir, WITNESS_FILE) };
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The JSON of an envelope. IssuerError STORE_MISSING, STORE_DAMAGED, STORE_UNAVAILABLE. */
export async function readEnvelopeFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      throw new IssuerError(
        'STORE_MISSING',
        'There is no issuer in this folder: say its --dir, or make one with `pratique issuer init`.',
      );
    }
    throw new IssuerError('STORE_UNAVAILABLE', 'The issuer folder cannot be read.', { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'The envelope of the issuer folder cannot be read.');
  }
}
