import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import type { LogSeal } from '../../../agent/audit/audit-record.ts';
import { MAC_BYTES } from '../../../agent/audit/authenticated.ts';
import { sealKey } from '../../../agent/audit/log-state.ts';
import type { IssuerStore, Operation } from '../../../agent/issuer-store.ts';
import { examined, firstFinding, makeStore, openStore, tamper, withStore } from './audit-fixture.ts';

const UNAVAILABLE = { code: 'STORE_UNAVAILABLE' };

/** So many writes that a segment ends with them. */
function manyIn(store: IssuerStore, name: string): readonly Operation[] {
  return Array.from({ length: 16_384 }, (_, at) => store.table<number>(name).put(String(at), at));
}

test('a store that could not be examined while its disk was away is examined once it is back', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => store.commit(manyIn(store, 'card-blocks')));
  const store = await openStore(dir);
  t.after(() => store.close());

  await rename(dir, `${dir}-away`);
  // The witness cannot be begun anew, as it is with every seal, and the database not be opened anew.
  await assert.rejects(store.commit(manyIn(store, 'revocations')), UNAVAILABLE);
  await assert.rejects(store.assertWhole(), UNAVAILABLE);
  await rename(`${dir}-away`, dir);
  // Longer than the first pauses, in which nobody tries the disk again.
  await later(500);
  await store.assertWhole();
  assert.equal(await store.table('revocations').get('7'), undefined);

  await store.commit(manyIn(store, 'revocations'));
  await store.close();
  const { findings, seals } = await examined(dir);
  assert.deepEqual([findings, seals], [[], 2]);
});

test('a seal tells of what was deleted, but of no anchor that is done with, however many there were', async (t) => {
  const dir = await makeStore(t);
  await withStore(dir, async (store) => {
    const [anchors, kept] = [store.table<number>('anchoring'), store.table<number>('kept')];
    for (let at = 0; at < 50; at++) {
      await store.commit([anchors.put(String(at), at), anchors.del(String(at - 1)), kept.put('last', at)]);
    }
    await store.commit([kept.del('last'), ...manyIn(store, 'card-blocks')]);
  });
  let told: readonly string[] = [];
  await tamper(dir, async (db) => {
    const sealed = Buffer.from(await db.get(sealKey(0))).subarray(1 + MAC_BYTES);
    told = (JSON.parse(sealed.toString('utf8')) as LogSeal).current.map(([key]) => key);
  });
  assert.deepEqual(told, ['anchoring!49', 'kept!last']);
  assert.deepEqual((await examined(dir)).findings, []);
  await withStore(dir, async (store) => store.assertWhole());
  await tamper(dir, async (db) => db.put('anchoring!7', Buffer.from('7')));
  assert.equal(await firstFinding(dir), 'EFFECT_SURPLUS');
});
