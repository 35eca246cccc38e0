import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { recordKey } from '../../../agent/audit/audit-record.ts';
import { sealKey } from '../../../agent/audit/log-state.ts';
import {
  copyOf,
  firstFinding,
  issueCards,
  makeStore,
  openStore,
  tamper,
  withStore,
} from './audit-fixture.ts';

/** Batches of so many writes that a segment is sealed after seventeen. */
async function writeMuch(dir: string, batches: number, what: string): Promise<void> {
  await withStore(dir, async (store) => {
    const rows = store.table<string>('card-blocks');
    for (let batch = 0; batch < batches; batch++) {
      await store.commit(Array.from({ length: 1000 }, (_, at) => rows.put(`${batch}.${at}`, what)));
    }
  });
}

test('a database of the same issuer with another past is not taken for the one that was witnessed', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, 3);
  const other = await copyOf(dir, `${dir}-other`);
  await issueCards(dir, 3, 2);
  await issueCards(other, 10, 4);
  await copyOf(join(other, 'store'), join(dir, 'store'));
  await assert.rejects(openStore(dir), { code: 'AUDIT_BROKEN' });
  assert.equal(await firstFinding(dir), 'WITNESS_DIFFERS 6');
});

test('a seal of another past is no link of this one, though it was made with the key', async (t) => {
  const dir = await makeStore(t);
  const other = await copyOf(dir, `${dir}-other`);
  await writeMuch(dir, 35, 'a');
  await writeMuch(other, 18, 'b');
  const stolen: Uint8Array[] = [];
  await tamper(other, async (db) => void stolen.push(await db.get(sealKey(0))));
  await tamper(dir, async (db) => db.put(sealKey(0), stolen[0] ?? new Uint8Array()));
  await assert.rejects(openStore(dir), { code: 'AUDIT_BROKEN' });
  assert.equal(await firstFinding(dir), 'SEAL_CHANGED 0');
});

test('the last record is held against the head, also where the witness has not seen it yet', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, 3);
  const witness = await copyOf(join(dir, 'audit-witness'), `${dir}-witness`);
  await issueCards(dir, 3, 1);
  await copyOf(witness, join(dir, 'audit-witness'));
  await tamper(dir, async (db) => {
    const text = Buffer.from(await db.get(recordKey(5))).toString('utf8');
    assert.ok(text.includes('card-issued'));
    await db.put(recordKey(5), Buffer.from(text.replace('card-issued', 'key-made')));
  });
  await assert.rejects(openStore(dir), { code: 'AUDIT_BROKEN' });
  assert.equal(await firstFinding(dir), 'RECORD_CHANGED 5');
});
