import {
  Client,
  Pool,
  type ClientBase,
  type ClientConfig,
  type PoolClient,
  type QueryResult,
  type QueryResultRow,
} from 'pg';
import { IssuerError } from '../issuer-error.ts';
import { readDatabaseUrl } from './database-url.ts';
import { Places } from './places.ts';
import { postgresFault } from './postgres-fault.ts';

/** Asks something over one connection. */
export type Ask = <R extends QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<QueryResult<R>>;

/** Reads share these. */
const READS = 8;
/** Kept free of them: for the one that writes, for what looks at the whole, and for what the last one was lost with. */
const OTHERS = 4;
/** No call waits longer for a database that is gone. */
const CONNECT_MS = 3_000;
/** No statement of ours takes seconds; on the server, and here, in case nothing comes back. */
const STATEMENT_MS = 10_000;
const ANSWER_MS = 12_000;
/** Others write one batch at a time as well. */
const LOCK_MS = 6_000;
/** A machine that vanished in the middle of a batch keeps the others waiting for so long. */
const IDLE_MS = 5_000;
/** The first that ends a session which says nothing: see `lock-session.ts`. */
const OLDEST = 140_000;

/** Connections to one PostgreSQL, each looked at before it is used first: whatever it acknowledges must be durable. */
export class Connections {
  /** What each of them goes by. */
  readonly config: ClientConfig;
  readonly #pool: Pool;
  readonly #sound = new WeakSet<object>();
  /** The pool would refuse whoever waits for seconds on a busy day. */
  readonly #reads = new Places(READS);
  #ended: Promise<void> | undefined;

  /** IssuerError DATABASE_INVALID. Connects when it is used. */
  constructor(url: string) {
    this.config = {
      connectionString: readDatabaseUrl(url, 'with or without password'),
      application_name: 'pratique',
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      query_timeout: ANSWER_MS,
      idle_in_transaction_session_timeout: IDLE_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 5_000,
    };
    this.#pool = new Pool({ ...this.config, max: READS + OTHERS, idleTimeoutMillis: 30_000 });
    // Of a connection that was lost while nobody used it, whoever comes next gets another.
    this.#pool.on('error', () => undefined);
    // One that is lost in use fails what it is asked.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /**
   * Runs over one connection, which is thrown away if it fails.
   *
   * IssuerError STORE_UNAVAILABLE, DATABASE_UNSUITABLE, STORE_DAMAGED; what `run` throws of its own.
   */
  async use<T>(run: (ask: Ask) => Promise<T>): Promise<T> {
    const client = await this.#connect();
    try {
      const done = await run(asking(client));
      client.release();
      return done;
    } catch (error) {
      // Whatever was begun on it ends with it.
      client.release(true);
      throw error;
    }
  }

  /** As `use`, of what only asks one thing: with thousands of others, it waits for its turn. */
  async read<T>(run: (ask: Ask) => Promise<T>): Promise<T> {
    await this.#reads.take();
    try {
      return await this.use(run);
    } finally {
      this.#reads.giveBack();
    }
  }

  /** As `use`, in a transaction that only reads, and reads the database as it is at its first statement. */
  async atOneMoment<T>(run: (ask: Ask) => Promise<T>): Promise<T> {
    return this.use(async (ask) => {
      await ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      // It may be whoever writes a backup to a slow disk.
      await ask('SET LOCAL idle_in_transaction_session_timeout = 0');
      const done = await run(ask);
      await ask('COMMIT');
      return done;
    });
  }

  /** A connection apart, for what lasts as long as it: locks of a session, and LISTEN. The caller ends it. */
  async apart(): Promise<Client> {
    const client = new Client(this.config);
    client.on('error', () => undefined);
    try {
      await client.connect();
      await assertSound(asking(client));
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      throw postgresFault(error);
    }
  }

  async close(): Promise<void> {
    this.#ended ??= this.#pool.end();
    await this.#ended;
  }

  async #connect(): Promise<PoolClient> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      const fault = postgresFault(error);
      // What is not there for one is not there for those who wait.
      this.#reads.refuse(fault);
      throw fault;
    }
    if (this.#sound.has(client)) return client;
    try {
      await assertSound(asking(client));
      this.#sound.add(client);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

/** What a connection is asked; whatever it meets is an IssuerError of a closed code. */
export function asking(client: ClientBase): Ask {
  return async <R extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
    try {
      return await client.query<R>(text, [...values]);
    } catch (error) {
      throw postgresFault(error);
    }
  };
}

/** A server that forgets over a power cut what it has acknowledged would have cards go that people hold. */
async function assertSound(ask: Ask): Promise<void> {
  const { rows } = await ask<{
    version: number;
    commit: string;
    fsync: string;
    pages: string;
    standby: boolean;
  }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('synchronous_commit') AS commit,
       current_setting('fsync') AS fsync, current_setting('full_page_writes') AS pages, pg_is_in_recovery() AS standby`,
  );
  const [found] = rows;
  if (found === undefined || found.version < OLDEST) throw unsuitable('it is older than PostgreSQL 14');
  if (found.commit === 'off')
    throw unsuitable('synchronous_commit is off, and what it acknowledges may be lost');
  if (found.fsync !== 'on' || found.pages !== 'on')
    throw unsuitable('fsync or full_page_writes is off, and a power cut would damage it');
  if (found.standby)
    throw new IssuerError('STORE_UNAVAILABLE', 'The database is a standby, which cannot be written.');
}

function unsuitable(why: string): IssuerError {
  return new IssuerError('DATABASE_UNSUITABLE', `The database cannot hold an issuer: ${why}.`);
}
