import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres, withoutPostgres, type Postgres } from '../support/postgres.ts';

describe('the PostgreSQL of the tests', { skip: withoutPostgres }, () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => postgres.end());

  test('a database of a test is empty, and its user is no superuser and sees no other', async (t) => {
    const [url, other] = [await postgres.createDatabase(), await postgres.createDatabase()];
    assert.notEqual(url, other);
    const client = await connected(t, url);
    const { rows } = await client.query('SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
    assert.deepEqual(rows, [{ rolsuper: false }]);
    await client.query('CREATE TABLE kept (n int)');
    const beside = await connected(t, other);
    await assert.rejects(beside.query('SELECT n FROM kept'), { code: '42P01' });
  });

  test('a wrong password is refused', async () => {
    const url = new URL(await postgres.createDatabase());
    url.password = 'wrong';
    const client = new pg.Client({ connectionString: url.href });
    await assert.rejects(client.connect(), { code: '28P01' });
  });

  test('a session that is ended says so to its client, and the next is answered', async (t) => {
    const url = await postgres.createDatabase('ended');
    const client = await connected(t, url);
    const failed = once(client, 'error');
    assert.equal(await postgres.terminate('ended'), 1);
    assert.equal(((await failed) as [{ code: string }])[0].code, '57P01');
    await connected(t, url);
  });

  for (const how of ['stop', 'crash'] as const) {
    test(`what was committed is there after a ${how} and a start at the same place`, async (t) => {
      const url = await postgres.createDatabase();
      const client = await connected(t, url);
      await client.query('CREATE TABLE kept (n int)');
      await client.query('INSERT INTO kept VALUES (7)');
      await postgres[how]();
      await assert.rejects(new pg.Client({ connectionString: url }).connect());
      await postgres.start();
      const again = await connected(t, url);
      assert.deepEqual((await again.query('SELECT n FROM kept')).rows, [{ n: 7 }]);
    });
  }

  test('a process that dies leaves neither a server nor its folder behind', async () => {
    const source = `
      const { startPostgres } = await import(${JSON.stringify(new URL('../support/postgres.ts', import.meta.url).href)});
      const postgres = await startPostgres();
      console.log(new URL(await postgres.createDatabase()).searchParams.get('host'));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const said = await once(createInterface(child.stdout), 'line', { signal: AbortSignal.timeout(60_000) });
    const [folder] = said as [string];
    assert.ok(existsSync(folder));
    // The whole group, as whoever runs tests ends them.
    process.kill(-(child.pid ?? assert.fail()), 'SIGKILL');
    while (existsSync(folder)) await sleep(20);
  });
});

async function connected(
  t: { after: (work: () => Promise<void>) => void },
  connectionString: string,
): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  t.after(async () => client.end());
  return client;
}
