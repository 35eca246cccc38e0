import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

import { openIssuer } from '../../agent/issuer-folder.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle } from './issuer-fixture.ts';

const ROUNDS = 3;
const CARDS_A_ROUND = 25;

/** Issues without end, eight at a time, and says the id of each card only once it is acknowledged. */
const CHILD = `
  const { openIssuer } = await import(process.argv[1]);
  const { readFileSync } = await import('node:fs');
  const bundle = JSON.parse(readFileSync(process.argv[3], 'utf8'));
  const issuer = await openIssuer({ dir: process.argv[2], passphrase: process.argv[4] });
  await Promise.all(Array.from({ length: 8 }, async () => {
    for (;;) {
      const { id } = await issuer.issuePlus(bundle, { now: ${NOW} });
      process.stdout.write(id + '\\n');
      await new Promise((resolve) => setImmediate(resolve));
    }
  }));
`;

test('killed in the middle of issuing, no acknowledged card is lost and no index is given twice', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.close();
  const acknowledged: string[] = [];
  for (let round = 0; round < ROUNDS; round++) acknowledged.push(...(await issueUntilKilled(dir)));
  assert.ok(acknowledged.length >= ROUNDS * CARDS_A_ROUND);
  assert.equal(new Set(acknowledged).size, acknowledged.length);

  const reopened = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => reopened.close());
  assert.ok(reopened.issuedCount(kid) >= acknowledged.length);
  const fresh = await reopened.issuePlus(sampleBundle('lab-result'), { now: NOW });
  assert.ok(!acknowledged.includes(fresh.id));
  for (const id of acknowledged) assert.equal((await reopened.revoke(id)).already, false);
});

async function issueUntilKilled(dir: string): Promise<string[]> {
  const file = (path: string): URL => new URL(path, import.meta.url);
  const child = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      CHILD,
      file('../../agent/issuer.ts').href,
      dir,
      file('../../cli/samples/lab-result.json').pathname,
      PASSPHRASE,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === CARDS_A_ROUND) child.kill('SIGKILL');
  }
  await exited;
  // The last line may have been cut off by the kill.
  return ids.filter((id) => /^[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{6}$/.test(id));
}
