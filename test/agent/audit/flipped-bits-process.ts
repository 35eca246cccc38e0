// A database that was damaged can end the whole process: LevelDB asserts what it holds. So each look is had in a process of
// its own, told a folder and how many cards must be in it.

import assert from 'node:assert/strict';
import { IssuerError } from '../../../agent/issuer-error.ts';
import { withStore } from './audit-fixture.ts';

const [dir = '', cards = '0'] = process.argv.slice(2);
const reached = { open: false };
try {
  await withStore(dir, async (store) => {
    reached.open = true;
    await store.assertWhole();
    const table = store.table<{ payloadHash: string }>('cards');
    for (let card = 0; card < Number(cards); card++) {
      const found = await table.get(`kid.${String(card).padStart(6, '0')}`);
      assert.equal(found?.payloadHash, `hash ${card}`, `card ${card}`);
    }
    assert.equal(await store.table('counters').get('next'), Number(cards));
  });
  process.stdout.write('harmless');
} catch (error) {
  assert.ok(error instanceof IssuerError, String(error));
  assert.ok(['AUDIT_BROKEN', 'STORE_DAMAGED', 'STORE_UNAVAILABLE'].includes(error.code), error.code);
  process.stdout.write(reached.open ? 'found' : 'refused');
}
