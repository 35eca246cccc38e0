import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../../agent/seeded-random.ts';
import { changeFile, copyOf, issueCards, makeStore } from './audit-fixture.ts';

/** A sealed segment and a tail, in the database's tables; then some more, in its log. */
const [SEALED, NEWEST] = [1100, 40];
const ROUNDS = 30;
const LOOK = fileURLToPath(new URL('./flipped-bits-process.ts', import.meta.url));

test('over a flipped bit anywhere in the database nothing acknowledged is missing unseen', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, SEALED);
  await issueCards(dir, SEALED, NEWEST);
  const sound = await copyOf(dir, `${dir}-sound`);
  const { below } = seededRandom(9, 0);
  const outcomes = { refused: 0, found: 0, harmless: 0, aborted: 0 };
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
    const { signal, status, stdout, stderr } = spawnSync(
      process.execPath,
      [LOOK, dir, `${SEALED + NEWEST}`],
      {
        encoding: 'utf8',
      },
    );
    const outcome = signal === 'SIGABRT' ? 'aborted' : stdout;
    assert.ok(
      outcome in outcomes,
      `round ${round}: byte ${at} of ${file.path}: ${status} ${signal} ${stderr}`,
    );
    outcomes[outcome as keyof typeof outcomes]++;
  }
  t.diagnostic(JSON.stringify(outcomes));
  assert.ok(outcomes.refused > 0 && outcomes.found > 0, JSON.stringify(outcomes));
});

async function filesIn(folder: string): Promise<readonly { readonly path: string; readonly size: number }[]> {
  const paths = (await readdir(folder)).filter((name) => name !== 'LOCK').map((name) => join(folder, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
  return files.filter(({ size }) => size > 0);
}
