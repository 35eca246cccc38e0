import { startPostgres, withoutPostgres, type Postgres } from '../../support/postgres.ts';

let running: Promise<Postgres> | undefined;

/** The PostgreSQL of this process: started when it is asked for first, gone when the process is. */
export async function ownPostgres(): Promise<Postgres> {
  running ??= startPostgres();
  return running;
}

/** An empty database, by a URL as it stands in a folder: its password is in the environment. */
export async function newDatabase(): Promise<string> {
  const url = new URL(await (await ownPostgres()).createDatabase());
  process.env['PGPASSWORD'] = url.password;
  url.password = '';
  return url.href;
}

/** Where new stores of tests lie, which say nothing else: in their folders, or as the environment says. */
export async function storeTerms(): Promise<{ readonly database?: string }> {
  return process.env['PRATIQUE_TEST_STORE'] === 'postgresql' ? { database: await newDatabase() } : {};
}

/** Every kind of place that a store can lie in. */
export const PLACES: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly terms: () => Promise<{ readonly database?: string }>;
}[] = [
  { name: 'LevelDB', skip: false, terms: async () => ({}) },
  { name: 'PostgreSQL', skip: withoutPostgres, terms: async () => ({ database: await newDatabase() }) },
];
