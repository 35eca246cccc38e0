import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { IssuerDecider } from '../../agent/known-trust.ts';
import { RegistryTie } from '../../agent/registry-tie.ts';
import type { LearnedTrust } from '../../agent/registry-resolver.ts';
import { readText } from '../../verifier/pipeline/input.ts';
import {
  DID,
  ISS,
  ISSUED,
  JURISDICTION,
  mintCard,
  newKey,
  NOW,
  STATUS_BASE,
  trustedIssuer,
  trustedKey,
} from '../support/cards.ts';
import { KDF_COST, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';

const HOUR = 3600;
const key = newKey();
const card = mintCard(key, { nbf: ISSUED });
const trust = (name = 'Harbor'): LearnedTrust => ({
  jurisdictions: [JURISDICTION],
  issuers: [trustedIssuer({ name })],
  keys: [trustedKey(key)],
});

async function opened(t: TestContext): Promise<{ readonly store: IssuerStore; readonly tie: RegistryTie }> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  return { store, tie: await tieOf(store) };
}

const tieOf = async (store: IssuerStore): Promise<RegistryTie> =>
  RegistryTie.open(store, { iss: ISS, did: DID, statusBase: STATUS_BASE, name: 'Harbor' });

const codesAt = async (tie: RegistryTie, now: number): Promise<readonly string[]> => {
  const decider = new IssuerDecider({
    did: 'did:web:other',
    known: () => tie.known,
    listOf: () => undefined,
  });
  const [decision] = await decider.decide(readText(card), { now });
  return decision?.codes ?? [];
};

test('what the registry said is believed for three days from when it was last read, also if it said the same', async (t) => {
  const { tie } = await opened(t);
  assert.deepEqual(await codesAt(tie, NOW), ['TRUST_MISSING']);
  await tie.learn(trust(), NOW);
  assert.deepEqual(await codesAt(tie, NOW), ['VALID']);
  const later = NOW + 4 * 24 * HOUR;
  assert.deepEqual(await codesAt(tie, later), ['TRUST_STALE']);
  await tie.learn(trust(), later);
  assert.deepEqual(await codesAt(tie, later), ['VALID']);
  // A clock that was put back: what was read lies in its future.
  assert.deepEqual(await codesAt(tie, NOW), ['CLOCK_BEHIND']);
});

test('that it said the same is written down hourly, and what is news at once', async (t) => {
  const { store, tie } = await opened(t);
  const written = async (): Promise<number> => (await store.audit.records()).length;
  await tie.learn(trust(), NOW);
  const before = await written();
  await tie.learn(trust(), NOW + 60);
  assert.equal(await written(), before);
  assert.equal(tie.known?.at, NOW + 60);
  assert.equal((await tieOf(store)).known?.at, NOW);
  await tie.learn(trust(), NOW + HOUR);
  assert.equal(await written(), before + 1);
  await tie.learn(trust('Another name'), NOW + HOUR + 1);
  assert.equal(await written(), before + 2);
  const again = await tieOf(store);
  assert.deepEqual([again.known?.at, again.known?.trust.issuers[0]?.name], [NOW + HOUR + 1, 'Another name']);
  assert.deepEqual(again.view, tie.view);
  assert.deepEqual(again.standing, tie.standing);
  const entries = (await store.audit.records()).flatMap((one) => one.entries);
  assert.equal(entries.filter(({ kind }) => kind === 'registry-learned').length, 2);
});

test('a registry whose parts do not add up decides nothing', async (t) => {
  const { tie } = await opened(t);
  await tie.learn({ ...trust(), jurisdictions: [] }, NOW);
  assert.deepEqual(await codesAt(tie, NOW), ['TRUST_INVALID']);
});
