import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChunkJob, PlannedChunk } from '../../../agent/bulk/chunk-jobs.ts';
import { Connections } from '../../../agent/postgres/connections.ts';
import { LockSession } from '../../../agent/postgres/lock-session.ts';
import { migrate } from '../../../agent/postgres/migrations.ts';
import { PostgresJobs } from '../../../agent/postgres/postgres-jobs.ts';
import { startPostgres, withoutPostgres, type Postgres } from '../../support/postgres.ts';

const CHUNKS = 40;
const LINES = 10;
const BYTES = 1000;
const PATIENCE_MS = 30_000;

const planned = Array.from({ length: CHUNKS }, (_, at): PlannedChunk => {
  const start = at * BYTES;
  return {
    firstLine: at * LINES + 1,
    lines: LINES,
    start,
    end: start + BYTES,
    digest: Buffer.alloc(32, at),
  };
});

describe('the jobs of a bulk', { skip: withoutPostgres }, () => {
  let postgres: Postgres;
  let [url, database] = ['', ''];
  let databases = 0;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => postgres.end());
  beforeEach(async () => {
    database = `jobs_${++databases}`;
    url = await postgres.createDatabase(database);
    const connections = new Connections(url);
    await migrate(connections);
    await connections.close();
  });

  function agent(t: TestContext, batch = 'people'): PostgresJobs {
    const connections = new Connections(url);
    const jobs = new PostgresJobs(connections, {
      openSession: async () => LockSession.open({ connectionString: url }),
      batch,
    });
    t.after(async () => {
      jobs.close();
      await connections.close();
    });
    return jobs;
  }

  async function filled(t: TestContext, chunks = planned): Promise<PostgresJobs> {
    const jobs = agent(t);
    await jobs.extend(await jobs.plan(), chunks, true);
    return jobs;
  }

  /** All that an agent gets until there is no more to get. */
  async function all(jobs: PostgresJobs): Promise<readonly ChunkJob[]> {
    const got: ChunkJob[] = [];
    for (;;) {
      const job = await jobs.take();
      if (typeof job === 'string') return got;
      got.push(job);
    }
  }

  async function taken(jobs: PostgresJobs): Promise<ChunkJob> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const job = await jobs.take().catch(() => 'busy' as const);
      if (typeof job !== 'string') return job;
      assert.ok(Date.now() < deadline, 'No chunk was to be had.');
      await sleep(20);
    }
  }

  test('agents that take at the same time get each chunk once, as it was planned', async (t) => {
    const agents = [await filled(t), agent(t), agent(t)];
    // Several lanes each.
    const jobs = (await Promise.all([...agents, ...agents].map(async (each) => all(each)))).flat();
    const inOrder = jobs.toSorted((a, b) => a.number - b.number);
    assert.deepEqual(
      inOrder.map(({ firstLine, lines, start, end, digest }) => ({
        firstLine,
        lines,
        start,
        end,
        digest: Buffer.from(digest),
      })),
      planned,
    );
    assert.deepEqual(
      inOrder.map(({ number }) => number),
      planned.map((_, at) => at + 1),
    );
    assert.equal(new Set(jobs.map((job) => job.agent)).size, agents.length);
    for (const each of agents) assert.equal(await each.take(), 'busy');
  });

  test('what is done counts; once all is, there is no more to come', async (t) => {
    const jobs = await filled(t, planned.slice(0, 2));
    const [one, two] = await all(jobs);
    assert.deepEqual(await jobs.done(), { offset: 0, lines: 0, cards: 0 });
    await jobs.settle(one?.number ?? 0, 7);
    assert.equal(await jobs.take(), 'busy');
    assert.deepEqual(await jobs.done(), { offset: BYTES, lines: LINES, cards: 7 });
    await jobs.settle(two?.number ?? 0, 0);
    assert.equal(await jobs.take(), 'over');
    assert.deepEqual(await jobs.done(), { offset: 2 * BYTES, lines: 2 * LINES, cards: 7 });
  });

  test('what is not planned to its end is not over, and nothing is planned twice', async (t) => {
    const jobs = agent(t);
    assert.equal(await jobs.take(), 'busy');
    const none = await jobs.plan();
    assert.deepEqual(none, { chunks: 0, offset: 0, lines: 0, isWhole: false });
    const first = planned.slice(0, 3);
    await Promise.all([jobs.extend(none, first, false), agent(t).extend(none, first, false)]);
    const some = await jobs.plan();
    assert.deepEqual(some, { chunks: 3, offset: 3 * BYTES, lines: 3 * LINES, isWhole: false });
    for (const { number } of await all(jobs)) await jobs.settle(number, 1);
    assert.equal(await jobs.take(), 'busy');
    await jobs.extend(some, [], true);
    assert.equal(await jobs.take(), 'over');
    await jobs.extend(await jobs.plan(), planned.slice(3), true);
    assert.equal((await jobs.plan()).chunks, 3);
  });

  test('an agent that is gone leaves what it had to others, and what it did done', async (t) => {
    const gone = await filled(t);
    const [done, ...left] = [await taken(gone), await taken(gone), await taken(gone)];
    await gone.settle(done.number, LINES);
    const other = agent(t);
    assert.equal((await taken(other)).number, 4);
    gone.close();
    const again = [await taken(other), await taken(other)];
    assert.deepEqual(
      again.map(({ number }) => number),
      left.map(({ number }) => number),
    );
    assert.equal((await taken(other)).number, 5);
  });

  test('a chunk that is given up is taken at once; one that another took over is not given up for it', async (t) => {
    const [jobs, other] = [await filled(t), agent(t)];
    const job = await taken(jobs);
    await jobs.release(job);
    const again = await taken(other);
    assert.equal(again.number, job.number);
    await jobs.release(job);
    assert.equal((await taken(jobs)).number, 2);
  });

  test('after the database was gone an agent is another one, and what it had is to be had again', async (t) => {
    const jobs = await filled(t);
    const job = await taken(jobs);
    await postgres.crash();
    await assert.rejects(jobs.take(), { code: 'STORE_UNAVAILABLE' });
    await postgres.start();
    const again = await taken(jobs);
    assert.equal(again.number, job.number);
    assert.notEqual(again.agent, job.agent);
  });

  test('bulks are apart', async (t) => {
    await filled(t);
    const other = agent(t, 'others');
    assert.equal(await other.take(), 'busy');
    assert.deepEqual(await other.done(), { offset: 0, lines: 0, cards: 0 });
  });

  test('what is to be done alone is done by one after the other', async (t) => {
    const agents = [agent(t), agent(t), agent(t)];
    let [running, most] = [0, 0];
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await sleep(50);
      running--;
    };
    await Promise.all(agents.map(async (each) => each.alone(work)));
    assert.equal(most, 1);
  });
});
