import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { JSONWebKeySet } from 'jose';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { IssuerError } from '../issuer-error.ts';
import type { Operation, Table } from '../issuer-store.ts';
import type { ServiceStore } from './service-store.ts';
import { readClientKeys } from './client-keys.ts';
import type { Quota } from './quota.ts';
import type { Spent } from './quotas.ts';
import type { Caller, Scope } from './scope.ts';

/** Who may ask the service for something: a hospital's system, a clerk, a portal. */
export interface Client {
  readonly id: string;
  /** For the staff who keep the list. */
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Unix seconds. */
  readonly createdAt: number;
  /** Since when it may do nothing any more, Unix seconds. */
  readonly disabledAt?: number;
  /** The client that took it in; missing of one that was taken in where the folder is. */
  readonly by?: string;
  /** Missing of one to which the quota for everybody applies. */
  readonly quota?: Quota;
  /** How it says who it is: base64url SHA-256 of an API key, or public keys that its assertions are held against. */
  readonly proof: { readonly keyHash: string } | { readonly jwks: JSONWebKeySet };
}

/** What a new client is to be. */
export interface NewClient {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** A JWK Set of its public keys; without one it gets an API key. */
  readonly jwks?: unknown;
  readonly quota?: Quota;
}

/** Those who look for leaked keys find ours by it. */
const PREFIX = 'pratique';
const ID_BYTES = 9;
/** 256 bits: a plain hash keeps it, since nobody guesses it. */
const SECRET_BYTES = 32;
const API_KEY = /^pratique_([A-Za-z0-9_-]{12})_([A-Za-z0-9_-]{43})$/;
const MAX_NAME = 100;
/** It is shown to people, in a terminal too. */
const CONTROL = /\p{C}/u;

/** The clients of an issuer's service. */
export class Clients {
  readonly #store: ServiceStore;
  readonly #table: Table<Client>;
  /** All of them: a request in a loop must not wait for the disk to learn that it is nobody's. */
  readonly #known = new Map<string, Client>();
  /** Those whose end is not known to be on disk. */
  readonly #ending = new Set<string>();

  private constructor(store: ServiceStore) {
    this.#store = store;
    this.#table = store.table('clients');
  }

  static async open(store: ServiceStore): Promise<Clients> {
    const clients = new Clients(store);
    await store.follow<Client>('clients', (id, client) => {
      if (client !== undefined) clients.#known.set(id, client);
    });
    return clients;
  }

  /**
   * Takes a client in. Its API key, if it has one, is in this answer and nowhere else.
   *
   * @param now Unix seconds. IssuerError CLIENT_INVALID.
   */
  async add(
    { name, scopes, jwks, quota }: NewClient,
    now: number,
    by?: string,
    spent?: Spent,
  ): Promise<{ readonly client: Client; readonly apiKey?: string }> {
    if (name.trim() === '' || name.length > MAX_NAME || CONTROL.test(name) || scopes.length === 0) {
      throw new IssuerError(
        'CLIENT_INVALID',
        'A client has a name of up to 100 characters and a scope at least.',
      );
    }
    const id = randomBytes(ID_BYTES).toString('base64url');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const proof = jwks === undefined ? { keyHash: hashOf(secret) } : { jwks: readClientKeys(jwks) };
    const client: Client = {
      id,
      name,
      scopes: [...new Set(scopes)],
      createdAt: now,
      ...(by === undefined ? {} : { by }),
      ...(quota === undefined ? {} : { quota }),
      proof,
    };
    const { scopes: given } = client;
    await this.#store.commit([this.#table.put(id, client)], spent?.closing, [
      ...(spent?.audit ?? []),
      { kind: 'client-added', client: id, scopes: given, ...(by === undefined ? {} : { by }) },
      ...(quota === undefined ? [] : [quotaSaid(id, quota, by)]),
    ]);
    this.#known.set(id, client);
    return jwks === undefined ? { client, apiKey: `${PREFIX}_${id}_${secret}` } : { client };
  }

  /** Lets a client do nothing any more; at once, and on disk when it returns. IssuerError CLIENT_UNKNOWN. */
  async disable(id: string, now: number, by?: string): Promise<Client> {
    // One that another agent has just taken in.
    if (!this.#known.has(id)) await this.#store.look();
    const client = this.#mustKnow(id);
    // One whose end could not be written is asked for again: it would be back after a restart.
    if (client.disabledAt !== undefined && !this.#ending.has(id)) return client;
    const disabled = { ...client, disabledAt: client.disabledAt ?? now };
    // Before the disk: what was asked for now must not wait, and a restart meanwhile is as if it had not been asked.
    this.#known.set(id, disabled);
    this.#ending.add(id);
    await this.#write(id, [{ kind: 'client-disabled', client: id, ...(by === undefined ? {} : { by }) }]);
    this.#ending.delete(id);
    return disabled;
  }

  /** Says how much a client may do from now on; on disk when it returns. IssuerError CLIENT_UNKNOWN. */
  async sayQuota(id: string, quota: Quota, by?: string): Promise<Client> {
    const before = this.#mustKnow(id);
    const changed = { ...before, quota };
    this.#known.set(id, changed);
    try {
      await this.#write(id, [quotaSaid(id, quota, by)]);
    } catch (error) {
      const { quota: _, ...rest } = this.#mustKnow(id);
      this.#known.set(id, before.quota === undefined ? rest : { ...rest, quota: before.quota });
      throw error;
    }
    return changed;
  }

  /**
   * The client that was taken in where the folder is and from which this one comes, over however many: whoever takes in a
   * client holds its key.
   */
  originOf(id: string): string {
    let origin = id;
    // None is older than whoever took it in: this ends.
    for (let by = this.#known.get(id)?.by; by !== undefined; by = this.#known.get(by)?.by) origin = by;
    return origin;
  }

  /** Oldest first. */
  all(): readonly Client[] {
    return [...this.#known.values()].toSorted((a, b) => a.createdAt - b.createdAt);
  }

  /** A client that may ask. */
  get(id: string): Client | undefined {
    const client = this.#known.get(id);
    return client?.disabledAt === undefined ? client : undefined;
  }

  /** Whoever an API key is of; the same work for every key of the right form. */
  byApiKey(text: string): Caller | undefined {
    const [, id = '', secret = ''] = API_KEY.exec(text) ?? [];
    const client = this.get(id);
    const proof = client?.proof;
    const held = proof !== undefined && 'keyHash' in proof ? proof.keyHash : NOBODY;
    const same = timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(held));
    return same && client !== undefined ? callerOf(client) : undefined;
  }

  #mustKnow(id: string): Client {
    const client = this.#known.get(id);
    if (client === undefined) throw new IssuerError('CLIENT_UNKNOWN', 'There is no such client.');
    return client;
  }

  async #write(id: string, entries: readonly AuditEntry[]): Promise<void> {
    // As it stands when the batch is written: a quota that is said must not undo an end that was said meanwhile.
    const row = (): Operation => this.#table.put(id, this.#mustKnow(id));
    await this.#store.commit([], new Map([[`client/${id}`, row]]), entries);
  }
}

function quotaSaid(client: string, quota: Quota, by: string | undefined): AuditEntry {
  return { kind: 'client-quota-said', client, quota, ...(by === undefined ? {} : { by }) };
}

/** What a client may do, as who asks. */
export function callerOf({ id, scopes }: Client): Caller {
  return { client: id, scopes: new Set(scopes) };
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** No text has this hash that anybody knows. */
const NOBODY = randomBytes(32).toString('base64url');
