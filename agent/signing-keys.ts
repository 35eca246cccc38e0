import type { P256Coordinates } from '../credential/jwk.ts';
import type { IssuerAgent } from './agent.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import { NODE_KMS } from './node-kms.ts';

/** The window in which a key may sign, in Unix seconds; `validUntil` 0 has no end. */
export interface KeyWindow {
  readonly validFrom: number;
  readonly validUntil: number;
}

/** A signing key: its public part, and its window once the registry has it. */
export interface SigningKey extends P256Coordinates {
  readonly kid: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly window?: KeyWindow;
}

/** The issuer's keys as it knows them; the private parts are the key management system's. */
export class SigningKeys {
  readonly #store: IssuerStore;
  readonly #table: Table<SigningKey>;
  readonly #keys = new Map<string, SigningKey>();

  private constructor(store: IssuerStore) {
    this.#store = store;
    this.#table = store.table('signing-keys');
  }

  static async open(store: IssuerStore): Promise<SigningKeys> {
    const keys = new SigningKeys(store);
    for await (const [kid, key] of keys.#table.entries()) keys.#keys.set(kid, key);
    return keys;
  }

  /** Oldest first. */
  all(): readonly SigningKey[] {
    return [...this.#keys.values()].toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /** IssuerError KEY_UNKNOWN. */
  get(kid: string): SigningKey {
    const key = this.#keys.get(kid);
    if (key === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
    return key;
  }

  /** Makes a P-256 key under the issuer's DID; it counts once `first`, the records of its list, are written with it. */
  async create(
    agent: IssuerAgent,
    did: string,
    now: number,
    first: (kid: string) => readonly Operation[],
  ): Promise<SigningKey> {
    const managed = await agent.keyManagerCreate({ kms: NODE_KMS, type: 'Secp256r1' });
    await agent.didManagerAddKey({ did, key: managed });
    const { kid, meta } = managed;
    const key: SigningKey = { kid, x: String(meta?.['x']), y: String(meta?.['y']), createdAt: now };
    await this.#store.commit([...first(kid), this.#table.put(kid, key)]);
    this.#keys.set(kid, key);
    return key;
  }

  async recordWindow(kid: string, { validFrom, validUntil }: KeyWindow): Promise<void> {
    const key: SigningKey = { ...this.get(kid), window: { validFrom, validUntil } };
    await this.#store.commit([this.#table.put(kid, key)]);
    this.#keys.set(kid, key);
  }

  /**
   * The key to sign with at a moment (Unix seconds): the newest whose list is anchored, which the registry trusts and
   * whose window holds the moment; or the one asked for, under the same conditions.
   *
   * IssuerError NO_SIGNING_KEY, KEY_UNKNOWN, NOT_ANCHORED, KEY_NOT_VALID.
   */
  choose(
    at: number,
    wanted: string | undefined,
    { isAnchored, isTrusted }: Record<'isAnchored' | 'isTrusted', (kid: string) => boolean>,
  ): SigningKey {
    const candidates = wanted === undefined ? this.all().toReversed() : [this.get(wanted)];
    if (candidates.length === 0) {
      throw new IssuerError('NO_SIGNING_KEY', 'This issuer has no signing key yet.');
    }
    const anchored = candidates.filter(({ kid }) => isAnchored(kid));
    if (anchored.length === 0) {
      throw new IssuerError('NOT_ANCHORED', 'The chain holds no status list of a signing key yet.');
    }
    const key = anchored.find(
      ({ kid, window }) => isTrusted(kid) && (window === undefined || isWithin(window, at)),
    );
    if (key === undefined) {
      throw new IssuerError(
        'KEY_NOT_VALID',
        'The registry, as last learned, lets no key of this issuer sign at this moment.',
      );
    }
    return key;
  }
}

function isWithin({ validFrom, validUntil }: KeyWindow, time: number): boolean {
  return time >= validFrom && (validUntil === 0 || time < validUntil);
}
