import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { AuditRecord } from '../../../agent/audit/audit-record.ts';
import { digestOf } from '../../../agent/audit/audit-record.ts';
import type { IssuerStore } from '../../../agent/issuer-store.ts';
import { openIssuer } from '../../../agent/issuer-folder.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle } from '../issuer-fixture.ts';
import { bulkFixture, peopleLines } from '../bulk-fixture.ts';
import { NEW_YORK } from '../records.ts';
import { examined, firstFinding, issueCard, makeStore, openStore, withStore } from './audit-fixture.ts';

async function recordsOf(reader: IssuerStore['audit'], last = 10_000): Promise<readonly AuditRecord[]> {
  return (await reader.records()).slice(-last);
}

test('the log tells every deed of an issuer, when and of which card, and nothing of a person', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.policy.say(NEW_YORK);
  await issuer.recordKeyWindow(kid, { validFrom: NOW, validUntil: 0 });
  await issuer.bindRegistry({ chainId: 1, registry: `0x${'12'.repeat(20)}`, issuerId: 3 });
  const card = await issuer.issuePlus(sampleBundle('lab-result'), { now: NOW });
  await issuer.revoke(card.id, { reason: 'fraud' });
  await issuer.signingKeys.recordEnd(kid, 'retired', NOW);
  await issuer.signingKeys.destroy(issuer.agent, kid, NOW);
  const records = await recordsOf(issuer.audit);
  const entries = records.flatMap((record) => record.entries);
  assert.deepEqual(
    entries.map((entry) => entry.kind),
    [
      'issuer-made',
      'key-made',
      'registry-learned',
      'list-anchored',
      'policy-said',
      'key-window-recorded',
      'registry-bound',
      'card-issued',
      'card-revoked',
      'key-ended',
      'key-destroyed',
    ],
  );
  assert.deepEqual(entries[7], { kind: 'card-issued', id: card.id, payloadHash: card.payloadHash });
  assert.deepEqual(entries[8], { kind: 'card-revoked', id: card.id, reason: 'fraud' });
  assert.ok(records.every(({ at, n }, place) => at === NOW && n === place + 1));
  const text = JSON.stringify(records);
  for (const said of [card.person, ...card.lots, 'Ferreira', 'persons!'])
    assert.ok(!text.includes(said), said);
  await issuer.close();
  assert.equal(await firstFinding(dir), 'sound');
});

test('of a bulk the log tells each chunk, and no card by itself', async (t) => {
  const fixture = await bulkFixture(t, peopleLines(200));
  const report = await fixture.bulk();
  const entries = (await recordsOf(fixture.issuer.audit)).flatMap((record) => record.entries);
  const issued = entries.filter((entry) => entry.kind === 'cards-issued');
  assert.deepEqual(
    issued.map(({ batch, first, taken }) => [batch, first, taken]),
    [
      ['people', 0, 64],
      ['people', 64, 64],
      ['people', 128, 64],
      ['people', 192, 8],
    ],
  );
  assert.equal(
    issued.reduce((sum, { cards }) => sum + cards, 0),
    report.cards,
  );
  assert.equal(entries.filter((entry) => entry.kind === 'indices-reserved').length, 4);
  await fixture.issuer.close();
  assert.equal(await firstFinding(fixture.dir), 'sound');
});

test('each record is chained to the bytes of the one before, and batches that share a write share one', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    await Promise.all(Array.from({ length: 500 }, async (_, at) => issueCard(store, at)));
    const records = await recordsOf(store.audit);
    assert.ok(records.length <= 4, `${records.length} records`);
    assert.equal(records.flatMap(({ entries }) => entries).length, 501);
    for (const [at, record] of records.slice(1).entries()) {
      assert.equal(record.prev, await store.audit.hashOf(at + 1));
      assert.equal(record.prev, digestOf(Buffer.from(JSON.stringify(records[at]))));
    }
    assert.deepEqual(await store.audit.place(), {
      n: records.length,
      hash: digestOf(Buffer.from(JSON.stringify(records.at(-1)))),
    });
    assert.deepEqual((await recordsOf(store.audit, 1))[0], records.at(-1));
  });
  assert.equal(await firstFinding(dir), 'sound');
});

test('many who write at once while the store is held against its log are no fault of it', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    for (let at = 0; at < 1100; at++) await issueCard(store, at);
  });
  await withStore(dir, async (store) => {
    const writers = Array.from({ length: 20 }, async (_, writer) => {
      for (let at = 0; at < 20; at++) await issueCard(store, 2000 + writer * 20 + at);
    });
    await Promise.all([store.assertWhole(), store.audit.examine(), ...writers]);
    assert.deepEqual((await store.audit.examine()).findings, []);
  });
  assert.equal((await examined(dir)).seals, 1);
});

test('a segment is sealed early if its records write much, and the witness begins anew with each seal', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    const rows = store.table<number>('revocations');
    for (let batch = 0; batch < 40; batch++) {
      await store.commit(Array.from({ length: 1000 }, (_, at) => rows.put(`kid.${batch}.${at}`, at)));
      assert.ok((await stat(join(dir, 'audit-witness'))).size <= 18 * 56);
    }
  });
  const { seals, findings } = await examined(dir);
  assert.deepEqual([seals, findings], [2, []]);
});

test('a log that says twice that something was written, or deleted it, says what is there', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    const blocks = store.table<string>('card-blocks');
    await store.commit([blocks.put('a', 'first'), blocks.put('b', 'goes'), blocks.put('c', 'stays')]);
    await store.commit([blocks.put('a', 'second'), blocks.del('b')]);
  });
  assert.deepEqual((await examined(dir)).findings, []);
  await withStore(dir, async (store) => assert.equal(await store.table('card-blocks').get('a'), 'second'));
});

test('an issuer that is not what its log says does not open', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const { tamper } = await import('./audit-fixture.ts');
  await tamper(dir, async (db) =>
    db.del('policy!policy').then(async () => db.put('policy!policy', Buffer.from('{}'))),
  );
  assert.equal(await firstFinding(dir), 'EFFECT_SURPLUS');
  await tamper(dir, async (db) => db.del('registry-view!view'));
  await assert.rejects(openIssuer({ dir, passphrase: PASSPHRASE }), { code: 'AUDIT_BROKEN' });
});

test('whatever is committed in whatever groups, opened again and again, the log is sound and the store is whole', async (t) => {
  const operation = fc.record({
    table: fc.constantFrom('cards', 'card-blocks', 'lists', 'bulks', 'revocations'),
    key: fc.nat({ max: 40 }),
    value: fc.string({ maxLength: 8 }),
    del: fc.boolean(),
  });
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.array(fc.array(operation, { maxLength: 4 }), { minLength: 1, maxLength: 6 }) },
    { weight: 1, arbitrary: fc.constant('reopen' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const dir = await makeStore(t);
      let store = await openStore(dir);
      const model = new Map<string, string>();
      let written = 0;
      for (const each of steps) {
        if (each === 'reopen') {
          await store.close();
          store = await openStore(dir);
          continue;
        }
        await Promise.all(
          each.map(async (operations) =>
            store.commit(
              operations.map(({ table, key, value, del }) => {
                // Of revocations the log keeps a sum: a row is written once.
                const name = table === 'revocations' ? `r${written++}` : String(key);
                const drop = del && table !== 'revocations';
                if (drop) model.delete(`${table}!${name}`);
                else model.set(`${table}!${name}`, value);
                const rows = store.table<unknown>(table);
                return drop ? rows.del(name) : rows.put(name, { value });
              }),
            ),
          ),
        );
      }
      for (const [key, value] of model) {
        const [table = '', name = ''] = key.split('!');
        assert.deepEqual(await store.table(table).get(name), { value });
      }
      await store.close();
      assert.deepEqual((await examined(dir)).findings, []);
      await (await openStore(dir)).close();
    }),
    { numRuns: 15 },
  );
});

test('the latest deeds are told however many batches without a deed came after them', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    for (let at = 0; at < 5; at++) await issueCard(store, at);
    for (let at = 0; at < 1100; at++) await store.commit([store.table<number>('t').put('x', at)]);
    await issueCard(store, 5);
    const told = (deeds: readonly AuditRecord[]): readonly number[] => deeds.map(({ n }) => n);
    assert.deepEqual(told(await store.audit.latestDeeds(3)), [5, 6, 1107]);
    assert.deepEqual(told(await store.audit.latestDeeds(0)), []);
    assert.deepEqual(told(await store.audit.latestDeeds(50)), [1, 2, 3, 4, 5, 6, 1107]);
  });
});
