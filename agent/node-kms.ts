import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import type { IKey, ManagedKeyInfo, TKeyType } from '@veramo/core-types';
import { AbstractKeyManagementSystem } from '@veramo/key-manager';

import { thumbprint, type P256Coordinates } from '../credential/jwk.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Table } from './issuer-store.ts';

/** The name under which the agent knows this key management system. */
export const NODE_KMS = 'node';

/**
 * P-256 keys on node:crypto: made here, sealed as PKCS#8 at rest, never handed out.
 *
 * Only Secp256r1 and ES256; everything else is refused instead of being silently replaced, as other providers do.
 */
export class NodeKms extends AbstractKeyManagementSystem {
  readonly #store: IssuerStore;
  readonly #sealed: Table<Uint8Array>;
  readonly #open = new Map<string, KeyObject>();

  constructor(store: IssuerStore) {
    super();
    this.#store = store;
    this.#sealed = store.table('private-keys');
  }

  /**
   * Makes a key whose kid is its RFC 7638 thumbprint; its coordinates stand in `meta`.
   *
   * IssuerError KEY_UNSUPPORTED for any type but Secp256r1, or a kid of the caller's choosing.
   */
  async createKey({ type, kid: wanted }: { type: TKeyType; kid?: string }): Promise<ManagedKeyInfo> {
    if (type !== 'Secp256r1' || wanted !== undefined) {
      throw new IssuerError('KEY_UNSUPPORTED', 'Issuer keys are of P-256 and named by their thumbprint.');
    }
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const kid = thumbprint(coordinates(publicKey));
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const sealed = this.#store.box.seal('private-keys', kid, pkcs8);
    pkcs8.fill(0);
    await this.#store.commit([this.#sealed.put(kid, sealed)]);
    this.#open.set(kid, privateKey);
    return keyInfo(kid, publicKey);
  }

  /** IssuerError OPERATION_UNSUPPORTED: a key that was somewhere else is not ours alone. */
  async importKey(): Promise<ManagedKeyInfo> {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'Issuer keys are made here, never imported.');
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const keys: ManagedKeyInfo[] = [];
    for await (const [kid] of this.#sealed.entries()) {
      keys.push(keyInfo(kid, createPublicKey(await this.#privateKey(kid))));
    }
    return keys;
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    this.#open.delete(kid);
    await this.#store.commit([this.#sealed.del(kid)]);
    return true;
  }

  /**
   * ES256 over `data`, hashed once, as base64url of r ‖ s (RFC 7518 §3.4).
   *
   * IssuerError KEY_UNKNOWN, KEY_UNSUPPORTED for another algorithm, STORE_DAMAGED if the sealed key was changed.
   */
  async sign(args: { keyRef: Pick<IKey, 'kid'>; algorithm?: string; data: Uint8Array }): Promise<string> {
    if (args.algorithm !== undefined && args.algorithm !== 'ES256') {
      throw new IssuerError('KEY_UNSUPPORTED', 'Issuer keys sign ES256 only.');
    }
    const key = await this.#privateKey(args.keyRef.kid);
    return sign('sha256', args.data, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  }

  /** IssuerError OPERATION_UNSUPPORTED: a signing key agrees on no secrets. */
  async sharedSecret(): Promise<string> {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'Issuer keys sign and do nothing else.');
  }

  async #privateKey(kid: string): Promise<KeyObject> {
    const open = this.#open.get(kid);
    if (open !== undefined) return open;
    const key = await unsealSigningKey(this.#store, kid);
    this.#open.set(kid, key);
    return key;
  }
}

/**
 * A private key of a store, for threads of this process: they are handed the key and never its bytes.
 *
 * IssuerError KEY_UNKNOWN, STORE_DAMAGED if the sealed key was changed.
 */
export async function unsealSigningKey(store: IssuerStore, kid: string): Promise<KeyObject> {
  const sealed = await store.table<Uint8Array>('private-keys').get(kid);
  if (sealed === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
  const pkcs8 = store.box.open('private-keys', kid, sealed);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  pkcs8.fill(0);
  return key;
}

function coordinates(publicKey: KeyObject): P256Coordinates {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { x, y };
}

function keyInfo(kid: string, publicKey: KeyObject): ManagedKeyInfo {
  const { x, y } = coordinates(publicKey);
  // SEC 1 §2.3.3, compressed: the form in which Veramo keeps P-256 keys.
  const odd = (Buffer.from(y, 'base64url').at(-1) ?? 0) & 1;
  const publicKeyHex = Buffer.concat([Buffer.of(2 + odd), Buffer.from(x, 'base64url')]).toString('hex');
  return { kid, kms: NODE_KMS, type: 'Secp256r1', publicKeyHex, meta: { algorithms: ['ES256'], x, y } };
}
