import type { IKey, ManagedKeyInfo } from '@veramo/core-types';
import { AbstractKeyStore } from '@veramo/key-manager';

import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Table } from './issuer-store.ts';

/** Veramo's record of public keys and of the key management system that holds each private one. */
export class LevelKeyStore extends AbstractKeyStore {
  readonly #store: IssuerStore;
  readonly #keys: Table<ManagedKeyInfo>;

  constructor(store: IssuerStore) {
    super();
    this.#store = store;
    this.#keys = store.table('keys');
  }

  /** IssuerError KEY_UNSUPPORTED for a key that brings its private part: those never pass through here. */
  async importKey(key: Partial<IKey>): Promise<boolean> {
    const { kid, kms, type, publicKeyHex, privateKeyHex, meta } = key;
    if (privateKeyHex !== undefined || !kid || !kms || !type || !publicKeyHex) {
      throw new IssuerError('KEY_UNSUPPORTED', 'Only the public part of a complete key is kept here.');
    }
    await this.#store.commit([this.#keys.put(kid, { kid, kms, type, publicKeyHex, meta: meta ?? null })]);
    return true;
  }

  /** IssuerError KEY_UNKNOWN if there is none. */
  async getKey({ kid }: { kid: string }): Promise<IKey> {
    const key = await this.#keys.get(kid);
    if (key === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
    return key;
  }

  async deleteKey({ kid }: { kid: string }): Promise<boolean> {
    if ((await this.#keys.get(kid)) === undefined) return false;
    await this.#store.commit([this.#keys.del(kid)]);
    return true;
  }

  async listKeys(): Promise<ManagedKeyInfo[]> {
    const keys: ManagedKeyInfo[] = [];
    for await (const [, key] of this.#keys.entries()) keys.push(key);
    return keys;
  }
}
