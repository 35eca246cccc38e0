import { createHash } from 'node:crypto';
import type { ChunkJob, ChunkJobs, JobsDone, Plan, PlannedChunk } from '../bulk/chunk-jobs.ts';
import type { Ask, Connections } from './connections.ts';
import { LOCK_KIND, type Lock, type LockSession } from './lock-session.ts';

/** An agent lives as long as the session in which it holds the lock of its number. */
const TAKE = `UPDATE pratique.bulk_chunks AS chunk SET taken_by = $2
  FROM (
    SELECT number FROM pratique.bulk_chunks AS one
    WHERE batch = $1 AND cards IS NULL AND (taken_by IS NULL OR NOT EXISTS (
      SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND classid = $3::int::oid AND objid = one.taken_by::oid))
    ORDER BY number LIMIT 1 FOR UPDATE SKIP LOCKED
  ) AS open
  WHERE chunk.batch = $1 AND chunk.number = open.number
  RETURNING chunk.number, first_line::float8, lines, input_start::float8, input_end::float8, digest`;
const STANDING = `SELECT chunks, input_end::float8, lines::float8, is_whole,
    EXISTS (SELECT 1 FROM pratique.bulk_chunks c WHERE c.batch = $1 AND c.cards IS NULL) AS has_open
  FROM pratique.bulk_plans WHERE batch = $1`;
const EXTEND = `INSERT INTO pratique.bulk_chunks (batch, number, first_line, lines, input_start, input_end, digest)
  SELECT $1, $2 + place, first_line, lines, input_start, input_end, digest
  FROM unnest($3::bigint[], $4::integer[], $5::bigint[], $6::bigint[], $7::bytea[])
    WITH ORDINALITY AS new (first_line, lines, input_start, input_end, digest, place)`;
const DONE = `SELECT coalesce(sum(input_end - input_start), 0)::float8 AS "offset", coalesce(sum(lines), 0)::float8 AS lines,
    coalesce(sum(cards), 0)::float8 AS cards
  FROM pratique.bulk_chunks WHERE batch = $1 AND cards IS NOT NULL`;

const ALONE_LOOK_MS = 1_000;

interface ChunkRow {
  readonly number: number;
  readonly first_line: number;
  readonly lines: number;
  readonly input_start: number;
  readonly input_end: number;
  readonly digest: Uint8Array;
}

interface StandingRow {
  readonly chunks: number;
  readonly input_end: number;
  readonly lines: number;
  readonly is_whole: boolean;
  readonly has_open: boolean;
}

/** An agent's part in a bulk: a number that nobody else has, and a session by which the others know that it lives. */
interface Membership {
  readonly agent: number;
  readonly session: LockSession;
}

/** The jobs of a bulk in a PostgreSQL, for this agent; its sessions are made when they are needed, and again when lost. */
export class PostgresJobs implements ChunkJobs {
  readonly #connections: Pick<Connections, 'use'>;
  readonly #openSession: () => Promise<LockSession>;
  readonly #batch: string;
  #membership: Promise<Membership> | undefined;

  constructor(
    connections: Pick<Connections, 'use'>,
    { openSession, batch }: { readonly openSession: () => Promise<LockSession>; readonly batch: string },
  ) {
    this.#connections = connections;
    this.#openSession = openSession;
    this.#batch = batch;
  }

  readonly plan = async (): Promise<Plan> => {
    const row = await this.#standing();
    return row === undefined
      ? { chunks: 0, offset: 0, lines: 0, isWhole: false }
      : { chunks: row.chunks, offset: row.input_end, lines: row.lines, isWhole: row.is_whole };
  };

  readonly extend = async (after: Plan, chunks: readonly PlannedChunk[], isWhole: boolean): Promise<void> => {
    await this.#connections.use(async (ask) => {
      await ask('BEGIN');
      await ask(`INSERT INTO pratique.bulk_plans VALUES ($1, 0, 0, 0, false) ON CONFLICT DO NOTHING`, [
        this.#batch,
      ]);
      const last = chunks.at(-1);
      const { rowCount } = await ask(
        `UPDATE pratique.bulk_plans SET chunks = $3, input_end = $4, lines = $5, is_whole = $6
         WHERE batch = $1 AND chunks = $2 AND NOT is_whole`,
        [
          this.#batch,
          after.chunks,
          after.chunks + chunks.length,
          last?.end ?? after.offset,
          last === undefined ? after.lines : last.firstLine - 1 + last.lines,
          isWhole,
        ],
      );
      if (rowCount === 1 && chunks.length > 0) await this.#insert(ask, after.chunks, chunks);
      await ask('COMMIT');
    });
  };

  readonly take = async (): Promise<ChunkJob | 'busy' | 'over'> => {
    const { agent, session } = await this.#member();
    const row = await this.#connections
      .use(async (ask) => ask<ChunkRow>(TAKE, [this.#batch, agent, LOCK_KIND.bulkAgent]))
      .then(
        ({ rows }) => rows[0],
        (error: unknown) => {
          // It may have been taken all the same, and nobody would ever issue it: as if this agent had died.
          session.close();
          throw error;
        },
      );
    if (row !== undefined) return jobOf(row, agent);
    const standing = await this.#standing();
    return standing?.is_whole === true && !standing.has_open ? 'over' : 'busy';
  };

  readonly settle = async (number: number, cards: number): Promise<void> => {
    await this.#connections.use(async (ask) =>
      ask('UPDATE pratique.bulk_chunks SET cards = $3 WHERE batch = $1 AND number = $2', [
        this.#batch,
        number,
        cards,
      ]),
    );
  };

  readonly release = async ({ number, agent }: ChunkJob): Promise<void> => {
    const text = `UPDATE pratique.bulk_chunks SET taken_by = NULL WHERE batch = $1 AND number = $2 AND taken_by = $3`;
    // If this is not heard, they get it once this agent is gone.
    await this.#connections
      .use(async (ask) => ask(text, [this.#batch, number, agent]))
      .catch(() => undefined);
  };

  readonly done = async (): Promise<JobsDone> => {
    const { rows } = await this.#connections.use(async (ask) => ask<JobsDone>(DONE, [this.#batch]));
    return rows[0] ?? { offset: 0, lines: 0, cards: 0 };
  };

  readonly alone = async <T>(run: () => Promise<T>): Promise<T> => {
    const of = createHash('sha256').update(this.#batch).digest().readInt32BE();
    const lock: Lock = { kind: LOCK_KIND.bulkFiles, of };
    const { session } = await this.#member();
    while (!(await session.take(lock, ALONE_LOOK_MS)));
    try {
      return await run();
    } finally {
      await session.giveBack(lock);
    }
  };

  readonly close = (): void => {
    void this.#membership?.then(({ session }) => session.close()).catch(() => undefined);
  };

  async #insert(ask: Ask, before: number, chunks: readonly PlannedChunk[]): Promise<void> {
    await ask(EXTEND, [
      this.#batch,
      before,
      chunks.map(({ firstLine }) => firstLine),
      chunks.map(({ lines }) => lines),
      chunks.map(({ start }) => start),
      chunks.map(({ end }) => end),
      chunks.map(({ digest }) => Buffer.from(digest)),
    ]);
  }

  async #standing(): Promise<StandingRow | undefined> {
    const { rows } = await this.#connections.use(async (ask) => ask<StandingRow>(STANDING, [this.#batch]));
    return rows[0];
  }

  async #member(): Promise<Membership> {
    const before = this.#membership;
    const known = await before?.catch(() => undefined);
    if (known?.session.lost.aborted === false) return known;
    // Of several that find it lost, the first makes it anew for all.
    if (this.#membership === before) this.#membership = this.#join();
    return this.#membership ?? this.#join();
  }

  async #join(): Promise<Membership> {
    const session = await this.#openSession();
    try {
      for (;;) {
        const { rows } = await this.#connections.use(async (ask) =>
          ask<{ agent: number }>("SELECT nextval('pratique.bulk_agents')::int AS agent"),
        );
        const agent = rows[0]?.agent ?? 0;
        // After two thousand million of them one might still be there.
        if (await session.take({ kind: LOCK_KIND.bulkAgent, of: agent })) return { agent, session };
      }
    } catch (error) {
      session.close();
      throw error;
    }
  }
}

function jobOf(row: ChunkRow, agent: number): ChunkJob {
  const { number, first_line: firstLine, lines, input_start: start, input_end: end, digest } = row;
  return { number, agent, firstLine, lines, start, end, digest };
}
