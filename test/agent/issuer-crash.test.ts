import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { fillStore } from './filled-issuer.ts';
import { makeIssuer } from './issuer-fixture.ts';
import { lossesIn, startLoad } from './issuer-load.ts';

/** `npm run test:crash` asks for more. */
const [KILLS = 5, CARDS = 5000] = ['kills', 'cards'].map((name) => {
  const said = process.argv.find((word) => word.startsWith(`--${name}=`));
  return said === undefined ? undefined : Number(said.slice(name.length + 3));
});
/** From the start of the process until it can issue, by the service's own promise; held to with a million cards only. */
const READY_MS = 5000;
const AT_MOST_MS = 400;

test(`killed ${KILLS} times while it issues and revokes, an issuer of ${CARDS} cards loses nothing and doubles nothing`, async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.close();
  const filled = performance.now();
  const revokedBefore = await fillStore(dir, kid, CARDS);
  const fillSeconds = Math.round((performance.now() - filled) / 1000);
  const issued: string[] = [];
  const revoked: string[] = [];
  const readyMs: number[] = [];
  for (let kill = 0; kill < KILLS; kill++) {
    // Some die while they open the folder: the next one finds what a dead one has begun to replay.
    if (kill % 5 === 4) await killWhileOpening(dir, Math.random() * Math.max(...readyMs));
    const { child, said, ready, until, ended } = startLoad(dir, 8);
    readyMs.push(await ready);
    await until('a card after the kill', (now) => now.issued.length > 0);
    await later(Math.random() * AT_MOST_MS);
    child.kill('SIGKILL');
    assert.equal((await ended).closed, false);
    assert.deepEqual(said.failed, []);
    issued.push(...said.issued);
    revoked.push(...said.revoked);
  }
  const losses = await lossesIn(dir, { issued, revoked });
  assert.deepEqual(losses, { lost: 0, twice: 0 });
  const sorted = readyMs.toSorted((a, b) => a - b).map(Math.round);
  const [medianReadyMs = 0, worstReadyMs = 0] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const counts = {
    kills: KILLS,
    cards: CARDS,
    revokedBefore,
    issued: issued.length,
    revoked: revoked.length,
  };
  const figures = { ...counts, ...losses, medianReadyMs, worstReadyMs, fillSeconds };
  // Below whatever else is told of the test.
  process.once('exit', () => process.stdout.write(`${JSON.stringify(figures)}\n`));
  assert.ok(CARDS < 1_000_000 || worstReadyMs <= READY_MS, `it took ${worstReadyMs} ms to be ready`);
});

async function killWhileOpening(dir: string, after: number): Promise<void> {
  const { child, ended } = startLoad(dir, 8);
  await later(after);
  child.kill('SIGKILL');
  await ended;
}
