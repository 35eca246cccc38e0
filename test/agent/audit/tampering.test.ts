import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { recordKey } from '../../../agent/audit/audit-record.ts';
import { HEAD_KEY, sealKey } from '../../../agent/audit/log-state.ts';
import type { Database } from '../../../agent/store-table.ts';
import {
  changeFile,
  copyOf,
  examined,
  firstFinding,
  issueCards,
  makeStore,
  openStore,
  tamper,
  withStore,
} from './audit-fixture.ts';

const TAIL = 20;
/** Two sealed segments and a tail. */
const SEALED = 2048 + TAIL;

async function assertRefused(dir: string): Promise<void> {
  await assert.rejects(openStore(dir), { code: 'AUDIT_BROKEN' });
}

/** A store whose whole log is its tail, of record 1 and so many cards. */
async function shortStore(t: TestContext): Promise<string> {
  const dir = await makeStore(t);
  await issueCards(dir, 0, TAIL);
  return dir;
}

const edited = async (db: Database, key: string, from: string, to: string): Promise<void> => {
  const text = Buffer.from(await db.get(key)).toString('latin1');
  assert.ok(text.includes(from), `${key} holds ${from}`);
  await db.put(key, Buffer.from(text.replace(from, to), 'latin1'));
};

for (const [what, finding, change] of [
  ['edited', 'RECORD_CHANGED 5', async (db) => edited(db, recordKey(5), 'hash 3', 'hash 4')],
  ['given other links', 'RECORD_CHANGED 5', async (db) => edited(db, recordKey(5), '"prev":"', '"prev":"A')],
  ['made unreadable', 'RECORD_CHANGED 5', async (db) => db.put(recordKey(5), Buffer.from('{'))],
  ['deleted', 'RECORD_MISSING 5', async (db) => db.del(recordKey(5))],
  ['deleted at the beginning', 'RECORD_MISSING 1', async (db) => db.del(recordKey(1))],
  ['deleted at the end', 'RECORD_MISSING 21', async (db) => db.del(recordKey(21))],
  ['edited at the end', 'RECORD_CHANGED 21', async (db) => edited(db, recordKey(21), 'hash 19', 'hash 91')],
  [
    'put in each other’s place',
    'RECORD_CHANGED 5',
    async (db) => {
      const [a, b] = [await db.get(recordKey(5)), await db.get(recordKey(6))];
      await db.put(recordKey(5), b);
      await db.put(recordKey(6), a);
    },
  ],
  [
    'added behind the head',
    'RECORD_SURPLUS 22',
    async (db) => db.put(recordKey(22), await db.get(recordKey(21))),
  ],
] as const satisfies readonly (readonly [string, string, (db: Database) => Promise<void>])[]) {
  test(`a record of the log that was ${what} is found, and nothing is issued`, async (t) => {
    const dir = await shortStore(t);
    await tamper(dir, change);
    await assertRefused(dir);
    assert.equal(await firstFinding(dir), finding);
  });
}

for (const [what, finding, change] of [
  ['lost', 'EFFECT_MISSING 5', async (db) => db.del('cards!kid.000003')],
  ['edited', 'EFFECT_CHANGED 5', async (db) => edited(db, 'cards!kid.000003', 'person3', 'person4')],
  ['set back', 'EFFECT_CHANGED 21', async (db) => db.put('counters!next', Buffer.from('19'))],
  ['taken from the index of persons', 'EFFECT_MISSING', async (db) => db.del('persons!person3.kid.000003')],
] as const satisfies readonly (readonly [string, string, (db: Database) => Promise<void>])[]) {
  test(`a record of the store that was ${what} is found, and nothing is issued`, async (t) => {
    const dir = await shortStore(t);
    await tamper(dir, change);
    await assertRefused(dir);
    assert.equal(await firstFinding(dir), finding);
  });
}

test('records of the store that nobody wrote are found', async (t) => {
  const dir = await shortStore(t);
  for (const key of [
    'cards!kid.forged',
    'card-blocks!kid.0000000000',
    'revocations!kid.0000000000',
    'bulks!x',
  ]) {
    await tamper(dir, async (db) => db.put(key, Buffer.from('{"person":"x"}')));
    const { findings } = await examined(dir);
    assert.ok(
      findings.some((found) => found.code === 'EFFECT_SURPLUS' && found.key === key),
      key,
    );
    await tamper(dir, async (db) => db.del(key));
    assert.equal(await firstFinding(dir), 'sound');
  }
  await tamper(dir, async (db) => db.put('persons!person1.kid.000003', Buffer.from('0')));
  const { findings } = await examined(dir);
  assert.deepEqual(findings, [{ code: 'EFFECT_SURPLUS', key: 'persons!….kid.000003' }]);
});

test('a revocation that was lost, edited or made up is found at once, however long ago it was sealed', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    const rows = store.table('revocations');
    for (const at of [0, 1, 2]) await store.commit([rows.put(`kid.000000000${at}`, { index: at, at: 1 })]);
  });
  await issueCards(dir, 0, 1100);
  const key = 'revocations!kid.0000000001';
  const before = await copyOf(dir, `${dir}-before`);
  for (const change of [
    async (db: Database) => db.del(key),
    async (db: Database) => edited(db, key, '"index":1', '"index":9'),
    async (db: Database) => db.put('revocations!kid.0000000003', await db.get(key)),
  ]) {
    await copyOf(before, dir);
    await tamper(dir, change);
    await assertRefused(dir);
    assert.notEqual(await firstFinding(dir), 'sound');
  }
});

test('head, seals and witness are held against each other; none can be made without the passphrase', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, SEALED);
  assert.deepEqual(
    [await firstFinding(dir), (await examined(dir)).seals, (await examined(dir)).place.n],
    ['sound', 2, SEALED + 1],
  );
  const before = await copyOf(dir, `${dir}-before`);
  const witness = join(dir, 'audit-witness');
  for (const [finding, change] of [
    ['HEAD_MISSING', async (db: Database) => db.del(HEAD_KEY)],
    ['HEAD_CHANGED', async (db: Database) => edited(db, HEAD_KEY, '"seals":2', '"seals":1')],
    ['SEAL_MISSING 0', async (db: Database) => db.del(sealKey(0))],
    ['SEAL_MISSING 1', async (db: Database) => db.del(sealKey(1))],
    ['SEAL_CHANGED 1', async (db: Database) => edited(db, sealKey(1), '"last":2048', '"last":2047')],
    ['SEAL_CHANGED 1', async (db: Database) => db.put(sealKey(1), await db.get(sealKey(0)))],
    ['SEAL_SURPLUS 2', async (db: Database) => db.put(sealKey(2), await db.get(sealKey(1)))],
  ] as const) {
    await copyOf(before, dir);
    await tamper(dir, change);
    if (finding !== 'SEAL_SURPLUS 2') await assertRefused(dir);
    assert.equal(await firstFinding(dir), finding);
  }
  for (const [finding, change] of [
    ['WITNESS_MISSING', async () => rm(witness)],
    [
      'WITNESS_MISSING',
      async () => changeFile(witness, (bytes) => bytes.fill(bytes.readUInt8(9) ^ 1, 9, 10)),
    ],
    ['WITNESS_MISSING', async () => changeFile(witness, () => Buffer.alloc(0))],
  ] as const) {
    await copyOf(before, dir);
    await change();
    await assertRefused(dir);
    assert.equal(await firstFinding(dir), finding);
  }
});

test('a sealed record that was edited is found by whatever reads it: an answer rests on nothing less', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, SEALED);
  const before = await copyOf(dir, `${dir}-before`);
  for (const [finding, change] of [
    ['RECORD_CHANGED 100', async (db: Database) => edited(db, recordKey(100), 'hash 98', 'hash 99')],
    ['SEAL_CHANGED 0', async (db: Database) => edited(db, recordKey(1024), 'hash', 'hush')],
    ['RECORD_MISSING 100', async (db: Database) => db.del(recordKey(100))],
    ['EFFECT_MISSING 100', async (db: Database) => db.del('cards!kid.000098')],
    ['EFFECT_CHANGED 100', async (db: Database) => edited(db, 'cards!kid.000098', 'hash 98', 'hash 89')],
  ] as const) {
    await copyOf(before, dir);
    await tamper(dir, change);
    assert.equal(await firstFinding(dir), finding);
    await withStore(dir, async (store) => {
      await assert.rejects(store.assertWhole(), { code: 'AUDIT_BROKEN' });
      await assert.rejects(store.commit([store.table('counters').put('next', 1)]), { code: 'AUDIT_BROKEN' });
    });
  }
});

test('an old database beside a newer witness is refused; old copies of both are not known by the folder alone', async (t) => {
  const dir = await shortStore(t);
  const before = await copyOf(dir, `${dir}-before`);
  await issueCards(dir, TAIL, 3);
  await copyOf(join(before, 'store'), join(dir, 'store'));
  await assertRefused(dir);
  assert.equal(await firstFinding(dir), 'WITNESS_AHEAD 24');
  await copyOf(before, dir);
  assert.equal(await firstFinding(dir), 'sound');
});
