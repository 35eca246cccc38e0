import { execFile, fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

const exec = promisify(execFile);
const BIN = binaries();

/** For `skip`: why a test on PostgreSQL does not run, or false. */
export const withoutPostgres =
  BIN === undefined ? 'No PostgreSQL: install Debian’s package postgresql to run this test.' : false;

/** How long the server may take to start, or to end: on a busy machine far longer than a second. */
const PATIENCE_MS = 40_000;
const LOOK_MS = 20;
/** Who makes databases and ends sessions; the agents are `issuer`, who may do neither. */
const ADMIN = 'admin';
const OWNER = 'issuer';
/** As in production, a commit is on disk before it is acknowledged. */
const SETTINGS = {
  listen_addresses: '',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '32MB',
  max_connections: '60',
};

/** A real PostgreSQL with a cluster of its own, for this process and those that it starts. */
export interface Postgres {
  /** Makes a database that the agents' user owns, and answers its URL with the password. */
  readonly createDatabase: (name?: string) => Promise<string>;
  /** A connection of the superuser to a database, ended at `end`. */
  readonly asAdmin: (database?: string) => Promise<pg.Client>;
  /** Ends all sessions of the agents' user in a database, as a failover does; answers how many. */
  readonly terminate: (database: string) => Promise<number>;
  /** Ends sessions and writes everything, as for maintenance. */
  readonly stop: () => Promise<void>;
  /** Ends at once, as if the power went: it recovers from its log at the next start. */
  readonly crash: () => Promise<void>;
  /** Starts it again at the same place, and waits until it answers. */
  readonly start: () => Promise<void>;
  /** Ends it for good and takes everything away. */
  readonly end: () => Promise<void>;
}

/** Makes a cluster in a temporary folder and starts it: a socket in there and no port, with passwords (SCRAM). */
export async function startPostgres(): Promise<Postgres> {
  if (BIN === undefined) throw new Error('No PostgreSQL.');
  // PostgreSQL does not run as root.
  const user = process.getuid?.() === 0 ? await unprivileged() : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'pratique-pg-'));
  const password = randomBytes(12).toString('hex');
  const [data, passwordFile, log] = [join(folder, 'data'), join(folder, 'password'), join(folder, 'log')];
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) for (const each of [folder, passwordFile]) await chown(each, user.uid, user.gid);
  const words = ['--username', ADMIN, '--pwfile', passwordFile, '--auth', 'scram-sha-256', '--no-sync'];
  const as = { ...user, cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  await exec(join(BIN, 'initdb'), ['--pgdata', data, '--encoding', 'UTF8', ...words], as);

  const settings = { ...SETTINGS, unix_socket_directories: folder };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  const between = keeper({ binary: join(BIN, 'postgres'), args, user, folder, log });
  const urlOf = (name: string, database: string): string =>
    // The host is the socket's folder; the name in its usual place makes it a URL as browsers read them.
    `postgresql://${name}:${password}@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const admins: pg.Client[] = [];
  let databases = 0;

  const asAdmin = async (database = 'postgres'): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: urlOf(ADMIN, database) });
    // The server is ended under it by some tests.
    client.on('error', () => undefined);
    admins.push(client);
    await client.connect();
    return client;
  };
  const ask = async <T extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<T[]> => {
    const client = new pg.Client({ connectionString: urlOf(ADMIN, 'postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return (await client.query<T>(text, [...values])).rows;
    } finally {
      await client.end().catch(() => undefined);
    }
  };
  const start = async (): Promise<void> => {
    await between.start(async () => ask('SELECT 1'));
  };
  const end = async (): Promise<void> => {
    await Promise.allSettled(admins.map(async (client) => client.end()));
    await between.end('SIGQUIT');
    await between.leave();
  };
  try {
    await start();
    await ask(`CREATE ROLE ${OWNER} LOGIN PASSWORD '${password}'`);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    asAdmin,
    start,
    end,
    async createDatabase(name = `issuer_${++databases}`) {
      await ask(`CREATE DATABASE ${pg.escapeIdentifier(name)} OWNER ${OWNER}`);
      return urlOf(OWNER, name);
    },
    async terminate(database) {
      const ended = await ask(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = $2',
        [database, OWNER],
      );
      return ended.length;
    },
    stop: async () => between.end('SIGINT'),
    crash: async () => between.end('SIGQUIT'),
  };
}

/** The process that keeps the server: see `postgres-process.ts`. */
function keeper(told: { readonly log: string; readonly [more: string]: unknown }): {
  readonly start: (answers: () => Promise<unknown>) => Promise<void>;
  readonly end: (signal: NodeJS.Signals) => Promise<void>;
  readonly leave: () => Promise<void>;
} {
  const path = fileURLToPath(new URL('postgres-process.ts', import.meta.url));
  // In a session of its own: a signal to the whole group of a test must not take it from its work.
  const options = { stdio: 'ignore', detached: true } as const;
  const child: ChildProcess = fork(path, [JSON.stringify(told)], { ...options, execArgv: [] });
  let running = false;
  // Its state changes while it is waited for.
  const isRunning = (): boolean => running;
  for (const event of ['message', 'exit']) child.on(event, () => (running = false));
  // A test that does not end it must not keep the process from its end.
  child.unref();
  child.channel?.unref();
  return {
    async start(answers) {
      child.send('start');
      running = true;
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const failure = await answers().then(
          () => undefined,
          (error: unknown) => error,
        );
        if (failure === undefined) return;
        await sleep(LOOK_MS);
        if (isRunning() && Date.now() < deadline) continue;
        const said = await readFile(told.log, 'utf8').catch(() => '');
        throw new Error(`PostgreSQL does not start. ${said.slice(-1000)}`, { cause: failure });
      }
    },
    async end(signal) {
      if (isRunning()) child.send(signal);
      const deadline = Date.now() + PATIENCE_MS;
      while (isRunning()) {
        if (Date.now() > deadline) throw new Error('PostgreSQL does not end.');
        await sleep(LOOK_MS);
      }
    },
    async leave() {
      if (!child.connected) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** Debian keeps them off the PATH, a folder for each version. */
function binaries(): string | undefined {
  const versions = '/usr/lib/postgresql';
  const found = existsSync(versions) ? readdirSync(versions) : [];
  const ofDebian = found.toSorted((a, b) => Number(b) - Number(a)).map((each) => join(versions, each, 'bin'));
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  return [...ofDebian, ...onPath].find((bin) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(bin, name))),
  );
}

async function unprivileged(): Promise<{ readonly uid: number; readonly gid: number }> {
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map(async (flag) => Number((await exec('id', [flag, name])).stdout));
    const [uid, gid] = await Promise.all(ids).catch(() => []);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error('Nobody here but root, as whom PostgreSQL does not run.');
}
