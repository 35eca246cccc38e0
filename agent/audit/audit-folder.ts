import type { RegistryBinding } from '../issuer-identity.ts';
import { join } from 'node:path';
import { openEnvelope } from '../sealed-box.ts';
import { ENVELOPE_FILE, readEnvelopeFile } from '../store-folder.ts';
import { lookAtStore } from '../store-place.ts';
import { reporting } from '../store-fault.ts';
import { Table } from '../store-table.ts';
import { AuditReader } from './audit-reader.ts';
import { readWitness, WITNESS_FILE } from './audit-witness.ts';
import type { Examination } from './examine-log.ts';

/** An issuer's folder opened for an auditor: also one from which nothing is issued any more. */
export interface AuditFolder {
  readonly reader: AuditReader;
  readonly examine: () => Promise<Examination>;
  /** The registry that the folder says it is tied to. */
  readonly binding: () => Promise<RegistryBinding | undefined>;
  readonly close: () => Promise<void>;
}

/** IssuerError STORE_MISSING, STORE_LOCKED, WRONG_PASSPHRASE, STORE_DAMAGED, STORE_UNAVAILABLE. */
export async function openAuditFolder(
  dir: string,
  passphrase: string,
  database?: string,
): Promise<AuditFolder> {
  const envelope = await readEnvelopeFile(join(dir, ENVELOPE_FILE));
  const store = await lookAtStore(dir, database);
  try {
    const { auditKey } = await openEnvelope(envelope, passphrase);
    const reader = new AuditReader(store, auditKey);
    return {
      reader,
      examine: async () =>
        reporting(async () =>
          reader.examine((await readWitness(join(dir, WITNESS_FILE), auditKey)) ?? 'none'),
        ),
      binding: async () => new Table<RegistryBinding>(store, 'registry').get('binding'),
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
