import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstFinding, makeStore, openStore, tamper, withStore } from './audit-fixture.ts';

const SEGMENT = 1024;

test('what is gone within a day makes no seal longer, however much of it there is', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    const answers = store.table('idempotency');
    for (let at = 0; at < SEGMENT + 10; at++) await store.commit([answers.put(`client.${at}`, at)]);
    await store.commit([answers.del('client.1')]);
  });
  await tamper(dir, async (db) => {
    const seals = await db.iterator({ gte: 'audit-seals!', lt: 'audit-seals"' }).all();
    assert.equal(seals.length, 1);
    assert.ok(seals.every(([, bytes]) => bytes.length < 1000));
  });
  assert.equal(await firstFinding(dir), 'sound');
});

test('one of it that was lost or changed since the last seal is found when the folder is opened', async (t) => {
  for (const change of ['lost', 'changed'] as const) {
    const dir = await makeStore(t);
    await withStore(dir, async (store) => store.commit([store.table('assertions').put('jti', 1)]));
    await tamper(dir, async (db) => {
      if (change === 'lost') await db.del('assertions!jti');
      else await db.put('assertions!jti', Buffer.from('2'));
    });
    await assert.rejects(openStore(dir), { code: 'AUDIT_BROKEN' });
  }
});
