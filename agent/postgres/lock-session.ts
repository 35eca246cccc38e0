import { Socket } from 'node:net';
import pg from 'pg';
import { IssuerError } from '../issuer-error.ts';
import { postgresFault } from './postgres-fault.ts';

/** A lock of the database that at most one session holds: two numbers of 32 bits. */
export interface Lock {
  readonly kind: number;
  readonly of: number;
}

/** What ours are for: numbers behind those of `locks.ts`, which other programs on the same database do not use. */
export const LOCK_KIND = {
  leader: 0x50_72_61_76,
  anchoring: 0x50_72_61_77,
  bulkAgent: 0x50_72_61_78,
  bulkFiles: 0x50_72_61_79,
  retrieval: 0x50_72_61_7a,
} as const;

/** Every so often the database is told that this process lives, and asked whether its locks do. */
const BEAT_MS = 1_000;
/** An answer takes no longer, or the session counts as lost here. */
const ANSWER_MS = 4_000;
/**
 * The database ends a session that says nothing for so long, and with it its locks: what holds them after a machine that
 * lost its network, or a process that was stopped, would else hold them for hours.
 */
const SILENCE_MS = 10_000;
const LOOK_MS = 200;

const SESSION = `SELECT set_config('idle_session_timeout', '${SILENCE_MS}ms', false),
  set_config('tcp_user_timeout', '${SILENCE_MS}ms', false), set_config('tcp_keepalives_idle', '5', false),
  set_config('tcp_keepalives_interval', '2', false), set_config('tcp_keepalives_count', '2', false)`;
/** Of this very backend: behind a pooler that hands out another for each question, no lock is ever held. */
const HELD = `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND classid = $1::int::oid AND objid = $2::int::oid AND objsubid = 2`;

/**
 * A connection whose life is that of the locks it holds: it ends, and they are free, with this process, with the network,
 * or after ten seconds in which this process did not get to say anything.
 */
export class LockSession {
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #lost = new AbortController();
  readonly #held = new Map<string, Lock>();
  readonly #asked = new Set<string>();
  readonly #beat: NodeJS.Timeout;

  private constructor(client: pg.Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    client.on('error', () => this.#lose());
    client.on('end', () => this.#lose());
    this.#beat = setInterval(() => void this.#say(), BEAT_MS);
    this.#beat.unref();
  }

  /** A session of its own. IssuerError STORE_UNAVAILABLE, DATABASE_UNSUITABLE. */
  static async open(config: pg.ClientConfig): Promise<LockSession> {
    const socket = new Socket();
    const client = new pg.Client({
      ...config,
      stream: () => socket,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
      keepAlive: true,
      application_name: 'pratique locks',
    });
    // Until the session has its own: an error that nobody hears ends the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query(SESSION);
      return new LockSession(client, socket);
    } catch (error) {
      socket.destroy();
      throw postgresFault(error);
    }
  }

  /** Aborted as soon as the session is known to be gone, and with it all its locks. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * Takes a lock if nobody holds it, not even this session, waiting up to so many milliseconds; false if somebody does.
   *
   * IssuerError STORE_UNAVAILABLE.
   */
  async take(lock: Lock, waitMs = 0): Promise<boolean> {
    const deadline = performance.now() + waitMs;
    for (;;) {
      if (await this.#tryLock(lock)) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, left)));
    }
  }

  async #tryLock(lock: Lock): Promise<boolean> {
    const name = nameOf(lock);
    // The database would give it to the same session again and again.
    if (this.#held.has(name) || this.#asked.has(name)) return false;
    this.#asked.add(name);
    try {
      const { rows } = await this.#ask<{ taken: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS taken', [
        lock.kind,
        lock.of,
      ]);
      const isTaken = rows[0]?.taken === true;
      if (isTaken) this.#held.set(name, lock);
      return isTaken;
    } finally {
      this.#asked.delete(name);
    }
  }

  /** Whether this session holds a lock at this moment, as the database says; never throws, and false if it cannot be asked. */
  async holds(lock: Lock): Promise<boolean> {
    if (!this.#held.has(nameOf(lock))) return false;
    try {
      const { rowCount } = await this.#ask(HELD, [lock.kind, lock.of]);
      if (rowCount !== 1) this.#lose();
      return rowCount === 1 && !this.lost.aborted;
    } catch {
      return false;
    }
  }

  /** Gives a lock back. */
  async giveBack(lock: Lock): Promise<void> {
    if (!this.#held.delete(nameOf(lock))) return;
    // A session that is gone holds nothing.
    await this.#ask('SELECT pg_advisory_unlock($1, $2)', [lock.kind, lock.of]).catch(() => undefined);
  }

  /** Ends the session, and with it its locks. */
  close(): void {
    this.#lose();
  }

  async #say(): Promise<void> {
    const [lock] = this.#held.values();
    if (lock === undefined) await this.#ask('SELECT 1').catch(() => undefined);
    else await this.holds(lock);
  }

  async #ask<T extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<pg.QueryResult<T>> {
    if (this.lost.aborted) throw unavailable(undefined);
    try {
      return await this.#client.query<T>(text, [...values]);
    } catch (error) {
      // Whether it is the session or the question: a session in doubt holds nothing that may be relied on.
      this.#lose();
      throw unavailable(error);
    }
  }

  #lose(): void {
    if (this.lost.aborted) return;
    clearInterval(this.#beat);
    this.#held.clear();
    this.#lost.abort();
    // No farewell, which a dead network would have us wait for: the database frees the locks when it sees the end.
    this.#socket.destroy();
  }
}

function nameOf({ kind, of }: Lock): string {
  return `${kind}.${of}`;
}

function unavailable(cause: unknown): IssuerError {
  return new IssuerError('STORE_UNAVAILABLE', 'The database of the issuer does not answer.', { cause });
}
