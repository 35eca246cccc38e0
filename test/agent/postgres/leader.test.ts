import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, beforeEach, describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inTurn } from '../../../agent/postgres/anchoring-turn.ts';
import { Leadership } from '../../../agent/postgres/leader.ts';
import { LockSession } from '../../../agent/postgres/lock-session.ts';
import { startPostgres, withoutPostgres, type Postgres } from '../../support/postgres.ts';

const AGENT = fileURLToPath(new URL('leader-process.ts', import.meta.url));
const PATIENCE_MS = 40_000;

describe('which of several agents anchors', { skip: withoutPostgres }, () => {
  let postgres: Postgres;
  let [url, database] = ['', ''];
  let databases = 0;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => postgres.end());
  beforeEach(async () => {
    database = `leaders_${++databases}`;
    url = await postgres.createDatabase(database);
  });

  function agent(t: TestContext): Leadership {
    const leadership = Leadership.start(async () => LockSession.open({ connectionString: url }));
    t.after(async () => leadership.stop());
    return leadership;
  }

  async function until(what: () => boolean): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!what()) {
      assert.ok(Date.now() < deadline, 'It never came to that.');
      await sleep(20);
    }
  }

  const leading = (agents: readonly Leadership[]): readonly Leadership[] =>
    agents.filter(({ standing }) => standing === 'leading');

  /** All know what they are. */
  const settled = (agents: readonly Leadership[]): boolean =>
    agents.every(({ standing }) => standing !== 'cut off') && leading(agents).length === 1;

  test('of three one leads; the others may not anchor, until it goes and one of them follows on', async (t) => {
    const agents = [agent(t), agent(t), agent(t)];
    await until(() => settled(agents));
    const [leader] = leading(agents);
    assert.ok(leader);
    assert.equal(await leader.anchoring(async () => 'done'), 'done');
    const others = agents.filter((each) => each !== leader);
    for (const other of others) {
      await assert.rejects(
        other.anchoring(async () => assert.fail()),
        { code: 'ANCHORING_ELSEWHERE' },
      );
    }
    await leader.stop();
    await until(() => settled(others));
    await assert.rejects(
      leader.anchoring(async () => assert.fail()),
      { code: 'ANCHORING_ELSEWHERE' },
    );
  });

  test('whoever is in the middle of it when the database ends its session sends nothing more', async (t) => {
    const leader = agent(t);
    await until(() => leader.standing === 'leading');
    const change = once(leader.change, 'abort');
    await leader.anchoring(async (assertTurn) => {
      await assertTurn();
      await postgres.terminate(database);
      await assert.rejects(assertTurn(), { code: 'ANCHORING_ELSEWHERE' });
    });
    await change;
    await until(() => leader.standing === 'leading');
    assert.equal(await leader.anchoring(async (assertTurn) => assertTurn().then(() => 'again')), 'again');
  });

  test('without the database nobody leads; when it is back one does', async (t) => {
    const agents = [agent(t), agent(t)];
    await until(() => settled(agents));
    await postgres.crash();
    await until(() => agents.every(({ standing }) => standing === 'cut off'));
    for (const each of agents) {
      await assert.rejects(
        each.anchoring(async () => assert.fail()),
        { code: 'ANCHORING_ELSEWHERE' },
      );
    }
    await postgres.start();
    await until(() => settled(agents));
  });

  test('what one does for all is done by one at a time, told to stop when it leads no more, and taken over', async (t) => {
    const stop = new AbortController();
    const [begun, ended]: [string[], string[]] = [[], []];
    const worker = (name: string): Leadership => {
      const office = Leadership.start(
        async () => LockSession.open({ connectionString: url }),
        undefined,
        'retrieval',
      );
      const working = office.whileLeading(stop.signal, async (signal) => {
        begun.push(name);
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve, { once: true });
        });
        ended.push(name);
      });
      t.after(async () => {
        stop.abort();
        await working;
        await office.stop();
      });
      return office;
    };
    // Another office: whoever anchors need not be the same.
    const anchoring = agent(t);
    const offices = new Map([
      ['a', worker('a')],
      ['b', worker('b')],
    ]);
    await until(() => begun.length === 1 && settled([...offices.values()]));
    await until(() => anchoring.standing === 'leading');
    const [first = ''] = begun;
    await postgres.terminate(database);
    await until(() => ended.length >= 1 && begun.length > ended.length);
    assert.deepEqual(ended, [first]);
    await offices.get(begun.at(-1) ?? '')?.stop();
    await until(() => ended.length === 2 && begun.length === 3);
  });

  test('by hand it is done while the leader does not, and refused while it does', async (t) => {
    const leader = agent(t);
    await until(() => leader.standing === 'leading');
    const byHand = await LockSession.open({ connectionString: url });
    t.after(() => byHand.close());
    assert.equal(await inTurn(byHand, 0, async (assertTurn) => assertTurn().then(() => 'done')), 'done');
    const [begun, finished] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run = leader.anchoring(async () => {
      begun.resolve();
      await finished.promise;
    });
    await begun.promise;
    await assert.rejects(
      inTurn(byHand, 0, async () => assert.fail()),
      { code: 'ANCHORING_ELSEWHERE' },
    );
    const waiting = inTurn(byHand, PATIENCE_MS, async () => 'done');
    finished.resolve();
    await run;
    assert.equal(await waiting, 'done');
  });

  for (const [signal, what] of [
    ['SIGKILL', 'is killed'],
    ['SIGSTOP', 'stands still'],
  ] as const) {
    test(`a leader that ${what} is followed by another within seconds, and never anchors beside it`, async (t) => {
      const child = spawn(process.execPath, [AGENT, url], { stdio: ['pipe', 'pipe', 'inherit'] });
      t.after(() => child.kill('SIGKILL'));
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const said = async (): Promise<unknown> => (await lines.next()).value;
      assert.equal(await said(), 'leading');
      child.stdin.write('\n');
      assert.equal(await said(), 'anchored');
      const other = agent(t);
      await until(() => other.standing === 'following');
      child.kill(signal);
      // Asked already when it wakes, before it hears that its session is gone; one that was killed hears nothing.
      if (signal !== 'SIGKILL') child.stdin.write('\n');
      await until(() => other.standing === 'leading');
      assert.equal(await other.anchoring(async (assertTurn) => assertTurn().then(() => 'done')), 'done');
      if (signal === 'SIGKILL') return;
      child.kill('SIGCONT');
      const woken = new Set([await said(), await said(), await said()]);
      assert.deepEqual(woken, new Set(['ANCHORING_ELSEWHERE', 'cut off', 'following']));
    });
  }
});
