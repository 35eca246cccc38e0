import { IssuerError } from '../issuer-error.ts';
import { lockTransaction } from './locks.ts';
import type { Ask, Connections } from './connections.ts';

/** One step of the schema; never changed once it was released, since databases out there have taken it. */
interface Migration {
  readonly name: string;
  readonly sql: string;
}

/** In their order; the number of a step is its place, from 1. */
const MIGRATIONS: readonly Migration[] = [
  {
    name: 'records of the store',
    // Keys are bytes, so that their order is the one of LevelDB whatever the encoding and collation of the database.
    sql: `
      CREATE TABLE pratique.records (key bytea PRIMARY KEY, value bytea NOT NULL);
      CREATE TABLE pratique.store (one boolean PRIMARY KEY DEFAULT true CHECK (one), envelope text NOT NULL);
    `,
  },
  {
    name: 'jobs of bulks',
    // All that they say can be made again from the input and the records of the store.
    sql: `
      CREATE TABLE pratique.bulk_plans (batch text PRIMARY KEY, chunks integer NOT NULL, input_end bigint NOT NULL,
        lines bigint NOT NULL, is_whole boolean NOT NULL);
      CREATE TABLE pratique.bulk_chunks (batch text, number integer, first_line bigint NOT NULL, lines integer NOT NULL,
        input_start bigint NOT NULL, input_end bigint NOT NULL, digest bytea NOT NULL, taken_by integer, cards integer,
        PRIMARY KEY (batch, number));
      CREATE INDEX ON pratique.bulk_chunks (batch, number) WHERE cards IS NULL;
      CREATE SEQUENCE pratique.bulk_agents AS integer CYCLE;
    `,
  },
];

/**
 * Brings the schema of a database up to date, if somebody else has not, one at a time whoever comes.
 *
 * IssuerError DATABASE_UNSUITABLE if it is newer than this program knows, or the user may not change it.
 */
export async function migrate(connections: Connections): Promise<void> {
  await connections.use(async (ask) => {
    if ((await versionOf(ask)) === MIGRATIONS.length) return;
    await ask('BEGIN');
    await lockTransaction(ask, 'migration');
    await ask('CREATE SCHEMA IF NOT EXISTS pratique');
    await ask(
      `CREATE TABLE IF NOT EXISTS pratique.migrations
         (n integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())`,
    );
    const done = await versionOf(ask);
    for (const [at, { name, sql }] of MIGRATIONS.entries()) {
      if (at < done) continue;
      await ask(sql);
      await ask('INSERT INTO pratique.migrations (n, name) VALUES ($1, $2)', [at + 1, name]);
    }
    await ask('COMMIT');
  });
}

/** How many steps a database has taken. IssuerError DATABASE_UNSUITABLE. */
async function versionOf(ask: Ask): Promise<number> {
  const { rows: there } = await ask<{ there: boolean }>(
    "SELECT to_regclass('pratique.migrations') IS NOT NULL AS there",
  );
  if (there[0]?.there !== true) return 0;
  const { rows } = await ask<{ n: number | null }>('SELECT max(n) AS n FROM pratique.migrations');
  const n = rows[0]?.n ?? 0;
  if (n > MIGRATIONS.length) {
    throw new IssuerError(
      'DATABASE_UNSUITABLE',
      `The database has schema ${n}, and this program knows ${MIGRATIONS.length}: use the newer program.`,
    );
  }
  return n;
}
