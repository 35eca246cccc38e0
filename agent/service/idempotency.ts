import { createHash } from 'node:crypto';
import { z } from 'zod/v4';
import { isChanged } from '../issuer-error.ts';
import type { Operation, Table } from '../issuer-store.ts';
import type { ServiceStore } from './service-store.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** What was answered to a request, to be answered again. */
interface Kept {
  /** base64url SHA-256 of what was asked. */
  readonly asked: string;
  readonly status: number;
  readonly body: unknown;
  /** Unix seconds. */
  readonly at: number;
}

/** A request that must have its effect once, however often it is sent. */
export interface OnceRequest {
  readonly client: string;
  /** The Idempotency-Key header; without one nothing is kept. */
  readonly key: string | undefined;
  /** What is asked: address and body. */
  readonly asked: Uint8Array;
  /** Unix seconds. */
  readonly now: number;
}

/** An answer, and the operations that keep it, for the batch of the effect. */
export type Effect = (keep: (status: number, body: unknown) => readonly Operation[]) => Promise<Answer>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Whoever has had no answer asks again within minutes; a day is for the weekend's queue. */
const KEPT_SECONDS = 86_400;
/** Of Unix seconds, for the order of texts to be that of time. */
const TIME_DIGITS = 12;
const SWEPT_TOGETHER = 1000;
/** draft-ietf-httpapi-idempotency-key-header: a string; ours has as many characters as two UUIDs at most. */
const KEY = /^[\x21-\x7e]{1,80}$/;

/** The header, for the description of addresses that read it. */
export const IDEMPOTENCY_HEADER = {
  'Idempotency-Key': z
    .string()
    .regex(KEY)
    .optional()
    .meta({ description: 'Under one key an effect comes once, and its answer again for a day.' }),
};

/**
 * Effects that come once: the answer to a key is on disk in the batch of its effect, sealed, for a day, and is given
 * again to whoever asks the same under the same key.
 */
export class Idempotency {
  readonly #store: ServiceStore;
  readonly #table: Table<Uint8Array>;
  /** When each was kept, in the order of time: to read millions of answers for their age would hold everybody up. */
  readonly #times: Table<0>;
  readonly #underway = new Map<string, Promise<Answer>>();

  constructor(store: ServiceStore) {
    this.#store = store;
    this.#table = store.table('idempotency');
    this.#times = store.table('idempotency-times');
  }

  /** Runs an effect, or gives its answer again. Problem IDEMPOTENCY_KEY_INVALID, IDEMPOTENCY_KEY_REUSED, BUSY. */
  async once({ client, key, asked, now }: OnceRequest, effect: Effect): Promise<Answer> {
    if (key === undefined) return effect(() => []);
    if (!KEY.test(key)) throw new Problem(PROBLEMS.IDEMPOTENCY_KEY_INVALID);
    const name = `${client}.${digest(Buffer.from(key))}`;
    const digestOfAsked = digest(asked);
    // The second of two at the same time would not find what the first has not written yet.
    if (this.#underway.has(name)) throw new Problem(PROBLEMS.BUSY);
    const running = this.#run(name, { asked: digestOfAsked, now }, effect);
    this.#underway.set(name, running);
    try {
      return await running;
    } finally {
      this.#underway.delete(name);
    }
  }

  /** Forgets answers that were kept long enough. */
  async sweep(now: number): Promise<void> {
    let over: Operation[] = [];
    for await (const [key] of this.#times.entries()) {
      if (Number(key.slice(0, TIME_DIGITS)) + KEPT_SECONDS > now) break;
      over.push(this.#times.del(key), this.#table.del(key.slice(TIME_DIGITS + 1)));
      if (over.length < SWEPT_TOGETHER) continue;
      await this.#store.commit(over);
      over = [];
    }
    if (over.length > 0) await this.#store.commit(over);
  }

  async #run(
    name: string,
    { asked, now }: { readonly asked: string; readonly now: number },
    effect: Effect,
  ): Promise<Answer> {
    const over = await this.#table.get(name);
    const before = this.#answer(name, over, { asked, now });
    if (before !== undefined) return before;
    try {
      return await effect((status, body) => {
        const kept = Buffer.from(JSON.stringify({ asked, status, body, at: now } satisfies Kept));
        // Another agent may have the same request: of the two effects, the second is refused as a whole.
        return [
          // One that is over and not swept yet: its time must not take the new answer with it.
          ...(over === undefined ? [] : [this.#times.del(timeKey(this.#open(name, over).at, name))]),
          this.#table.add(name, this.#store.box.seal('idempotency', name, kept), over),
          this.#times.put(timeKey(now, name), 0),
        ];
      });
    } catch (error) {
      if (!isChanged(error)) throw error;
      const other = this.#answer(name, await this.#table.get(name), { asked, now });
      if (other === undefined) throw new Problem(PROBLEMS.BUSY);
      return other;
    }
  }

  /** What was answered already; undefined if nothing was, or so long ago that it is forgotten. Problem IDEMPOTENCY_KEY_REUSED. */
  #answer(
    name: string,
    sealed: Uint8Array | undefined,
    { asked, now }: { readonly asked: string; readonly now: number },
  ): Answer | undefined {
    const before = sealed === undefined ? undefined : this.#open(name, sealed);
    if (before === undefined || before.at + KEPT_SECONDS <= now) return undefined;
    if (before.asked !== asked) throw new Problem(PROBLEMS.IDEMPOTENCY_KEY_REUSED);
    return { status: before.status, body: before.body };
  }

  #open(name: string, sealed: Uint8Array): Kept {
    return JSON.parse(this.#store.box.open('idempotency', name, sealed).toString('utf8')) as Kept;
  }
}

function timeKey(at: number, name: string): string {
  return `${String(Math.floor(at)).padStart(TIME_DIGITS, '0')}.${name}`;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
