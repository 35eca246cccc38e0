import { join } from 'node:path';
import { writeFileAtomic } from './atomic-file.ts';
import { IssuerStore, type StoreTerms } from './issuer-store.ts';
import { openEnvelope, type SealedBox } from './sealed-box.ts';
import { ENVELOPE_FILE, readEnvelopeFile } from './store-folder.ts';
import { joinBackend, refillBackend, syncStore } from './store-place.ts';
import type { RawRecord } from './store-records.ts';
import { makeWholeFolder } from './whole-folder.ts';

/** What a restored store is made of. */
export interface RestoredStore {
  /** The envelope that it had. */
  readonly envelope: string;
  readonly box: SealedBox;
  /** The records, for a folder in which what belongs beside them is put. */
  readonly records: (draft: string) => AsyncIterable<readonly RawRecord[]>;
  /** Changes it to go on from there. */
  readonly mark: (store: IssuerStore) => Promise<void>;
}

/**
 * Makes a folder of records that another gave out, with every byte on disk; it appears whole or not at all. The records lie
 * in it, or in the `database` whose URL is said.
 *
 * IssuerError STORE_EXISTS if something is there, AUDIT_BROKEN if its log is not whole, STORE_UNAVAILABLE;
 * DATABASE_INVALID, DATABASE_UNSUITABLE.
 */
export async function restoreStore(
  dir: string,
  { envelope, box, records, mark }: RestoredStore,
  { clock, database }: StoreTerms = {},
): Promise<void> {
  await makeWholeFolder(dir, async (draft) => {
    await writeFileAtomic(join(draft, ENVELOPE_FILE), envelope, 0o600);
    const backend = await refillBackend(draft, { envelope, database }, records(draft));
    // What the witness of the lost folder has seen since nobody knows.
    const store = await IssuerStore.over(draft, { backend, box, isNew: true }, clock);
    try {
      await mark(store);
    } finally {
      await store.close();
    }
    await syncStore(draft);
  });
}

/**
 * Makes the folder of another agent on a database that holds an issuer; it appears whole or not at all.
 *
 * IssuerError STORE_EXISTS if something is there, STORE_MISSING if no issuer is in the database, WRONG_PASSPHRASE,
 * AUDIT_BROKEN, STORE_UNAVAILABLE; DATABASE_INVALID, DATABASE_UNSUITABLE.
 */
export async function joinStore(dir: string, passphrase: string, database: string): Promise<void> {
  await makeWholeFolder(dir, async (draft) => {
    const { backend, envelope } = await joinBackend(draft, database);
    try {
      await writeFileAtomic(join(draft, ENVELOPE_FILE), envelope, 0o600);
      const box = await openEnvelope(await readEnvelopeFile(join(draft, ENVELOPE_FILE)), passphrase);
      // Of what was there before it came, an agent is no witness.
      await (await IssuerStore.over(draft, { backend, box, isNew: true })).close();
    } catch (error) {
      await backend.close();
      throw error;
    }
  });
}
