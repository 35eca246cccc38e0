import { newIdentity, type IssuerIdentity } from './issuer-identity.ts';
import { IssuerStore } from './issuer-store.ts';
import type { OpenOptions } from './issuer-parts.ts';
import { Issuer } from './issuer.ts';

export interface InitOptions extends OpenOptions {
  readonly iss: string;
  readonly name: string;
  /** `iss` unless said. */
  readonly statusBase?: string;
  /** scrypt's N, 2^17 unless said. */
  readonly kdfCost?: number;
}

/**
 * Makes a new issuer's folder and opens it.
 *
 * FormatError for an `iss` or `statusBase` that is none; IssuerError STORE_EXISTS, PASSPHRASE_TOO_SHORT, ISSUER_INVALID,
 * STORE_UNAVAILABLE.
 */
export async function initIssuer(options: InitOptions): Promise<Issuer> {
  const { dir, passphrase, kdfCost } = options;
  const identity = newIdentity(options);
  await IssuerStore.create(
    dir,
    passphrase,
    (store) => [store.table<IssuerIdentity>('issuer').put('identity', identity)],
    kdfCost,
    options,
  );
  return Issuer.open(options);
}

/**
 * Opens an issuer's folder for this process alone.
 *
 * IssuerError STORE_MISSING, STORE_LOCKED, WRONG_PASSPHRASE, STORE_DAMAGED, AUDIT_BROKEN,
 * STORE_UNAVAILABLE.
 */
export async function openIssuer(options: OpenOptions): Promise<Issuer> {
  return Issuer.open(options);
}
