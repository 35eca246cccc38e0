import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { IssuerError } from '../../../agent/issuer-error.ts';
import { seededRandom } from '../../../agent/seeded-random.ts';
import { changeFile, copyOf, issueCards, makeStore, withStore } from './audit-fixture.ts';

/** A sealed segment and a tail, in the database's tables; then some more, in its log. */
const [SEALED, NEWEST] = [1100, 40];
const ROUNDS = 60;

test('over a flipped bit anywhere in the database nothing acknowledged is missing unseen', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, SEALED);
  await issueCards(dir, SEALED, NEWEST);
  const sound = await copyOf(dir, `${dir}-sound`);
  const { below } = seededRandom(9, 0);
  const outcomes = { refused: 0, found: 0, harmless: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    await copyOf(sound, dir);
    const files = await filesIn(join(dir, 'store'));
    // As often in the log, which holds the newest, as in the tables.
    const [ending] = [['.log', '.ldb', ''][round % 3] ?? ''];
    const some = files.filter(({ path }) => path.endsWith(ending));
    const file = some[below(some.length)];
    assert.ok(file, ending);
    const at = below(file.size);
    await changeFile(file.path, (bytes) => bytes.fill((bytes[at] ?? 0) ^ (1 << below(8)), at, at + 1));
    const where = `round ${round}: byte ${at} of ${file.path}`;
    const reached = { open: false };
    try {
      await withStore(dir, async (store) => {
        reached.open = true;
        await store.assertWhole();
        const cards = store.table<{ payloadHash: string }>('cards');
        for (let card = 0; card < SEALED + NEWEST; card++) {
          const found = await cards.get(`kid.${String(card).padStart(6, '0')}`);
          assert.equal(found?.payloadHash, `hash ${card}`, `${where}, card ${card}`);
        }
        assert.equal(await store.table('counters').get('next'), SEALED + NEWEST, where);
      });
      outcomes.harmless++;
    } catch (error) {
      assert.ok(error instanceof IssuerError, `${where}: ${String(error)}`);
      assert.ok(
        ['AUDIT_BROKEN', 'STORE_DAMAGED', 'STORE_UNAVAILABLE'].includes(error.code),
        `${where}: ${error.code}`,
      );
      outcomes[reached.open ? 'found' : 'refused']++;
    }
  }
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok(outcomes.refused > 0 && outcomes.found > 0, JSON.stringify(outcomes));
});

async function filesIn(folder: string): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const paths = (await readdir(folder)).filter((name) => name !== 'LOCK').map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
  return files.filter(({ size }) => size > 0);
}
