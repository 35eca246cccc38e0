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
  /** How the registry ended it, and when this issuer learned of it, Unix seconds. */
  readonly ended?: { readonly state: 'retired' | 'compromised'; readonly at: number };
  /** When its private part was thrown away, Unix seconds. */
  readonly destroyedAt?: number;
}

/** Where a key stands in its window: `due` once nine tenths of it are over and another should follow. */
export type KeyAge = 'not-registered' | 'early' | 'fresh' | 'due' | 'over' | 'ended';

/** A key is followed by another before its end: cards need one at any moment. */
const DUE = 0.9;

/** Where a key stands at a moment, Unix seconds. */
export function keyAge({ window, ended }: SigningKey, now: number): KeyAge {
  if (ended !== undefined) return 'ended';
  if (window === undefined) return 'not-registered';
  const { validFrom, validUntil } = window;
  if (now < validFrom) return 'early';
  if (validUntil === 0) return 'fresh';
  if (now >= validUntil) return 'over';
  return now - validFrom >= DUE * (validUntil - validFrom) ? 'due' : 'fresh';
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

  /** Records that the registry ended a key. IssuerError KEY_UNKNOWN. */
  async recordEnd(kid: string, state: 'retired' | 'compromised', now: number): Promise<void> {
    const key = this.get(kid);
    // Nothing makes a stolen key a retired one.
    if (key.ended?.state === 'compromised') return;
    await this.#put({ ...key, ended: { state, at: now } });
  }

  /**
   * Throws the private part of a key away. What was signed stays good, and nothing more is signed.
   *
   * IssuerError KEY_UNKNOWN, KEY_IN_USE while it may still sign.
   */
  async destroy(agent: IssuerAgent, kid: string, now: number): Promise<void> {
    const key = this.get(kid);
    if (key.destroyedAt !== undefined) return;
    if (!GONE.has(keyAge(key, now))) {
      throw new IssuerError('KEY_IN_USE', 'The key may still sign cards: retire it first.');
    }
    await this.#put({ ...key, destroyedAt: now });
    await agent.keyManagerDelete({ kid });
    // LevelDB keeps what was deleted until it tidies up.
    await this.#store.compact();
  }

  async recordWindow(kid: string, { validFrom, validUntil }: KeyWindow): Promise<void> {
    await this.#put({ ...this.get(kid), window: { validFrom, validUntil } });
  }

  /**
   * The kid to sign what is said of a key with: its own while its private part is here, else the newest that may sign.
   *
   * IssuerError KEY_UNKNOWN, NO_SIGNING_KEY.
   */
  signerFor(kid: string): string {
    if (this.get(kid).destroyedAt === undefined) return kid;
    const other = this.all().findLast(
      ({ ended, destroyedAt }) => ended === undefined && destroyedAt === undefined,
    );
    if (other === undefined)
      throw new IssuerError('NO_SIGNING_KEY', 'No key of this issuer can sign any more.');
    return other.kid;
  }

  async #put(key: SigningKey): Promise<void> {
    await this.#store.commit([this.#table.put(key.kid, key)]);
    this.#keys.set(key.kid, key);
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
    const asked = wanted === undefined ? this.all().toReversed() : [this.get(wanted)];
    if (asked.length === 0) throw new IssuerError('NO_SIGNING_KEY', 'This issuer has no signing key yet.');
    const candidates = asked.filter(
      ({ ended, destroyedAt }) => ended === undefined && destroyedAt === undefined,
    );
    if (candidates.length === 0) {
      throw new IssuerError('KEY_NOT_VALID', 'The key has ended: make another with `pratique issuer key`.');
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

/** A key that was never registered signs nothing either. */
const GONE: ReadonlySet<KeyAge> = new Set(['not-registered', 'over', 'ended']);

function isWithin({ validFrom, validUntil }: KeyWindow, time: number): boolean {
  return time >= validFrom && (validUntil === 0 || time < validUntil);
}
