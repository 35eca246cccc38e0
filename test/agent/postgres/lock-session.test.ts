import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOCK_KIND, LockSession } from '../../../agent/postgres/lock-session.ts';
import { startPostgres, withoutPostgres, type Postgres } from '../../support/postgres.ts';

const HOLDER = fileURLToPath(new URL('lock-process.ts', import.meta.url));
const LOCK = { kind: LOCK_KIND.anchoring, of: 1 };
const PATIENCE_MS = 30_000;

describe('a session that holds locks', { skip: withoutPostgres }, () => {
  let postgres: Postgres;
  let [url, database] = ['', ''];
  let databases = 0;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => postgres.end());
  beforeEach(async () => {
    database = `locks_${++databases}`;
    url = await postgres.createDatabase(database);
  });

  async function session(t: TestContext): Promise<LockSession> {
    const opened = await LockSession.open({ connectionString: url });
    t.after(() => opened.close());
    return opened;
  }

  test('what one holds no other gets, until it is given back', async (t) => {
    const [one, other] = [await session(t), await session(t)];
    assert.equal(await one.take(LOCK), true);
    assert.equal(await one.holds(LOCK), true);
    assert.equal(await other.take(LOCK), false);
    assert.equal(await other.holds(LOCK), false);
    const waiting = other.take(LOCK, PATIENCE_MS);
    await one.giveBack(LOCK);
    assert.equal(await waiting, true);
    assert.equal(await one.holds(LOCK), false);
  });

  test('of two who ask over one session, one gets it', async (t) => {
    const one = await session(t);
    assert.deepEqual(
      [await Promise.all([one.take(LOCK), one.take(LOCK)]), await one.take(LOCK)],
      [[true, false], false],
    );
    await one.giveBack(LOCK);
    assert.equal(await (await session(t)).take(LOCK), true);
  });

  test('another kind, number or database is another lock', async (t) => {
    const one = await session(t);
    assert.equal(await one.take(LOCK), true);
    const other = await session(t);
    assert.equal(await other.take({ ...LOCK, kind: LOCK_KIND.leader }), true);
    assert.equal(await other.take({ ...LOCK, of: 2 }), true);
    const elsewhere = await LockSession.open({ connectionString: await postgres.createDatabase() });
    t.after(() => elsewhere.close());
    assert.equal(await elsewhere.take(LOCK), true);
  });

  test('whoever closes it frees what it holds', async (t) => {
    const [one, other] = [await session(t), await session(t)];
    assert.equal(await one.take(LOCK), true);
    one.close();
    assert.equal(one.lost.aborted, true);
    assert.equal(await one.holds(LOCK), false);
    assert.equal(await other.take(LOCK, PATIENCE_MS), true);
    await assert.rejects(one.take(LOCK), { code: 'STORE_UNAVAILABLE' });
  });

  test('a session that the database ends knows at once that it holds nothing any more', async (t) => {
    const one = await session(t);
    assert.equal(await one.take(LOCK), true);
    const lost = once(one.lost, 'abort', { signal: AbortSignal.timeout(PATIENCE_MS) });
    assert.equal(await postgres.terminate(database), 1);
    await lost;
    assert.equal(await one.holds(LOCK), false);
  });

  test('a lock that was answered for and is not there is not held: a pooler answers from another session', async (t) => {
    const admin = await postgres.asAdmin(database);
    await admin.query('CREATE SCHEMA pooled');
    await admin.query('GRANT USAGE ON SCHEMA pooled TO PUBLIC');
    await admin.query(
      `CREATE FUNCTION pooled.pg_try_advisory_lock(int, int) RETURNS boolean LANGUAGE sql AS 'SELECT true'`,
    );
    const pooled = new URL(url);
    pooled.searchParams.set('options', '-c search_path=pooled,pg_catalog');
    const one = await LockSession.open({ connectionString: pooled.href });
    t.after(() => one.close());
    assert.equal(await one.take(LOCK), true);
    assert.equal(await one.holds(LOCK), false);
    assert.equal(one.lost.aborted, true);
  });

  test('a database that is gone is no session, and says so', async () => {
    const gone = new URL(url);
    gone.searchParams.set('host', '/nowhere');
    await assert.rejects(LockSession.open({ connectionString: gone.href }), { code: 'STORE_UNAVAILABLE' });
  });

  for (const [signal, what] of [
    ['SIGKILL', 'that is killed'],
    // The network gone, or a machine that was put to sleep: nothing tells the database.
    ['SIGSTOP', 'that stands still'],
  ] as const) {
    test(`what a process holds ${what} another gets within seconds`, async (t) => {
      const child = spawn(process.execPath, [HOLDER, url], { stdio: ['ignore', 'pipe', 'inherit'] });
      t.after(() => child.kill('SIGKILL'));
      const patience = { signal: AbortSignal.timeout(PATIENCE_MS) };
      const lines = createInterface(child.stdout);
      assert.deepEqual(await once(lines, 'line', patience), ['held']);
      const other = await session(t);
      assert.equal(await other.take(LOCK), false);
      child.kill(signal);
      assert.equal(await other.take(LOCK, PATIENCE_MS), true);
      if (signal === 'SIGKILL') return;
      const said = once(lines, 'line', patience);
      child.kill('SIGCONT');
      assert.deepEqual(await said, ['lost']);
    });
  }
});
