import type { PasskeyLock } from './header.ts';
import { derivedBytes, KEY_BYTES, randomBytes, seal, sealingKey, unseal } from './sealing.ts';
import type { Bytes } from './store.ts';
import { VaultError } from './vault-error.ts';

/** A second way to open the vault: an authenticator that derives a secret of its own from a salt. */
export interface Passkey {
  /**
   * Make one for this wallet, and say its id.
   *
   * @throws VaultError PASSKEY_UNAVAILABLE if there is none here that derives secrets, or the user said no
   */
  readonly create: () => Promise<Bytes>;
  /**
   * Its secret for that salt, 32 bytes; the authenticator asks its user.
   *
   * @throws VaultError PASSKEY_UNAVAILABLE
   */
  readonly secret: (credentialId: Bytes, salt: Bytes) => Promise<Bytes>;
}

/** Lock a data key with a new passkey as well. */
export async function newPasskeyLock(vault: string, dataKey: Bytes, passkey: Passkey): Promise<PasskeyLock> {
  const [credentialId, salt] = [await passkey.create(), randomBytes(KEY_BYTES)];
  const key = await wrappingKey(await passkey.secret(credentialId, salt));
  return { credentialId, salt, wrapped: await seal(key, dataKey, place(vault)) };
}

/**
 * The data key.
 *
 * @throws VaultError PASSKEY_UNAVAILABLE, PASSKEY_WRONG
 */
export async function openPasskeyLock(vault: string, lock: PasskeyLock, passkey: Passkey): Promise<Bytes> {
  const secret = await passkey.secret(lock.credentialId, lock.salt);
  const dataKey = await unseal(await wrappingKey(secret), lock.wrapped, place(vault));
  if (dataKey === undefined) throw new VaultError('PASSKEY_WRONG');
  return dataKey;
}

async function wrappingKey(secret: Bytes): Promise<CryptoKey> {
  return sealingKey(await derivedBytes(secret, 'pratique/vault/1/passkey'));
}

function place(vault: string): Bytes {
  return new TextEncoder().encode(`pratique/vault/1/${vault}/data-key/passkey`);
}
