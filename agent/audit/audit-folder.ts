import type { RegistryBinding } from '../issuer-identity.ts';
import { openFolder } from '../store-folder.ts';
import { reporting } from '../store-fault.ts';
import { Table } from '../store-table.ts';
import { AuditReader } from './audit-reader.ts';
import { readWitness } from './audit-witness.ts';
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
export async function openAuditFolder(dir: string, passphrase: string): Promise<AuditFolder> {
  const { db, box, witnessPath } = await openFolder(dir, passphrase);
  const source = { ready: async () => db };
  const reader = new AuditReader(source, box.auditKey);
  return {
    reader,
    examine: async () =>
      reporting(async () => reader.examine((await readWitness(witnessPath, box.auditKey)) ?? 'none')),
    binding: async () => new Table<RegistryBinding>(source, 'registry').get('binding'),
    close: () => db.close(),
  };
}
