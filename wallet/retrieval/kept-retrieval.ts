import { list, record, ShapeError, text, whole } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { VaultError } from '../vault/vault-error.ts';
import { readTrackingNumber } from './service-answers.ts';

/**
 * A retrieval whose code is on its way: the wallet may well be locked while its owner looks for the message. Nothing of
 * what was typed is in it.
 */
export interface PendingRetrieval {
  /** The service's address. */
  readonly issuer: string;
  readonly id: string;
  /** Unix seconds. */
  readonly until: number;
  readonly codeDigits: number;
}

/** A request to put a record right, by its number. */
export interface KeptCorrection {
  readonly issuer: string;
  readonly number: string;
  /** Unix seconds. */
  readonly filedAt: number;
}

const PENDING = 'retrieval';
const CORRECTIONS = 'corrections';
/** The oldest give way. */
const MAX_CORRECTIONS = 20;

const address = text(/^https?:\/\//, 2000);
const readPending = record<PendingRetrieval>({
  issuer: address,
  id: text(/^[\w-]{1,100}$/, 100),
  until: whole,
  codeDigits: whole,
});
const readCorrections = list(
  record<KeptCorrection>({ issuer: address, number: readTrackingNumber, filedAt: whole }),
);

/** The retrieval that waits for its code, while that is good. @throws VaultError VAULT_LOCKED, VAULT_DAMAGED */
export function pendingRetrieval(vault: OpenVault, now: number): PendingRetrieval | undefined {
  const pending = keptAs(vault, PENDING, readPending);
  return pending !== undefined && now < pending.until ? pending : undefined;
}

/** Keep which retrieval waits for its code; undefined: none does any more. */
export async function keepPending(vault: OpenVault, pending: PendingRetrieval | undefined): Promise<void> {
  if (pending !== undefined || vault.get(PENDING) !== undefined)
    await vault.put(new Map([[PENDING, pending]]));
}

/** The correction requests, the newest first. @throws VaultError VAULT_LOCKED, VAULT_DAMAGED */
export function keptCorrections(vault: OpenVault): readonly KeptCorrection[] {
  return keptAs(vault, CORRECTIONS, readCorrections) ?? [];
}

/** Keep the number of a request: without it nobody learns what becomes of it. */
export async function keepCorrection(vault: OpenVault, correction: KeptCorrection): Promise<void> {
  await vault.put(
    new Map([[CORRECTIONS, [correction, ...keptCorrections(vault)].slice(0, MAX_CORRECTIONS)]]),
  );
}

/** Forget a request's number. */
export async function forgetCorrection(vault: OpenVault, number: string): Promise<void> {
  await vault.put(new Map([[CORRECTIONS, keptCorrections(vault).filter((one) => one.number !== number)]]));
}

function keptAs<T>(vault: OpenVault, name: string, read: Read<T>): T | undefined {
  const kept = vault.get(name);
  if (kept === undefined) return undefined;
  try {
    return read(kept);
  } catch (error) {
    if (error instanceof ShapeError) throw new VaultError('VAULT_DAMAGED');
    throw error;
  }
}
