import { restoreBackup, writeBackup } from '../../../wallet/vault/backup.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import { indexedDbStore } from '../../../wallet/vault/indexed-db.ts';
import { DEFAULT_COST } from '../../../wallet/vault/key-derivation.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { sitePasskey } from '../../../wallet/vault/passkey.ts';
import {
  createVault,
  eraseVault,
  setPasskey,
  unlockVault,
  unlockWithPasskey,
  vaultState,
} from '../../../wallet/vault/vault.ts';
import type { VaultPorts } from '../../../wallet/vault/vault.ts';
import { VaultError } from '../../../wallet/vault/vault-error.ts';
import type { Said, VaultPage } from './vault-page.ts';

declare global {
  // The test calls it.
  var vaultPage: VaultPage | undefined;
}

const ports: VaultPorts = {
  store: indexedDbStore('pratique-wallet'),
  // As the test says, since a busy machine may take longer than a delay lasts.
  clock: () => Number(new URLSearchParams(location.search).get('now')),
  cost: { memoryKiB: 64, passes: 1 },
};
const passkey = sitePasskey('Pratique wallet');
let open: OpenVault | undefined;

/** What a page can hand to its test: errors lose their code on the way. */
async function said(work: () => Promise<unknown>): Promise<Said> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof VaultError) return { code: error.code };
    throw error;
  }
}

function vault(): OpenVault {
  if (open === undefined) throw new VaultError('VAULT_LOCKED');
  return open;
}

async function opened(opening: Promise<OpenVault>): Promise<string> {
  open = await opening;
  return open.id;
}

globalThis.vaultPage = {
  create: async (pin, atFullCost) =>
    said(async () => opened(createVault(atFullCost ? { ...ports, cost: DEFAULT_COST } : ports, pin))),
  unlock: async (pin) => said(async () => opened(unlockVault(ports, pin))),
  unlockWithPasskey: async () => said(async () => opened(unlockWithPasskey(ports, passkey))),
  addPasskey: async (pin) => said(async () => opened(setPasskey(ports, pin, passkey))),
  put: async (name, value) => said(async () => vault().put(new Map([[name, value]]))),
  get: async (name) => said(() => Promise.resolve(vault().get(name))),
  state: async () => said(async () => vaultState(ports)),
  did: async () => said(async () => (await holderKeyOf(vault())).did),
  backup: async (passphrase) => said(async () => writeBackup(vault(), passphrase, ports)),
  restore: async (file, passphrase, pin) =>
    said(async () => opened(restoreBackup(ports, { file, passphrase, pin }))),
  erase: async () => said(async () => eraseVault(ports)),
};
