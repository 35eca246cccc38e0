import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditedStore } from '../audit/audit-reader.ts';
import { HEAD_KEY } from '../audit/log-state.ts';
import { IssuerError } from '../issuer-error.ts';
import type { RawStore } from '../raw-store.ts';
import type { Batch, StoreBackend } from '../store-backend.ts';
import { reporting } from '../store-fault.ts';
import type { RawRecord } from '../store-records.ts';
import type { Write } from '../store-table.ts';
import { AgentSession, NEWS_CHANNEL } from './agent-session.ts';
import { Connections, type Ask } from './connections.ts';
import type { DatabaseFile } from './database-file.ts';
import { tryAgentLock, tryLock } from './locks.ts';
import { migrate } from './migrations.ts';
import { SharedDatabase } from './shared-database.ts';
import { postgresFault } from './postgres-fault.ts';
import { allRecords, fillRecords, postgresRecords, writeRecords } from './postgres-records.ts';

/** So long it is tried to learn whether a batch was written whose acknowledgement was lost. */
const DOUBT_MS = 6_000;
const LOOK_MS = 100;

/**
 * The records of a store in a PostgreSQL that several agents share (decision 0038). Whoever writes locks the head of the
 * audit log first, so that batches follow each other whichever agent they are of.
 */
export class PostgresBackend implements StoreBackend {
  readonly isShared = true;
  /** The issuer's envelope, as the database keeps it for agents that come later. */
  readonly envelope: string;
  readonly shared: SharedDatabase;
  readonly #connections: Connections;
  readonly #session: AgentSession;
  /** Of a store that is not there yet. */
  #isNew: boolean;

  private constructor(
    connections: Connections,
    { session, envelope, isNew }: { session: AgentSession; envelope: string; isNew: boolean },
  ) {
    this.#connections = connections;
    this.shared = new SharedDatabase(connections);
    this.#session = session;
    this.envelope = envelope;
    this.#isNew = isNew;
  }

  /** IssuerError STORE_MISSING if no issuer is in the database, STORE_LOCKED; as `migrate` and `Connections.use`. */
  static async open({ url, agent }: DatabaseFile): Promise<PostgresBackend> {
    return opened(url, async (connections) => {
      await migrate(connections);
      const envelope = await envelopeIn(connections);
      if (envelope === undefined) throw missing();
      const session = await AgentSession.open(connections, async (ask) => tryAgentLock(ask, agent));
      return new PostgresBackend(connections, { session, envelope, isNew: false });
    });
  }

  /**
   * A store that is to be made in a database without one, with records in it if they are said; the issuer is there once the
   * first batch is written, and not before.
   *
   * IssuerError STORE_EXISTS, STORE_LOCKED if another process is making one; as `migrate` and `Connections.use`.
   */
  static async begin(
    { url }: DatabaseFile,
    envelope: string,
    records?: AsyncIterable<readonly RawRecord[]>,
  ): Promise<PostgresBackend> {
    return opened(url, async (connections) => {
      await migrate(connections);
      const session = await AgentSession.open(connections, async (ask) => tryLock(ask, 'beginning'));
      try {
        if ((await envelopeIn(connections)) !== undefined) throw exists();
        await connections.use(async (ask) => {
          await ask('BEGIN');
          await ask('SET LOCAL idle_in_transaction_session_timeout = 0');
          // What one that came to nothing has left.
          await ask('DELETE FROM pratique.records');
          if (records !== undefined) await fillRecords(ask, records);
          await ask('COMMIT');
        });
        return new PostgresBackend(connections, { session, envelope, isNew: true });
      } catch (error) {
        await session.close();
        throw error;
      }
    });
  }

  /** What is in a database, to be read and nothing else. IssuerError STORE_MISSING; as `Connections.use`. */
  static async look({ url }: DatabaseFile): Promise<AuditedStore & { readonly close: () => Promise<void> }> {
    return opened(url, async (connections) => {
      if ((await envelopeIn(connections)) === undefined) throw missing();
      return {
        ready: async () => reading(connections),
        atOneMoment: async (run) => connections.atOneMoment(async (ask) => run(postgresRecords(ask))),
        close: async () => connections.close(),
      };
    });
  }

  readonly ready = async (): Promise<RawStore> => reading(this.#connections);

  readonly atOneMoment = async <T>(run: (raw: RawStore) => Promise<T>): Promise<T> =>
    this.#connections.atOneMoment(async (ask) => run(postgresRecords(ask)));

  async *records(): AsyncGenerator<readonly RawRecord[]> {
    yield* streamed(async (give) =>
      this.#connections.atOneMoment(async (ask) => {
        for await (const some of allRecords(ask)) await give(some);
      }),
    );
  }

  async write(make: (raw: RawStore) => Promise<Batch | undefined>): Promise<void> {
    this.#session.assertHeld();
    const batch = await this.#written(make);
    if (batch === undefined) return;
    this.#isNew = false;
    await reporting(batch.settle);
  }

  async #written(make: (raw: RawStore) => Promise<Batch | undefined>): Promise<Batch | undefined> {
    try {
      return await this.#connections.use(async (ask) => {
        const head = await this.#begin(ask);
        const made = await make(headed(postgresRecords(ask), head));
        if (made === undefined) {
          await ask('ROLLBACK');
          return undefined;
        }
        await writeRecords(ask, made.writes);
        await ask(`NOTIFY ${NEWS_CHANNEL}`);
        await commit(ask, made);
        return made;
      });
    } catch (error) {
      if (!(error instanceof InDoubt)) throw error;
      // After the COMMIT was sent only the database knows.
      if (await this.#isThere(error.batch.mark)) return error.batch;
      throw postgresFault(error.cause);
    }
  }

  readonly onNews = (look: () => Promise<void>): void => this.#session.onNews(look);

  /** VACUUM makes room of what was deleted; whoever may not do that leaves it to the server's own. */
  async compact(): Promise<void> {
    await this.#connections.use(async (ask) => ask('VACUUM pratique.records')).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#session.close();
    await this.#connections.close();
  }

  /** Begins to write, alone; answers the head of the log. */
  async #begin(ask: Ask): Promise<Uint8Array | undefined> {
    await ask('BEGIN');
    // Of two that make an issuer in one database, the second waits here, and fails.
    if (this.#isNew) {
      const { rowCount } = await ask(
        'INSERT INTO pratique.store (envelope) VALUES ($1) ON CONFLICT DO NOTHING',
        [this.envelope],
      );
      if (rowCount !== 1) throw exists();
    }
    return lockHead(ask);
  }

  /** Whether a batch was written although nobody said so. IssuerError STORE_UNAVAILABLE if that cannot be learned in time. */
  async #isThere(mark: Write): Promise<boolean> {
    const deadline = performance.now() + DOUBT_MS;
    for (;;) {
      try {
        return await this.#connections.use(async (ask) => {
          await ask('BEGIN');
          // The session that was to commit may still be at it, and has these until it is done.
          if (this.#isNew) await ask('LOCK TABLE pratique.store IN SHARE MODE');
          await lockHead(ask);
          const held = await postgresRecords(ask).get(mark.key);
          await ask('ROLLBACK');
          return held !== undefined && mark.type === 'put' && Buffer.compare(held, mark.value) === 0;
        });
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(LOOK_MS);
      }
    }
  }
}

async function opened<T>(url: string, open: (connections: Connections) => Promise<T>): Promise<T> {
  const connections = new Connections(url);
  try {
    return await open(connections);
  } catch (error) {
    await connections.close();
    throw error;
  }
}

async function envelopeIn(connections: Connections): Promise<string | undefined> {
  return connections.use(async (ask) => {
    const { rows: there } = await ask<{ there: boolean }>(
      "SELECT to_regclass('pratique.store') IS NOT NULL AS there",
    );
    if (there[0]?.there !== true) return undefined;
    const { rows } = await ask<{ envelope: string }>('SELECT envelope FROM pratique.store');
    return rows[0]?.envelope;
  });
}

/** Each reading over a connection of its own. */
function reading(connections: Connections): RawStore {
  const ask: Ask = async (text, values) => connections.read(async (one) => one(text, values));
  return postgresRecords(ask);
}

/** A batch of which nobody here knows whether it was written. */
class InDoubt extends Error {
  override readonly name = 'InDoubt';
  readonly batch: Batch;

  constructor(batch: Batch, cause: unknown) {
    super('The acknowledgement of a batch was lost.', { cause });
    this.batch = batch;
  }
}

async function commit(ask: Ask, batch: Batch): Promise<void> {
  try {
    const { command } = await ask('COMMIT');
    // The server says something else of a transaction that had failed.
    if (command !== 'COMMIT') throw postgresFault(undefined);
  } catch (error) {
    throw new InDoubt(batch, error);
  }
}

/** Has nobody else write until the transaction ends; answers the head of the log. */
async function lockHead(ask: Ask): Promise<Uint8Array | undefined> {
  const { rows } = await ask<{ value: Buffer }>(
    'SELECT value FROM pratique.records WHERE key = $1 FOR UPDATE',
    [Buffer.from(HEAD_KEY)],
  );
  return rows[0]?.value;
}

/** The head was read as it was locked. */
function headed(raw: RawStore, head: Uint8Array | undefined): RawStore {
  return { ...raw, get: async (key) => (key === HEAD_KEY ? head : raw.get(key)) };
}

/** What is given out one after the other while something else is held. */
async function* streamed<T>(run: (give: (some: T) => Promise<void>) => Promise<void>): AsyncGenerator<T> {
  const stream = new TransformStream<T, T>(undefined, { highWaterMark: 1 }, { highWaterMark: 0 });
  const writer = stream.writable.getWriter();
  const running = run(async (some) => writer.write(some)).then(
    async () => writer.close(),
    async (error: unknown) => writer.abort(error),
  );
  running.catch(() => undefined);
  yield* stream.readable;
  await running;
}

function exists(): IssuerError {
  return new IssuerError(
    'STORE_EXISTS',
    'There is an issuer in this database already: join it, or say another --database.',
  );
}

function missing(): IssuerError {
  return new IssuerError(
    'STORE_MISSING',
    'There is no issuer in this database: make one with `pratique issuer init`.',
  );
}
