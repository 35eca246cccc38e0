import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openAuditFolder } from '../../../agent/audit/audit-folder.ts';
import { openIssuer } from '../../../agent/issuer-folder.ts';
import { NOW, PASSPHRASE, sampleBundle } from '../issuer-fixture.ts';
import { lossesIn, startLoad, type Load, type Said } from '../issuer-load.ts';
import { withoutPostgres } from '../../support/postgres.ts';
import { ownPostgres } from '../store/places.ts';
import { comes, makeAgents, openAgent, type Agents } from './agents.ts';

function together(loads: readonly Load[]): Pick<Said, 'issued' | 'revoked'> {
  const [issued, revoked] = [
    loads.flatMap(({ said }) => said.issued),
    loads.flatMap(({ said }) => said.revoked),
  ];
  return { issued, revoked };
}

/** What was acknowledged is there, once each, and the log is whole, by the witness of an agent. */
async function assertWhole({ dirs }: Agents, loads: readonly Load[]): Promise<void> {
  assert.deepEqual(await lossesIn(dirs[0], together(loads)), { lost: 0, twice: 0 });
  for (const dir of dirs) {
    const folder = await openAuditFolder(dir, PASSPHRASE);
    assert.deepEqual((await folder.examine()).findings, []);
    await folder.close();
  }
}

describe('agents in processes of their own', { skip: withoutPostgres }, () => {
  test('one is killed under load, again and again: the other goes on, and nothing acknowledged is lost', async (t) => {
    const agents = await makeAgents(t);
    const other = startLoad(agents.dirs[1]);
    t.after(() => other.child.kill('SIGKILL'));
    await other.until('cards', ({ issued }) => issued.length >= 10);
    const loads = [other];
    for (let round = 0; round < 3; round++) {
      const one = startLoad(agents.dirs[0]);
      loads.push(one);
      t.after(() => one.child.kill('SIGKILL'));
      await one.until('cards', ({ issued }) => issued.length >= 20);
      const before = other.said.issued.length;
      one.child.kill('SIGKILL');
      await one.ended;
      await other.until('cards after it', ({ issued }) => issued.length >= before + 20);
    }
    other.child.kill('SIGTERM');
    assert.deepEqual(await other.ended, { closed: true, code: 0 });
    assert.deepEqual(other.said.failed, []);
    await assertWhole(agents, loads);
  });

  for (const how of ['stop', 'crash'] as const) {
    test(`the database is away by a ${how} and back under load: both go on without a restart`, async (t) => {
      const agents = await makeAgents(t);
      const loads = agents.dirs.map((dir) => startLoad(dir));
      for (const { child } of loads) t.after(() => child.kill('SIGKILL'));
      for (const { until } of loads) await until('cards', ({ issued }) => issued.length >= 20);
      const postgres = await ownPostgres();
      await postgres[how]();
      try {
        for (const { until } of loads) await until('failures', ({ failed }) => failed.length >= 5);
      } finally {
        await postgres.start();
      }
      for (const { until, said } of loads) {
        const before = said.issued.length;
        await until('cards after it', ({ issued }) => issued.length >= before + 20);
      }
      for (const { child, ended, said } of loads) {
        child.kill('SIGTERM');
        assert.deepEqual(await ended, { closed: true, code: 0 });
        assert.deepEqual([...new Set(said.failed)], ['STORE_UNAVAILABLE']);
      }
      await assertWhole(agents, loads);
    });
  }

  test('all sessions are ended in the middle of commits: what fails says so, and nothing else happens', async (t) => {
    const agents = await makeAgents(t);
    const loads = agents.dirs.map((dir) => startLoad(dir));
    for (const { child } of loads) t.after(() => child.kill('SIGKILL'));
    for (const { until } of loads) await until('cards', ({ issued }) => issued.length >= 10);
    const postgres = await ownPostgres();
    for (let round = 0; round < 5; round++) {
      const before = loads.map(({ said }) => said.issued.length);
      assert.ok((await postgres.terminate(new URL(agents.database).pathname.slice(1))) > 0);
      for (const [at, { until }] of loads.entries()) {
        await until('cards after it', ({ issued }) => issued.length >= (before[at] ?? 0) + 5);
      }
    }
    for (const { child, ended, said } of loads) {
      child.kill('SIGTERM');
      assert.deepEqual(await ended, { closed: true, code: 0 });
      assert.deepEqual(
        said.failed.filter((code) => code !== 'STORE_UNAVAILABLE'),
        [],
      );
    }
    await assertWhole(agents, loads);
  });

  test('while the database is away an agent is not ready, every call fails within seconds, and then it goes on', async (t) => {
    const { dirs } = await makeAgents(t);
    const issuer = await openAgent(t, dirs[0]);
    issuer.assertReady(NOW);
    const postgres = await ownPostgres();
    await postgres.stop();
    try {
      const begun = performance.now();
      const bundle = sampleBundle('lab-result');
      await assert.rejects(issuer.issuePlus(bundle, { now: NOW }), { code: 'STORE_UNAVAILABLE' });
      await assert.rejects(issuer.revoke('none.AAAAAA'), { code: 'STORE_UNAVAILABLE' });
      assert.ok(performance.now() - begun < 15_000);
      await comes('that it is not ready', () => isUnready(issuer));
      await assert.rejects(openIssuer({ dir: dirs[1], passphrase: PASSPHRASE }), {
        code: 'STORE_UNAVAILABLE',
      });
    } finally {
      await postgres.start();
    }
    await comes('that it is ready', () => !isUnready(issuer));
    await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  });
});

function isUnready(issuer: { assertReady: (now: number) => void }): boolean {
  try {
    issuer.assertReady(NOW);
    return false;
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'STORE_UNAVAILABLE');
    return true;
  }
}
