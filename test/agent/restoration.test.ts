import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { HeldAnchor } from '../../agent/anchoring/anchoring.ts';
import { restoreBackup } from '../../agent/backup/restore-backup.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import type { Issuer, ListAnchor } from '../../agent/issuer.ts';
import { BLOCK_BITS } from '../../credential/status-list.ts';
import { JURISDICTION, trustedIssuer, trustedKey } from '../support/cards.ts';
import { bulkFixture, bulkOf, outcomesIn, peopleLines } from './bulk-fixture.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle, stateTrust, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

/** Backs an issuer up and opens what is restored of it; `since` comes in between. */
async function restoredOf(
  t: TestContext,
  issuer: Issuer,
  since: () => Promise<void> = async () => undefined,
): Promise<{ readonly restored: Issuer; readonly bulks: readonly string[] }> {
  const folder = await temporaryFolder(t);
  const [file, dir] = [join(folder, 'backup'), join(folder, 'issuer')];
  await issuer.backup(file);
  await since();
  const { bulks } = await restoreBackup(file, dir, PASSPHRASE, (await storeTerms()).database);
  const restored = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => restored.close());
  return { restored, bulks };
}

/** Reads the chain's anchor and lands another, as `issuer anchor` does. */
async function anchorAgain(issuer: Issuer, old: Issuer, kid: string): Promise<void> {
  await issuer.anchoring.saw(kid, { ...onChainOf(old, kid), time: NOW });
  await issuer.anchored(kid, issuer.statusList(kid));
}

test('a restored issuer signs nothing until its list was anchored and the registry was read', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { restored } = await restoredOf(t, issuer);
  const card = sampleBundle('immunization');
  await assert.rejects(restored.issuePlus(card, { now: NOW }), { code: 'RESTORED' });
  await assert.rejects(restored.issuePlus(card, { now: NOW, kid }), { code: 'RESTORED' });
  await anchorAgain(restored, issuer, kid);
  // A key may have been stolen since the backup.
  await assert.rejects(restored.issuePlus(card, { now: NOW }), { code: 'KEY_NOT_VALID' });
  await stateTrust(restored);
  await restored.issuePlus(card, { now: NOW });
});

test('a key that was reported stolen after the backup is not brought back', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { restored } = await restoredOf(t, issuer);
  await stateTrust(restored, [kid]);
  assert.deepEqual(restored.keys()[0]?.ended, { state: 'compromised', at: NOW });
  await anchorAgain(restored, issuer, kid);
  await assert.rejects(restored.issuePlus(sampleBundle('immunization'), { now: NOW }), {
    code: 'KEY_NOT_VALID',
  });
});

test('a key that was made after the backup is named, for as long as the registry trusts it', async (t) => {
  const { issuer } = await makeIssuer(t);
  let lost = '';
  const { restored } = await restoredOf(
    t,
    issuer,
    async () => void (lost = (await issuer.createSigningKey()).kid),
  );
  const self = trustedIssuer({ iss: issuer.iss });
  const others = trustedIssuer({ id: 2, iss: 'https://other.example' });
  for (const [state, expected] of [
    ['active', [lost]],
    ['retired', []],
  ] as const) {
    await restored.learnRegistry({
      jurisdictions: [JURISDICTION],
      issuers: [self, others],
      keys: [
        ...issuer.keys().map((key) => trustedKey(key, { state })),
        trustedKey({ kid: 'z'.repeat(43), x: '', y: '' }, { issuer: 2 }),
      ],
    });
    assert.deepEqual(restored.restoration.strangers(issuer.did), expected);
  }
});

test('a bulk that was under way at the backup does not go on, and its files stay as they are', async (t) => {
  const { issuer, kid, input, out, bulk } = await bulkFixture(t, peopleLines(400));
  const stop = new AbortController();
  const first = await bulk({ signal: stop.signal, told: ({ cards }) => void (cards > 0 && stop.abort()) });
  assert.equal(first.finished, false);
  const { restored, bulks } = await restoredOf(t, issuer, async () => void (await bulk()));
  assert.deepEqual(bulks, ['people']);
  const cards = await contentsOf(out);
  await anchorAgain(restored, issuer, kid);
  await stateTrust(restored);
  await assert.rejects(bulkOf(restored, { input, out }), { code: 'BULK_RESTORED' });
  // The files may be as the backup left them, and the people have their cards all the same.
  await assert.rejects(bulkOf(restored, { input, out: `${out}-else` }), { code: 'BULK_RESTORED' });
  assert.deepEqual(await contentsOf(out), cards);

  const ids = (await outcomesIn(out)).cards.map(({ id }) => id);
  const rest = await bulkOf(restored, { input, out: `${out}-rest`, batch: 'rest' });
  const more = (await outcomesIn(`${out}-rest`)).cards.map(({ id }) => id);
  assert.equal(rest.cards, more.length);
  assert.equal(new Set([...ids, ...more]).size, ids.length + more.length);
});

test('a bulk that was begun after the backup is not begun again over its files', async (t) => {
  const { issuer, kid, input, out, bulk } = await bulkFixture(t, peopleLines(100));
  const { restored, bulks } = await restoredOf(t, issuer, async () => void (await bulk()));
  assert.deepEqual(bulks, []);
  await anchorAgain(restored, issuer, kid);
  await stateTrust(restored);
  const cards = await contentsOf(out);
  await assert.rejects(bulkOf(restored, { input, out }), { code: 'OUTPUT_UNWRITABLE' });
  assert.deepEqual(await contentsOf(out), cards);
});

test('a bulk that had ended before the backup still says what it came to', async (t) => {
  const { issuer, input, out, bulk } = await bulkFixture(t, peopleLines(100));
  const done = await bulk();
  const { restored, bulks } = await restoredOf(t, issuer);
  assert.deepEqual(bulks, []);
  assert.deepEqual(await bulkOf(restored, { input, out }), done);
  await rm(out, { recursive: true });
});

async function contentsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).toSorted();
  const texts = await Promise.all(names.map(async (name) => readFile(join(folder, name), 'utf8')));
  return Object.fromEntries(names.map((name, at) => [name, texts[at] ?? '']));
}

test('a node that lags behind by the very anchor that a restored issuer means lets it give no index twice', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { restored } = await restoredOf(t, issuer);
  const terms = { room: 0, unchanged: 'never' } as const;
  const held = (of: Issuer): HeldAnchor => ({ ...onChainOf(of, kid), time: NOW });
  const stale = held(issuer);
  await issuer.anchored(kid, issuer.statusList(kid, BLOCK_BITS + 1));
  const { length, root, counter } = held(issuer);
  await stateTrust(restored);

  await restored.anchoring.saw(kid, stale);
  const meant = await restored.anchoring.due(kid, stale, terms, NOW);
  assert.deepEqual([meant?.counter, meant?.root], [counter, root]);
  // The registry refuses it; by then the node holds what the lost folder anchored, and gave indices of.
  await restored.anchoring.saw(kid, held(issuer));
  assert.equal(restored.restoration.isWaiting(kid), true);
  const next = await restored.anchoring.due(kid, held(issuer), terms, NOW);
  assert.ok(next);
  assert.equal(next.counter, counter + 1);
  await restored.anchoring.saw(kid, { ...next, time: NOW }, next.counter);
  assert.equal(restored.restoration.isWaiting(kid), false);
  const card = await restored.issuePlus(sampleBundle('immunization'), { now: NOW });
  assert.ok(card.index >= length);
});

function onChainOf(issuer: Issuer, kid: string): ListAnchor {
  const anchor = issuer.anchorOf(kid);
  assert.ok(anchor);
  return anchor;
}
