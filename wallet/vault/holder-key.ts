import { didJwkFromKey } from '../../credential/did-jwk.ts';
import { ES256_SIGNATURE_BYTES } from '../../credential/es256.ts';
import { record, ShapeError, text } from '../../credential/strict-reader.ts';
import { base64urlBytes, bytesOf } from './header.ts';
import type { OpenVault } from './open-vault.ts';
import type { Bytes } from './store.ts';
import { VaultError } from './vault-error.ts';

/** The holder's key as it signs: its private part stays with the browser. */
export interface HolderKey {
  /** did:jwk. */
  readonly did: string;
  /** ES256 over the bytes: r and s, 64 bytes (RFC 7518 section 3.4). */
  readonly sign: (data: Uint8Array) => Promise<Uint8Array>;
}

interface KeptKey {
  readonly x: string;
  readonly y: string;
  readonly pkcs8: Bytes;
}

const RECORD = 'holder-key';
const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;

const coordinate = text(/^[\w-]{43}$/, 43);
const keptKey = record<KeptKey>({ x: coordinate, y: coordinate, pkcs8: bytesOf });

/**
 * The key of the vault's holder, made at first use. It lies in the vault as PKCS#8, so that a backup carries it, and is
 * imported so that no script of the page can read it out again.
 *
 * @throws VaultError VAULT_LOCKED, VAULT_DAMAGED
 */
export async function holderKeyOf(vault: OpenVault): Promise<HolderKey> {
  const kept = vault.get(RECORD);
  if (kept !== undefined) return importKept(readKept(kept));
  const pair = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const { x = '', y = '' } = await crypto.subtle.exportKey('jwk', pair.publicKey);
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const made = { x, y, pkcs8 };
  await vault.put(new Map([[RECORD, { x, y, pkcs8: base64urlBytes('', pkcs8) }]]));
  return importKept(made);
}

async function importKept({ x, y, pkcs8 }: KeptKey): Promise<HolderKey> {
  const key = await importPrivate(pkcs8);
  return {
    did: didJwkFromKey({ x, y }),
    sign: async (data) => {
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      const signature = new Uint8Array(await crypto.subtle.sign(algorithm, key, data.slice()));
      if (signature.length !== ES256_SIGNATURE_BYTES) throw new VaultError('VAULT_DAMAGED');
      return signature;
    },
  };
}

async function importPrivate(pkcs8: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, P256, false, ['sign']);
  } catch (error) {
    // Web Cryptography API §23.7.4: anything but DataError says nothing of the key.
    if (error instanceof DOMException && error.name === 'DataError') throw new VaultError('VAULT_DAMAGED');
    throw error;
  } finally {
    pkcs8.fill(0);
  }
}

function readKept(value: unknown): KeptKey {
  try {
    return keptKey(value);
  } catch (error) {
    if (error instanceof ShapeError) throw new VaultError('VAULT_DAMAGED');
    throw error;
  }
}
