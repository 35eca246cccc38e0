import { createHash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { isChanged } from '../issuer-error.ts';
import type { Table } from '../issuer-store.ts';
import type { ServiceStore } from './service-store.ts';
import { ASSERTION_ALGORITHMS, keyChooser } from './client-keys.ts';
import type { Client, Clients } from './clients.ts';

/** RFC 7523 section 2.2. */
export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** SMART Backend Services, "Authentication JWT Claims": no more than five minutes in the future. */
const MAX_AHEAD = 300;
/** Clocks are not all alike. */
const LEEWAY = 30;
const MAX_ASSERTION = 8192;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** Holds the assertions of clients against their keys, each once. */
export class ClientAssertions {
  readonly #store: ServiceStore;
  readonly #used: Table<number>;
  readonly #clients: Clients;
  readonly #audience: string;
  /** Those that are being written down right now. */
  readonly #underway = new Set<string>();

  /** @param audience URL of the token endpoint */
  constructor(store: ServiceStore, clients: Clients, audience: string) {
    this.#store = store;
    this.#used = store.table('assertions');
    this.#clients = clients;
    this.#audience = audience;
  }

  /**
   * Whoever an assertion is of (RFC 7523 section 3): signed by a key of the client, for us, for five minutes at most, and
   * not seen before; that it was seen is on disk when this returns. Undefined of every other.
   *
   * @param now Unix seconds
   */
  async clientOf(assertion: string, now: number): Promise<Client | undefined> {
    // jose takes text that is not as it would write it.
    if (assertion.length > MAX_ASSERTION || !COMPACT.test(assertion)) return undefined;
    try {
      const client = this.#clients.get(decodeJwt(assertion).iss ?? '');
      if (client === undefined || !('jwks' in client.proof)) return undefined;
      const { payload } = await jwtVerify(assertion, keyChooser(client.proof.jwks), {
        algorithms: [...ASSERTION_ALGORITHMS],
        audience: this.#audience,
        issuer: client.id,
        subject: client.id,
        requiredClaims: ['exp', 'jti'],
        clockTolerance: LEEWAY,
        currentDate: new Date(now * 1000),
      });
      const { exp = Infinity, jti } = payload;
      if (exp > now + MAX_AHEAD + LEEWAY || typeof jti !== 'string' || jti === '') return undefined;
      return (await this.#isFirst(client.id, jti, exp)) ? client : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** Forgets those that nobody could use any more. */
  async sweep(now: number): Promise<void> {
    const over = [];
    for await (const [key, exp] of this.#used.entries())
      if (exp + LEEWAY < now) over.push(this.#used.del(key));
    if (over.length > 0) await this.#store.commit(over);
  }

  async #isFirst(client: string, jti: string, exp: number): Promise<boolean> {
    const key = `${client}.${createHash('sha256').update(jti).digest('base64url')}`;
    if (this.#underway.has(key)) return false;
    this.#underway.add(key);
    try {
      // Of two agents that are shown the same one at once, one takes it.
      await this.#store.commit([this.#used.add(key, exp)]);
      return true;
    } catch (error) {
      if (isChanged(error)) return false;
      throw error;
    } finally {
      this.#underway.delete(key);
    }
  }
}
