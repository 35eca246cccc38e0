import type { P256Coordinates } from '../credential/jwk.ts';
import type { IssuerAgent } from './agent.ts';
import type { AuditEntry } from './audit/audit-entry.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import { KEYSTORE_KMS, TOKEN_KMS } from './signer-kms.ts';
import type { TokenPlace } from './signer.ts';

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

/** Where a key stands in its window: `due` once nine tenths of it, or of a year, are over and another should follow. */
export type KeyAge = 'not-registered' | 'early' | 'fresh' | 'due' | 'over' | 'ended';

/** A key is followed by another before its end: cards need one at any moment. */
const DUE = 0.9;
/** However long it may sign, a key is followed by another within a year. */
const YEAR = 366 * 86_400;

/** Where a key stands at a moment, Unix seconds. */
export function keyAge({ window, ended }: SigningKey, now: number): KeyAge {
  if (ended !== undefined) return 'ended';
  if (window === undefined) return 'not-registered';
  const { validFrom, validUntil } = window;
  if (now < validFrom) return 'early';
  const end = validUntil === 0 ? Infinity : validUntil;
  if (now >= end) return 'over';
  return now - validFrom >= DUE * Math.min(end - validFrom, YEAR) ? 'due' : 'fresh';
}

/** The issuer's keys as it knows them; the private parts are the key management system's. */
export class SigningKeys {
  readonly #store: IssuerStore;
  readonly #table: Table<SigningKey>;
  /** Veramo's records, which last as long as the private parts. */
  readonly #managed: Table<unknown>;
  readonly #keys = new Map<string, SigningKey>();

  private constructor(store: IssuerStore) {
    this.#store = store;
    this.#table = store.table('signing-keys');
    this.#managed = store.table('keys');
  }

  static async open(store: IssuerStore): Promise<SigningKeys> {
    const keys = new SigningKeys(store);
    await store.follow<SigningKey>('signing-keys', (kid, key) => {
      if (key !== undefined) keys.#keys.set(kid, key);
    });
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

  /**
   * Makes a P-256 key under the issuer's DID, in the folder or on a token; it counts once `first`, the records of its list,
   * are written with it. IssuerError as `Signer.create`.
   */
  async create(
    agent: IssuerAgent,
    did: string,
    { now, place }: { readonly now: number; readonly place: TokenPlace | undefined },
    first: (kid: string) => readonly Operation[],
  ): Promise<SigningKey> {
    const managed = await agent.keyManagerCreate({
      type: 'Secp256r1',
      ...(place === undefined ? { kms: KEYSTORE_KMS } : { kms: TOKEN_KMS, meta: { ...place } }),
    });
    await agent.didManagerAddKey({ did, key: managed });
    const { kid, meta } = managed;
    const key: SigningKey = { kid, x: String(meta?.['x']), y: String(meta?.['y']), createdAt: now };
    await this.#store.commit([...first(kid), this.#table.put(kid, key)], new Map(), [
      { kind: 'key-made', kid },
    ]);
    this.#keys.set(kid, key);
    return key;
  }

  /** Records that the registry ended a key. IssuerError KEY_UNKNOWN. */
  async recordEnd(kid: string, state: 'retired' | 'compromised', now: number): Promise<void> {
    await this.#change(kid, { kind: 'key-ended', kid, state }, (key) =>
      // Nothing makes a stolen key a retired one; told again, it ended when it did.
      key.ended?.state === 'compromised' || key.ended?.state === state
        ? key
        : { ...key, ended: { state, at: now } },
    );
  }

  /**
   * Throws the private part of a key away. What was signed stays good, and nothing more is signed, even if the token that
   * holds it is not there: then the same call again, once it is.
   *
   * IssuerError KEY_UNKNOWN, KEY_IN_USE while it may still sign; as `Signer.destroy`.
   */
  async destroy(agent: IssuerAgent, kid: string, now: number): Promise<void> {
    await this.#change(kid, { kind: 'key-destroyed', kid }, (key) => {
      if (key.destroyedAt !== undefined) return key;
      if (!GONE.has(keyAge(key, now))) {
        throw new IssuerError('KEY_IN_USE', 'The key may still sign cards: retire it first.');
      }
      return { ...key, destroyedAt: now };
    });
    // A kill, a disk that failed, or a token that was not there, may have come between the two.
    if ((await this.#managed.get(kid)) !== undefined) await agent.keyManagerDelete({ kid });
    // LevelDB keeps what was deleted until it tidies up.
    await this.#store.compact();
  }

  async recordWindow(kid: string, { validFrom, validUntil }: KeyWindow): Promise<void> {
    await this.#change(kid, { kind: 'key-window-recorded', kid, validFrom, validUntil }, (key) => ({
      ...key,
      window: { validFrom, validUntil },
    }));
  }

  /**
   * The kid to sign what is said of a key with: its own while its private part is here, else the newest that may sign.
   *
   * IssuerError KEY_UNKNOWN, KEY_NOT_VALID.
   */
  signerFor(kid: string): string {
    if (this.get(kid).destroyedAt === undefined) return kid;
    const other = this.all().findLast(
      ({ ended, destroyedAt }) => ended === undefined && destroyedAt === undefined,
    );
    if (other === undefined) {
      throw new IssuerError(
        'KEY_NOT_VALID',
        'No key is left that could sign the lists of this issuer: make another with `pratique issuer rotate`.',
      );
    }
    return other.kid;
  }

  /** Changes a key as it is at the moment of writing; the same key is no change. */
  async #change(kid: string, done: AuditEntry, make: (key: SigningKey) => SigningKey): Promise<void> {
    await this.#store.decide(() => {
      const before = this.get(kid);
      const key = make(before);
      if (key === before) return {};
      const settled = (): void => void this.#keys.set(kid, key);
      return { operations: [this.#table.put(kid, key)], audit: [done], settled };
    });
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
      throw new IssuerError(
        'KEY_NOT_VALID',
        'The key has ended: make another with `pratique issuer rotate`.',
      );
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
