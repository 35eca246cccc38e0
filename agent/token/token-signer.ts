import { createHash } from 'node:crypto';

import { importEs256Key } from '../../credential/es256-node.ts';
import type { Es256Verify } from '../../credential/es256.ts';
import { IssuerError } from '../issuer-error.ts';
import type { IssuerStore, Table } from '../issuer-store.ts';
import type { PublicKey, Signer, TokenPlace } from '../signer.ts';
import { destroyKey, findKey, generateKey, signDigest } from './token-keys.ts';
import { isKeyMissing } from './token-fault.ts';
import { Token, type AskPin } from './token.ts';

/** What the store knows of a key on a token; never its PIN. */
interface TokenKey extends PublicKey, TokenPlace {
  readonly serial: string;
}

/** Keys that never leave their tokens. Errors of `sign`, `create` and `destroy` as `Token.use`. */
export class TokenSigner implements Signer {
  readonly #store: IssuerStore;
  readonly #table: Table<Uint8Array>;
  readonly #askPin: AskPin;
  readonly #tokens = new Map<string, Token>();
  readonly #known = new Map<string, { readonly key: TokenKey; readonly verify: Es256Verify }>();

  constructor(store: IssuerStore, askPin: AskPin) {
    this.#store = store;
    this.#table = store.table('token-keys');
    store.watch('token-keys', (kid) => this.#known.delete(kid));
    this.#askPin = askPin;
  }

  /** IssuerError OPERATION_UNSUPPORTED without a token, KEY_UNSUPPORTED if it cannot keep such a key. */
  async create(place?: TokenPlace): Promise<PublicKey> {
    if (place === undefined) throw new IssuerError('OPERATION_UNSUPPORTED', 'A key is made on one token.');
    const token = this.#tokenAt(place);
    const { kid, x, y } = await token.use(generateKey, 'write');
    const { serial } = token;
    const key: TokenKey = { kid, x, y, module: place.module, token: place.token, serial };
    // Sealed, since it names a library that this process will load.
    const sealed = this.#store.box.seal('token-keys', kid, Buffer.from(JSON.stringify(key)));
    try {
      await this.#store.commit([this.#table.put(kid, sealed)]);
    } catch (error) {
      // What nobody remembers must not take room on the token.
      await token.use(async (session) => destroyKey(session, kid), 'write').catch(() => undefined);
      throw error;
    }
    return { kid, x, y };
  }

  async sign(kid: string, bytes: Uint8Array): Promise<Uint8Array> {
    const { key, verify } = await this.#get(kid);
    const digest = createHash('sha256').update(bytes).digest();
    return this.#tokenAt(key).use(async (session) => {
      const signature = await signDigest(session, kid, digest);
      // A handle can be another key's once a token was changed, and a token can be broken.
      if (!verify(bytes, signature)) {
        throw new IssuerError('TOKEN_FAULT', 'The token signed, and its signature does not verify.');
      }
      return signature;
    });
  }

  async ready(kid: string): Promise<void> {
    const { key } = await this.#get(kid);
    await this.#tokenAt(key).use(async (session) => void findKey(session, kid));
  }

  async destroy(kid: string): Promise<void> {
    const place = await this.placeOf(kid);
    if (place === undefined) return;
    const { key } = await this.#get(kid);
    try {
      await this.#tokenAt(key).use(async (session) => destroyKey(session, kid), 'write');
    } catch (error) {
      // Somebody destroyed it there, or a kill came before the store knew.
      if (!isKeyMissing(error)) throw error;
    }
    await this.#store.commit([this.#table.del(kid)]);
    this.#known.delete(kid);
  }

  async keys(): Promise<readonly PublicKey[]> {
    const keys: PublicKey[] = [];
    for await (const [id] of this.#table.entries()) {
      const { kid, x, y } = (await this.#get(id)).key;
      keys.push({ kid, x, y });
    }
    return keys;
  }

  /** Never: that is what a token is for. */
  async handOut(): Promise<undefined> {
    return undefined;
  }

  /** The token that holds a key; undefined if none does. IssuerError STORE_DAMAGED. */
  async placeOf(kid: string): Promise<TokenPlace | undefined> {
    if (!this.#known.has(kid) && (await this.#table.get(kid)) === undefined) return undefined;
    const { module, token } = (await this.#get(kid)).key;
    return { module, token };
  }

  /** Logs out of every token. */
  async close(): Promise<void> {
    for (const token of this.#tokens.values()) await token.close();
  }

  async #get(kid: string): Promise<{ readonly key: TokenKey; readonly verify: Es256Verify }> {
    const known = this.#known.get(kid);
    if (known !== undefined) return known;
    const sealed = await this.#table.get(kid);
    if (sealed === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
    const key = JSON.parse(this.#store.box.open('token-keys', kid, sealed).toString('utf8')) as TokenKey;
    const got = { key, verify: importEs256Key(key) };
    this.#known.set(kid, got);
    return got;
  }

  #tokenAt({ module, token, serial }: TokenPlace & { readonly serial?: string }): Token {
    const name = JSON.stringify([module, token]);
    const known = this.#tokens.get(name) ?? new Token({ module, token }, this.#askPin, serial);
    this.#tokens.set(name, known);
    return known;
  }
}
