import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import pg from 'pg';
import { openAuditFolder } from '../../../agent/audit/audit-folder.ts';
import type { AuditEntry } from '../../../agent/audit/audit-entry.ts';
import { IssuerError } from '../../../agent/issuer-error.ts';
import type { IssuerStore } from '../../../agent/issuer-store.ts';
import type { Issuer } from '../../../agent/issuer.ts';
import { Limits } from '../../../agent/retrieval/limits.ts';
import { RetrievalCounters } from '../../../agent/retrieval/retrieval-counters.ts';
import { Clients } from '../../../agent/service/clients.ts';
import { Idempotency, type Effect } from '../../../agent/service/idempotency.ts';
import { NOW, PASSPHRASE, sampleBundle, stateTrust } from '../issuer-fixture.ts';
import { NEW_YORK } from '../records.ts';
import { withoutPostgres } from '../../support/postgres.ts';
import { comes, openAgents } from './agents.ts';

const BUNDLE = sampleBundle('lab-result');

async function issue(issuer: Issuer, count: number): Promise<readonly { id: string; index: number }[]> {
  return Promise.all(Array.from({ length: count }, async () => issuer.issuePlus(BUNDLE, { now: NOW })));
}

async function deeds(issuer: Issuer): Promise<readonly AuditEntry[]> {
  return (await issuer.audit.latestDeeds(10_000)).flatMap(({ entries }) => entries);
}

describe('two agents on one database', { skip: withoutPostgres }, () => {
  test('issue at once, and no index is given twice; the log is whole', async (t) => {
    const { first, second, dirs } = await openAgents(t);
    const cards = (await Promise.all([issue(first, 120), issue(second, 120), issue(first, 60)])).flat();
    assert.equal(new Set(cards.map(({ index }) => index)).size, 300);
    assert.equal((await deeds(first)).filter(({ kind }) => kind === 'card-issued').length, 300);
    const folder = await openAuditFolder(dirs[1], PASSPHRASE);
    t.after(() => folder.close());
    assert.deepEqual((await folder.examine()).findings, []);
  });

  test('an agent that is asked for a few cards wastes no more indices than it gives away', async (t) => {
    const { first, kid } = await openAgents(t);
    const before = first.issuedCount(kid);
    for (let at = 0; at < 5; at++) await issue(first, 1);
    assert.ok(first.issuedCount(kid) - before < 10);
  });

  test('what one has revoked, the other knows without being asked', async (t) => {
    const { first, second, kid } = await openAgents(t);
    const [card] = await issue(first, 1);
    assert.ok(card);
    await first.revoke(card.id);
    await comes('the revocation', () => second.statusList(kid).revoked === 1);
    assert.equal((await second.revoke(card.id)).already, true);
    assert.equal(second.statusList(kid).root, first.statusList(kid).root);
  });

  test('a card that both revoke at once is revoked once, and both are answered', async (t) => {
    const { first, second, kid } = await openAgents(t);
    for (const { id } of await issue(first, 10)) {
      const [a, b] = await Promise.all([
        first.revoke(id, { reason: 'fraud' }),
        second.revoke(id, { reason: 'holder-request' }),
      ]);
      assert.notEqual(a.already, b.already);
      assert.equal(a.reason, b.reason);
    }
    const revoked = (await deeds(first)).filter(({ kind }) => kind === 'card-revoked');
    assert.equal(revoked.length, 10);
    await Promise.all([first.service.look(), second.service.look()]);
    assert.deepEqual([first.statusList(kid).revoked, second.statusList(kid).revoked], [10, 10]);
    assert.equal(second.statusList(kid).root, first.statusList(kid).root);
  });

  test('a key of one signs at the other once it is anchored, and none that was destroyed', async (t) => {
    const { first, second, kid } = await openAgents(t);
    const made = await first.createSigningKey();
    await stateTrust(first);
    await first.anchored(made.kid, first.statusList(made.kid));
    await second.service.look();
    const card = await second.issuePlus(BUNDLE, { now: NOW, kid: made.kid });
    assert.equal(card.kid, made.kid);
    await second.issuePlus(BUNDLE, { now: NOW, kid });
    await first.signingKeys.recordEnd(kid, 'retired', NOW);
    await first.signingKeys.destroy(first.agent, kid, NOW);
    await second.service.look();
    await assert.rejects(second.issuePlus(BUNDLE, { now: NOW, kid }), { code: 'KEY_NOT_VALID' });
    await assert.rejects(second.provePossession(kid, Buffer.alloc(0)));
  });

  test('when the registry suspends the issuer, and one has learned it, the other issues nothing', async (t) => {
    const { first, second } = await openAgents(t);
    await stateTrust(first, [], { suspended: true });
    await comes('the standing', async () =>
      second.issuePlus(BUNDLE, { now: NOW }).then(
        () => false,
        (error: unknown) => error instanceof IssuerError && error.code === 'KEY_NOT_VALID',
      ),
    );
  });

  test('a client that one has taken in may ask the other, until one of them disables it', async (t) => {
    const { first, second } = await openAgents(t);
    const [here, there] = [await Clients.open(first.service), await Clients.open(second.service)];
    const { client, apiKey = '' } = await here.add({ name: 'Portal', scopes: ['issue'] }, NOW);
    await second.service.look();
    assert.equal(there.byApiKey(apiKey)?.client, client.id);
    await here.disable(client.id, NOW);
    await comes('the end of the client', () => there.byApiKey(apiKey) === undefined);
    const other = await here.add({ name: 'Other', scopes: ['issue'] }, NOW);
    assert.equal((await there.disable(other.client.id, NOW)).disabledAt, NOW);
  });

  test('a request that is sent to both at once has one effect, and the same answer from both', async (t) => {
    const { first, second } = await openAgents(t);
    for (let round = 0; round < 5; round++) {
      const asking = { client: 'c', key: `k${round}`, asked: Buffer.from('asked'), now: NOW };
      const answers = await Promise.allSettled(
        [first, second].map(async (issuer, at) => {
          const effect: Effect = async (keep) => {
            const body = { by: at };
            const operations = [
              issuer.service.table('effects').put(`${round}.${at}`, at),
              ...keep(201, body),
            ];
            await issuer.service.commit(operations);
            return { status: 201, body };
          };
          return new Idempotency(issuer.service).once(asking, effect);
        }),
      );
      const effects: string[] = [];
      for await (const [key] of first.service.table('effects').entries(`${round}.`)) effects.push(key);
      assert.equal(effects.length, 1);
      const by = Number(effects[0]?.split('.')[1]);
      for (const answer of answers) {
        assert.ok(answer.status === 'fulfilled');
        assert.deepEqual(answer.value, { status: 201, body: { by } });
      }
    }
  });

  test('what both count is added up', async (t) => {
    const { first, second } = await openAgents(t);
    const agents = await Promise.all(
      [first, second].map(async ({ service }) => {
        const store = service as IssuerStore;
        const [limits, counters] = [await Limits.open(store), await RetrievalCounters.open(store)];
        return { service, limits, counters };
      }),
    );
    const claim = { name: 'all', tag: '', limit: { count: 40, seconds: 60 } };
    await Promise.all(
      agents.flatMap(({ service, limits, counters }) =>
        Array.from({ length: 20 }, async () =>
          service.commit(limits.add([claim], NOW), counters.count('begun', NOW)),
        ),
      ),
    );
    await Promise.all([first.service.look(), second.service.look()]);
    for (const { limits, counters } of agents) {
      assert.equal(limits.waitFor([claim], NOW), 60);
      assert.equal(counters.summary(NOW).steps.begun, 40);
    }
  });

  test('a record that somebody changed behind the log is found by an agent that takes it in', async (t) => {
    const { first, second, database } = await openAgents(t);
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    t.after(() => client.end());
    // As whoever owns the database could: a client of one's own making, in the place of one that was written.
    await client.query(`CREATE FUNCTION pratique.forge() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN NEW.value = replace(encode(NEW.value, 'escape'), 'issue', 'admin')::bytea; RETURN NEW; END $$`);
    await client.query(`CREATE TRIGGER forge BEFORE INSERT ON pratique.records FOR EACH ROW
      WHEN (encode(NEW.key, 'escape') LIKE 'clients!%') EXECUTE FUNCTION pratique.forge()`);
    const there = await Clients.open(second.service);
    await (await Clients.open(first.service)).add({ name: 'Portal', scopes: ['issue'] }, NOW);
    await assert.rejects(second.service.look(), { code: 'AUDIT_BROKEN' });
    assert.deepEqual(there.all(), []);
    await assert.rejects(issue(second, 1), { code: 'AUDIT_BROKEN' });
    assert.throws(() => second.assertReady(NOW), { code: 'AUDIT_BROKEN' });
  });

  test('a client that whoever administers the database has put among the others is not taken for one', async (t) => {
    const { first, second, database } = await openAgents(t);
    const clients = await Clients.open(first.service);
    const { client } = await clients.add({ name: 'Portal', scopes: ['issue'] }, NOW);
    const owner = new pg.Client({ connectionString: database });
    await owner.connect();
    t.after(() => owner.end());
    const forged = { ...client, id: 'forgedforged', scopes: ['admin'] };
    await owner.query('INSERT INTO pratique.records VALUES ($1, $2)', [
      Buffer.from(`clients!${forged.id}`),
      Buffer.from(JSON.stringify(forged)),
    ]);
    await assert.rejects(Clients.open(second.service), { code: 'AUDIT_BROKEN' });
  });

  test('what one says to count by, the other counts by', async (t) => {
    const { first, second } = await openAgents(t);
    await first.policy.say(NEW_YORK);
    await second.service.look();
    assert.equal((await second.policy.kept()).timeZone, NEW_YORK.timeZone);
  });

  test('a database that is set back under a running agent is found', async (t) => {
    const { first, database } = await openAgents(t);
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    t.after(() => client.end());
    await client.query('CREATE TABLE pratique.older AS TABLE pratique.records');
    await issue(first, 1);
    await client.query(
      'BEGIN; TRUNCATE pratique.records; INSERT INTO pratique.records TABLE pratique.older; COMMIT',
    );
    await assert.rejects(issue(first, 3), { code: 'AUDIT_BROKEN' });
  });
});
