import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { IssuerError } from '../issuer-error.ts';
import { asking, type Ask, type Connections } from './connections.ts';

/** Told by whoever writes, as the transaction commits. */
export const NEWS_CHANNEL = 'pratique_news';

/** The session of a process that was killed may last as long as the server takes to see it. */
const PATIENCE_MS = 2_000;
const LOOK_MS = 100;
const AGAIN_MS = 200;
/** How often is looked without being told. */
const POLL_MS = 1_000;

/**
 * The one connection that an agent keeps all its life: by it the database knows that its folder is in use, and it is told
 * over it when others write. If it is lost it is made again; until then nothing is written.
 */
export class AgentSession {
  readonly #connections: Connections;
  readonly #lock: (ask: Ask) => Promise<boolean>;
  readonly #over = new AbortController();
  readonly #told = new Set<() => Promise<void>>();
  #isHeld = false;
  #kept: Promise<void> | undefined;

  private constructor(connections: Connections, lock: (ask: Ask) => Promise<boolean>) {
    this.#connections = connections;
    this.#lock = lock;
  }

  /** IssuerError STORE_LOCKED if another process has the lock; as `Connections.apart`. */
  static async open(connections: Connections, lock: (ask: Ask) => Promise<boolean>): Promise<AgentSession> {
    const session = new AgentSession(connections, lock);
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const client = await session.#begin();
      if (client !== undefined) {
        session.#kept = session.#keep(client);
        return session;
      }
      if (performance.now() > deadline) {
        throw new IssuerError(
          'STORE_LOCKED',
          'Another process holds this issuer folder: end it, or try again once it is done.',
        );
      }
      await sleep(LOOK_MS);
    }
  }

  /** IssuerError STORE_UNAVAILABLE while the database does not know that the folder is in use. */
  assertHeld(): void {
    if (!this.#isHeld) {
      throw new IssuerError('STORE_UNAVAILABLE', 'The database of the issuer does not answer.');
    }
  }

  /** Has somebody look when others have written, and every second. */
  onNews(look: () => Promise<void>): void {
    this.#told.add(look);
  }

  async close(): Promise<void> {
    this.#over.abort();
    await this.#kept;
  }

  /** Undefined if another session has the lock. */
  async #begin(): Promise<Client | undefined> {
    const client = await this.#connections.apart();
    try {
      if (await this.#lock(asking(client))) {
        await client.query(`LISTEN ${NEWS_CHANNEL}`);
        return client;
      }
    } catch {
      // As if another had it: whoever wants it tries again.
    }
    await client.end().catch(() => undefined);
    return undefined;
  }

  async #keep(first: Client): Promise<void> {
    let client: Client | undefined = first;
    const { signal } = this.#over;
    while (!signal.aborted) {
      if (client !== undefined) {
        this.#isHeld = true;
        await this.#watch(client);
        this.#isHeld = false;
        await client.end().catch(() => undefined);
      }
      if (this.#over.signal.aborted) return;
      await sleep(AGAIN_MS, undefined, { signal }).catch(() => undefined);
      client = await this.#begin().catch(() => undefined);
    }
    await client?.end().catch(() => undefined);
  }

  /** Until the connection is lost, or not wanted any more. */
  async #watch(client: Client): Promise<void> {
    const { signal } = this.#over;
    const ended = new AbortController();
    const end = (): void => ended.abort();
    client.once('error', end);
    client.once('end', end);
    signal.addEventListener('abort', end, { once: true });
    const news = new Set<string>();
    client.on('notification', ({ channel }) => {
      news.add(channel);
      client.emit('news');
    });
    try {
      while (!ended.signal.aborted) {
        if (news.size === 0) await waitFor(client, ended.signal);
        news.clear();
        if (isOver(ended.signal)) return;
        // A connection that is dead without a word is found out by it.
        await client.query('SELECT 1');
        for (const look of this.#told) await look().catch(() => undefined);
      }
    } catch {
      // It is lost.
    } finally {
      signal.removeEventListener('abort', end);
    }
  }
}

async function waitFor(client: Client, signal: AbortSignal): Promise<void> {
  const told = new AbortController();
  const either = AbortSignal.any([signal, told.signal]);
  await Promise.race([
    once(client, 'news', { signal: either }).catch(() => undefined),
    sleep(POLL_MS, undefined, { signal: either }).catch(() => undefined),
  ]);
  told.abort();
}

function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
