import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inflateRawSync } from 'node:zlib';
import type { CardRecord } from '../../agent/card-record.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { StatusLedger } from '../../agent/status-ledger.ts';
import { assertWhole, bulkFixture, outcomesIn, peopleLines } from './bulk-fixture.ts';
import { NOW, PASSPHRASE } from './issuer-fixture.ts';

/** `npm run test:crash` asks for more. */
const KILLS = Number(/^--kills=(\d+)$/.exec(process.argv.at(-1) ?? '')?.[1] ?? 5);
const PEOPLE = 3000;

interface Run {
  readonly dir: string;
  readonly input: string;
  readonly out: string;
}

test(`killed ${KILLS} times at any moment, a bulk doubles nothing and misses nothing`, async (t) => {
  const { issuer, kid, dir, input, out } = await bulkFixture(t, '');
  await issuer.anchored(kid, issuer.statusList(kid, 100_000));
  await issuer.close();
  await writeFile(input, peopleLines(PEOPLE));
  let kills = 0;
  const seen = new Map<string, string>();
  for (let bulk = 0; kills < KILLS; bulk++) {
    const run = { dir, input: `${input}.${bulk}`, out: `${out}.${bulk}` };
    await writeFile(run.input, peopleLines(PEOPLE, bulk));
    // A bulk is over after some kills: each must bring it to its end.
    for (let finished = false; !finished;) {
      // From the first chunk to near the end, and between the steps that make one count.
      const dots = kills < KILLS ? (kills * 7) % (PEOPLE / 64 / 3) : Infinity;
      finished = await runUntil(run, dots, kills % 4);
      if (!finished) kills++;
      await assertNoIndexTwice(run.out, seen);
    }
    await assertAllThere(run);
  }
});

/** Kills a bulk a little after it has counted so many chunks; whether it was faster than that. */
async function runUntil({ dir, input, out }: Run, dots: number, later: number): Promise<boolean> {
  const program = fileURLToPath(new URL('./bulk-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program, dir, input, out, PASSPHRASE, String(NOW)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let told = '';
  for await (const text of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    told += text;
    if (told.length > dots) setTimeout(() => child.kill('SIGKILL'), later * 3);
  }
  const [code] = (await exited) as [number | null];
  if (code !== null) assert.equal(code, 0);
  return code === 0 && told.includes(`finished ${PEOPLE}`);
}

/** Whoever read the files at a wrong moment holds cards that never counted: their indices are nobody else's, ever. */
async function assertNoIndexTwice(out: string, seen: Map<string, string>): Promise<void> {
  for (const name of await readdir(out).catch(() => [])) {
    const text = await readFile(join(out, name), 'utf8');
    for (const [, id = '', jws = ''] of text.matchAll(/"id":"([^"]+)","jws":"([^"]+)"\}\n/g)) {
      assert.equal(seen.get(id) ?? jws, jws, 'an index of two cards');
      seen.set(id, jws);
    }
  }
}

/** Each line has one outcome, and files and store hold the same cards with the same payloads, each under its own index. */
async function assertAllThere({ dir, out, input }: Run): Promise<void> {
  const outcomes = await outcomesIn(out);
  assertWhole(outcomes, PEOPLE);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  try {
    const ledger = await StatusLedger.open(store);
    const batch = input.slice(input.lastIndexOf('/') + 1);
    const known = new Map<string, CardRecord>();
    const indices = new Set<string>();
    for await (const card of ledger.cards.where('"batch"', () => true)) {
      assert.ok(!indices.has(card.id), 'an index of two cards');
      indices.add(card.id);
      if (card.batch === batch) known.set(card.id, card);
    }
    assert.equal(known.size, outcomes.cards.length);
    for (const { id, jws } of outcomes.cards) {
      const payload = inflateRawSync(Buffer.from(jws.split('.')[1] ?? '', 'base64url'));
      assert.equal(known.get(id)?.payloadHash, store.box.payloadHash(payload));
      const { vc } = JSON.parse(payload.toString('utf8')) as { vc: { rid: string } };
      assert.ok(id.endsWith(`.${vc.rid}`));
    }
  } finally {
    await store.close();
  }
}
