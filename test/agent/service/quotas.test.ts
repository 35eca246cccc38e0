import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clients } from '../../../agent/service/clients.ts';
import { DEFAULT_QUOTA, type Quota } from '../../../agent/service/quota.ts';
import { emptyTally, raiseAlarms, rollTo } from '../../../agent/service/quota-tally.ts';
import { Quotas } from '../../../agent/service/quotas.ts';
import { NOW } from '../issuer-fixture.ts';
import { openStore } from '../store-fixture.ts';
import { asking, problemOf, serveFixture, vaccinated, type Asker } from './service-fixture.ts';

const HOUR = 3600;
const quota = (hour: number, day = 100): Quota => ({ ...DEFAULT_QUOTA, issue: { hour, day } });

/** Cards of as many persons, all at once; how many answers had each status. */
async function issueAtOnce(asker: Asker, count: number): Promise<Readonly<Record<number, number>>> {
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, number) =>
      asker.post('/credentials/issue', asking(vaccinated(number))),
    ),
  );
  const statuses: Record<number, number> = {};
  for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
  return statuses;
}

test('of fifty requests at once no more are issued than the quota lets, and the others learn when to come back', async (t) => {
  const { asker, issuer, kid } = await serveFixture(t);
  const clerk = await asker(['issue'], quota(10));
  assert.deepEqual(await issueAtOnce(clerk, 50), { 201: 10, 429: 40 });
  assert.equal(issuer.issuedCount(kid), 10);
  const refused = await clerk.post('/credentials/issue', asking());
  const wait = Number(refused.headers.get('retry-after'));
  assert.deepEqual(await problemOf(refused), ['QUOTA_REACHED']);
  // The clock stands at a full hour.
  assert.equal(wait, HOUR);
});

test('what was done is not forgotten by a restart, and an hour later there is room again', async (t) => {
  const fixture = await serveFixture(t);
  const clerk = await fixture.asker(['issue'], quota(2, 3));
  assert.deepEqual(await issueAtOnce(clerk, 3), { 201: 2, 429: 1 });
  await fixture.again();
  assert.deepEqual(await issueAtOnce(clerk, 1), { 429: 1 });
  fixture.time.later = HOUR;
  assert.deepEqual(await issueAtOnce(clerk, 2), { 201: 1, 429: 1 });
  fixture.time.later = 24 * HOUR;
  assert.deepEqual(await issueAtOnce(clerk, 2), { 201: 2 });
});

test('each alarm is raised once in its window: in the log, the audit log and the list of clients', async (t) => {
  const fixture = await serveFixture(t);
  const { asker, issuer, log } = fixture;
  const admin = await asker(['admin']);
  const clerk = await asker(['issue'], quota(10, 1000));
  const raised = async (): Promise<readonly unknown[]> =>
    (await issuer.audit.records()).flatMap(({ entries }) =>
      entries.flatMap((entry) =>
        entry.kind === 'quota-alarm' ? [[entry.client, entry.of, entry.window, entry.level]] : [],
      ),
    );
  await issueAtOnce(clerk, 7);
  assert.deepEqual(await raised(), []);
  await issueAtOnce(clerk, 1);
  const at80 = [clerk.id, 'issue', 'hour', 80];
  assert.deepEqual(await raised(), [at80]);
  await issueAtOnce(clerk, 9);
  await fixture.again();
  await issueAtOnce(clerk, 9);
  const all = [at80, [clerk.id, 'issue', 'hour', 100]];
  assert.deepEqual(await raised(), all);
  assert.equal(log.filter((line) => line.includes('"alarm":"QUOTA"')).length, 2);
  const { clients } = (await (await admin.get('/clients')).json()) as {
    readonly clients: readonly { readonly id: string; readonly alarms: unknown }[];
  };
  const alarmsOf = (id: string): unknown => clients.find((client) => client.id === id)?.alarms;
  assert.deepEqual(alarmsOf(admin.id), []);
  assert.deepEqual(alarmsOf(clerk.id), [{ of: 'issue', window: 'hour', level: 100 }]);
  fixture.time.later = HOUR;
  await issueAtOnce(clerk, 8);
  assert.deepEqual(await raised(), [...all, at80]);
});

test('what is refused, or answered a second time, costs nothing', async (t) => {
  const { asker } = await serveFixture(t);
  const admin = await asker(['admin']);
  const clerk = await asker(['issue'], quota(2));
  const incomplete = asking({ resourceType: 'Bundle' });
  for (let tries = 0; tries < 3; tries++) {
    assert.equal((await clerk.post('/credentials/issue', incomplete)).status, 422);
    const again = await clerk.post('/credentials/issue', asking(), { 'Idempotency-Key': 'one' });
    assert.equal(again.status, 201);
  }
  const { clients } = (await (await admin.get('/clients')).json()) as {
    readonly clients: readonly { readonly used: { readonly issue: unknown } }[];
  };
  assert.deepEqual(clients[1]?.used.issue, { hour: 1, day: 1 });
});

test('an effect that writes nothing down, or fails, gives back what it took, with the alarm', async (t) => {
  const { store } = await openStore(t);
  const alarms: unknown[] = [];
  const quotas = new Quotas(store, (alarm) => alarms.push(alarm.level));
  const { client } = await (
    await Clients.open(store)
  ).add({ name: 'A', scopes: ['issue'], quota: quota(1) }, NOW);
  const spending = { client, kind: 'issue', now: NOW } as const;
  await quotas.spend(spending, async () => Promise.resolve());
  await assert.rejects(
    quotas.spend(spending, async (spent) => {
      spent();
      return Promise.reject(new Error('the disk is full'));
    }),
    /disk/,
  );
  assert.deepEqual([(await quotas.used(client.id, NOW)).issue, alarms], [{ hour: 0, day: 0 }, []]);
  await quotas.spend(spending, async (spent) => {
    const { closing, audit } = spent();
    await store.commit([], closing, audit);
  });
  await assert.rejects(
    quotas.spend(spending, async () => Promise.resolve()),
    { code: 'QUOTA_REACHED' },
  );
  assert.deepEqual(alarms, [100]);
  assert.deepEqual((await new Quotas(store).used(client.id, NOW)).issue, { hour: 1, day: 1 });
});

test('revocations have a quota of their own', async (t) => {
  const { asker } = await serveFixture(t);
  const clerk = await asker(['issue', 'revoke'], { ...quota(2), revoke: { hour: 1, day: 1 } });
  const issue = async (number: number): Promise<string> => {
    const answer = await clerk.post('/credentials/issue', asking(vaccinated(number)));
    return ((await answer.json()) as { readonly card: { readonly id: string } }).card.id;
  };
  const ids = [await issue(1), await issue(2)];
  const [first, second] = await Promise.all(
    ids.map(async (credentialId) =>
      clerk.post('/credentials/status', {
        credentialId,
        credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
      }),
    ),
  );
  assert.equal([first?.status, second?.status].filter((status) => status === 429).length, 1);
});

test('an hour far beyond what a client usually does is told, once, and does not become what is usual', () => {
  const tally = emptyTally();
  const limits = { hour: 100_000, day: 100_000 };
  let hour = 0;
  const pass = (count: number): readonly unknown[] => {
    rollTo(tally, ++hour * HOUR);
    const raised: unknown[] = [];
    for (let done = 0; done < count; done++) {
      tally.hour.count++;
      raised.push(...raiseAlarms(tally, limits).raised.map(({ level }) => level));
    }
    return raised;
  };
  for (let hours = 0; hours < 24; hours++) assert.deepEqual(pass(6), []);
  assert.deepEqual(pass(59), []);
  for (let hours = 0; hours < 48; hours++) pass(6);
  assert.deepEqual(pass(5000), ['unusual']);
  assert.deepEqual(pass(5000), ['unusual']);
  assert.ok(tally.usual.perHour < 20, String(tally.usual.perHour));
});

test('a clock that is set back begins no window anew', () => {
  const tally = emptyTally();
  rollTo(tally, 10 * HOUR);
  tally.hour.count = 5;
  rollTo(tally, 9 * HOUR);
  assert.equal(tally.hour.count, 5);
});
