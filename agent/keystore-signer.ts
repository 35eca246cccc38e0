import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { thumbprint } from '../credential/jwk.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Table } from './issuer-store.ts';
import type { PublicKey, Signer } from './signer.ts';

/** Keys on node:crypto: made here, sealed as PKCS#8 in the issuer's folder. */
export class KeystoreSigner implements Signer {
  readonly #store: IssuerStore;
  readonly #sealed: Table<Uint8Array>;
  readonly #open = new Map<string, KeyObject>();

  constructor(store: IssuerStore) {
    this.#store = store;
    this.#sealed = store.table('private-keys');
    store.watch('private-keys', (kid) => this.#open.delete(kid));
  }

  async create(): Promise<PublicKey> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const made = publicPart(publicKey);
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const sealed = this.#store.box.seal('private-keys', made.kid, pkcs8);
    pkcs8.fill(0);
    await this.#store.commit([this.#sealed.put(made.kid, sealed)]);
    this.#open.set(made.kid, privateKey);
    return made;
  }

  async sign(kid: string, bytes: Uint8Array): Promise<Uint8Array> {
    return sign('sha256', bytes, { key: await this.handOut(kid), dsaEncoding: 'ieee-p1363' });
  }

  async ready(kid: string): Promise<void> {
    await this.handOut(kid);
  }

  async destroy(kid: string): Promise<void> {
    this.#open.delete(kid);
    await this.#store.commit([this.#sealed.del(kid)]);
  }

  async keys(): Promise<readonly PublicKey[]> {
    const keys: PublicKey[] = [];
    for await (const [kid] of this.#sealed.entries()) {
      keys.push(publicPart(createPublicKey(await this.handOut(kid))));
    }
    return keys;
  }

  async handOut(kid: string): Promise<KeyObject> {
    const open = this.#open.get(kid);
    if (open !== undefined) return open;
    const sealed = await this.#sealed.get(kid);
    if (sealed === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
    const pkcs8 = this.#store.box.open('private-keys', kid, sealed);
    const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    pkcs8.fill(0);
    this.#open.set(kid, key);
    return key;
  }
}

function publicPart(publicKey: KeyObject): PublicKey {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { kid: thumbprint({ x, y }), x, y };
}
