import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';

import type { CardRecord } from '../../agent/card-record.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { StatusLedger } from '../../agent/status-ledger.ts';
import { BLOCK_BITS, indexFromRid, StatusList } from '../../credential/status-list.ts';
import { KDF_COST, NOW, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

const KID = 'k'.repeat(43);

interface Fixture {
  ledger: StatusLedger;
  store: IssuerStore;
  reopen: () => Promise<StatusLedger>;
}

async function makeLedger(t: TestContext): Promise<Fixture> {
  const dir = join(await temporaryFolder(t), 'issuer');
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const fixture = { store: await IssuerStore.open(dir, PASSPHRASE) } as Fixture;
  t.after(() => fixture.store.close());
  fixture.ledger = await StatusLedger.open(fixture.store);
  await fixture.store.commit(fixture.ledger.addList(KID));
  fixture.reopen = async () => {
    await fixture.store.close();
    fixture.store = await IssuerStore.open(dir, PASSPHRASE);
    fixture.ledger = await StatusLedger.open(fixture.store);
    return fixture.ledger;
  };
  return fixture;
}

const KEPT = { payloadHash: 'p'.repeat(43), person: 'n'.repeat(22), lots: [] };

async function issue(ledger: StatusLedger, kid = KID): Promise<string> {
  const { index, rid } = await ledger.draw(kid);
  const id = `${kid}.${rid}`;
  await ledger.record({ id, kid, index, rid, profile: 'pass-plus', issuedAt: NOW, ...KEPT });
  return id;
}

test('no index is drawn before a list is anchored, nor beyond its end', async (t) => {
  const { ledger } = await makeLedger(t);
  await assert.rejects(ledger.draw(KID), { code: 'NOT_ANCHORED' });
  await ledger.confirm(KID, ledger.snapshot(KID));
  for (let drawn = 0; drawn < BLOCK_BITS; drawn++) await ledger.draw(KID);
  await assert.rejects(ledger.draw(KID), { code: 'NOT_ANCHORED' });
  assert.equal(ledger.drawn(KID), BLOCK_BITS);
});

test('thousands of indices drawn at once are all different, and tell nothing of their order', async (t) => {
  const { ledger } = await makeLedger(t);
  await ledger.confirm(KID, ledger.snapshot(KID));
  const ids = await Promise.all(Array.from({ length: 5000 }, () => issue(ledger)));
  const indices = ids.map((id) => indexFromRid(id.slice(-6)) ?? -1);
  assert.equal(new Set(indices).size, 5000);
  assert.ok(indices.every((index) => index >= 0 && index < BLOCK_BITS));
  const rising = indices.filter((index, at) => index > (indices[at - 1] ?? index)).length;
  assert.ok(rising > 2000 && rising < 3000, `${rising} of 5000 follow a smaller one`);
});

test('indices that were reserved are spent on disk, whether or not a card comes of them', async (t) => {
  const fixture = await makeLedger(t);
  await assert.rejects(fixture.ledger.reserve(KID, 1), { code: 'NOT_ANCHORED' });
  await fixture.ledger.confirm(KID, fixture.ledger.snapshot(KID));
  const { first, indices } = await fixture.ledger.reserve(KID, 1000);
  assert.deepEqual([first, new Set(indices).size], [0, 1000]);
  await assert.rejects(fixture.ledger.reserve(KID, BLOCK_BITS - 999), { code: 'NOT_ANCHORED' });
  const ledger = await fixture.reopen();
  assert.equal(ledger.drawn(KID), 1000);
  assert.ok(!indices.includes((await ledger.draw(KID)).index));
});

test('after reopening, indices go on where they were', async (t) => {
  const fixture = await makeLedger(t);
  await fixture.ledger.confirm(KID, fixture.ledger.snapshot(KID));
  const ids = new Set<string>();
  for (let round = 0; round < 4; round++) {
    for (const id of await Promise.all(Array.from({ length: 100 }, () => issue(fixture.ledger)))) ids.add(id);
    const ledger = await fixture.reopen();
    assert.equal(ledger.drawn(KID), (round + 1) * 100);
  }
  assert.equal(ids.size, 400);
});

test('a store that has lost its count does not give an index a second time', async (t) => {
  const { store, ledger, reopen } = await makeLedger(t);
  await ledger.confirm(KID, ledger.snapshot(KID));
  const states = store.table<Uint8Array>('lists');
  const before = Buffer.from((await states.get(KID)) ?? []);
  await issue(ledger);
  await store.commit([states.put(KID, before)]);
  const rewound = await reopen();
  await assert.rejects(issue(rewound), { code: 'STORE_DAMAGED' });
});

test('the list grows before it is full', async (t) => {
  const { ledger } = await makeLedger(t);
  assert.equal(ledger.snapshot(KID).length, BLOCK_BITS);
  await ledger.confirm(KID, ledger.snapshot(KID));
  for (let drawn = 0; drawn <= (BLOCK_BITS * 3) / 4; drawn++) await ledger.draw(KID);
  const free = BLOCK_BITS - ledger.drawn(KID);
  assert.deepEqual(ledger.room(KID), { free, short: true });
  const { length, changed } = ledger.snapshot(KID);
  assert.deepEqual([length, changed], [2 * BLOCK_BITS, true]);
  await ledger.confirm(KID, ledger.snapshot(KID));
  assert.deepEqual(ledger.room(KID), { free: free + BLOCK_BITS, short: false });
});

test('a card is revoked once, whoever asks how often, and stays so', async (t) => {
  const fixture = await makeLedger(t);
  const { ledger } = fixture;
  await ledger.confirm(KID, ledger.snapshot(KID));
  const id = await issue(ledger);
  await issue(ledger);
  const answers = await Promise.all([
    ledger.revoke(id, NOW, 'error'),
    ledger.revoke(id.slice(-6), NOW + 5, 'error'),
  ]);
  assert.deepEqual(
    answers.map(({ already, revokedAt }) => [already, revokedAt]),
    [
      [false, NOW],
      [true, NOW],
    ],
  );
  const reopened = await fixture.reopen();
  const { already, revokedAt, index } = await reopened.revoke(id, NOW + 9, 'error');
  assert.deepEqual([already, revokedAt], [true, NOW]);
  assert.equal(reopened.isRevoked(KID, index), true);
  const { list, revoked } = reopened.snapshot(KID);
  assert.deepEqual([list.get(index), list.revoked, revoked], [true, 1, 1]);
});

test('a card that was never issued is unknown', async (t) => {
  const { ledger } = await makeLedger(t);
  for (const unknown of ['AAAAAA', `${KID}.AAAAAA`, '', '.', 'not a card']) {
    await assert.rejects(ledger.revoke(unknown, NOW, 'error'), { code: 'CARD_UNKNOWN' });
  }
});

test('a rid that cards of two keys carry must be said with its key', async (t) => {
  const { ledger, store } = await makeLedger(t);
  const other = 'o'.repeat(43);
  await store.commit(ledger.addList(other));
  const [rid, index] = ['AAAAAA', 0];
  for (const kid of [KID, other]) {
    await ledger.record({ id: `${kid}.${rid}`, kid, index, rid, profile: 'pass', issuedAt: NOW, ...KEPT });
  }
  await assert.rejects(ledger.revoke(rid, NOW, 'error'), { code: 'RID_AMBIGUOUS' });
  assert.equal((await ledger.revoke(`${other}.${rid}`, NOW, 'error')).kid, other);
});

test('the counter rises by one with every anchor and stands in the store', async (t) => {
  const fixture = await makeLedger(t);
  for (const counter of [1, 2, 3]) {
    const snapshot = fixture.ledger.snapshot(KID);
    assert.equal(snapshot.counter, counter);
    assert.deepEqual(await fixture.ledger.confirm(KID, snapshot), { reproducible: true });
    await fixture.reopen();
  }
  assert.equal(fixture.ledger.anchorOf(KID)?.counter, 3);
});

test('the list is published as it was anchored, not as it is by now', async (t) => {
  const { ledger } = await makeLedger(t);
  await ledger.confirm(KID, ledger.snapshot(KID));
  const [first, second] = [await issue(ledger), await issue(ledger)];
  await ledger.revoke(first, NOW, 'error');
  const snapshot = ledger.snapshot(KID);
  await ledger.revoke(second, NOW, 'error');
  await ledger.confirm(KID, snapshot);
  const { list, counter } = ledger.anchoredList(KID);
  assert.deepEqual([list.revoked, counter], [1, 2]);
  assert.equal(`0x${Buffer.from(list.root()).toString('hex')}`, snapshot.root);
  assert.equal(ledger.snapshot(KID).changed, true);
});

test('an anchor that landed while the machine fell over is recognised', async (t) => {
  const fixture = await makeLedger(t);
  await fixture.ledger.confirm(KID, fixture.ledger.snapshot(KID));
  const [first, second] = [await issue(fixture.ledger), await issue(fixture.ledger)];
  await fixture.ledger.revoke(first, NOW, 'error');
  const { counter, length, revoked, root } = fixture.ledger.snapshot(KID);
  await fixture.ledger.revoke(second, NOW, 'error');
  const reopened = await fixture.reopen();
  assert.deepEqual(await reopened.confirm(KID, { counter, length, revoked, root }), { reproducible: true });
  assert.equal(reopened.anchoredList(KID).list.revoked, 1);
});

test('a list that this store never made is neither published nor anchored over', async (t) => {
  const { ledger } = await makeLedger(t);
  const foreign = { counter: 9, length: BLOCK_BITS, revoked: 3, root: `0x${'ab'.repeat(32)}` };
  assert.deepEqual(await ledger.confirm(KID, foreign), { reproducible: false });
  assert.throws(() => ledger.anchoredList(KID), { code: 'ANCHOR_MISMATCH' });
  assert.throws(() => ledger.snapshot(KID), { code: 'REVOCATIONS_MISSING' });
});

test('an anchor older than the last is refused', async (t) => {
  const { ledger } = await makeLedger(t);
  const snapshot = ledger.snapshot(KID);
  await assert.rejects(ledger.confirm(KID, { ...snapshot, counter: 0 }), { code: 'ANCHOR_MISMATCH' });
  await ledger.confirm(KID, { ...snapshot, counter: 5 });
  await assert.rejects(ledger.confirm(KID, { ...snapshot, counter: 4 }), { code: 'ANCHOR_MISMATCH' });
});

test('a stranger who anchors nonsense with the account does not keep the next anchor from coming', async (t) => {
  const fixture = await makeLedger(t);
  await fixture.ledger.confirm(KID, fixture.ledger.snapshot(KID));
  let counter = 1;
  for (const length of [0, BLOCK_BITS + 8, 10 * 2 ** 27, Number.MAX_SAFE_INTEGER]) {
    const nonsense = { counter: ++counter, length, revoked: 0, root: `0x${'ab'.repeat(32)}` };
    assert.deepEqual(await fixture.ledger.confirm(KID, nonsense), { reproducible: false });
    const ledger = await fixture.reopen();
    const next = ledger.snapshot(KID);
    assert.deepEqual([next.counter, next.length, next.changed], [counter + 1, BLOCK_BITS, true]);
    await issue(ledger);
  }
});

test('a store that has lost a revocation which the chain holds does not open', async (t) => {
  const { ledger, store, reopen } = await makeLedger(t);
  await ledger.confirm(KID, ledger.snapshot(KID));
  await ledger.revoke(await issue(ledger), NOW, 'error');
  await ledger.confirm(KID, ledger.snapshot(KID));
  await store.commit([store.table('revocations').del(`${KID}.0000000000`)]);
  await assert.rejects(reopen(), { code: 'AUDIT_BROKEN' });
});

test('a list of an unknown key is refused everywhere', async (t) => {
  const { ledger } = await makeLedger(t);
  const unknown = 'u'.repeat(43);
  await assert.rejects(ledger.draw(unknown), { code: 'KEY_UNKNOWN' });
  assert.throws(() => ledger.snapshot(unknown), { code: 'KEY_UNKNOWN' });
  assert.throws(() => ledger.anchoredList(unknown), { code: 'KEY_UNKNOWN' });
  await assert.rejects(ledger.confirm(unknown, { counter: 1, length: BLOCK_BITS, revoked: 0, root: '0x' }), {
    code: 'KEY_UNKNOWN',
  });
});

test('a card whose record tells the place of another one is not revoked, and neither is that one', async (t) => {
  const { ledger, store } = await makeLedger(t);
  await ledger.confirm(KID, ledger.snapshot(KID));
  const [id, other] = [await issue(ledger), await issue(ledger)];
  const cards = store.table<CardRecord>('cards');
  const [card, another] = [await cards.get(id), await cards.get(other)];
  assert.ok(card !== undefined && another !== undefined);
  for (const wrong of [
    { index: another.index },
    { id: other },
    { rid: another.rid },
    { kid: 'o'.repeat(43) },
  ]) {
    await store.commit([cards.put(id, { ...card, ...wrong })]);
    await assert.rejects(ledger.revoke(id, NOW, 'error'), { code: 'STORE_DAMAGED' });
  }
  assert.equal(ledger.snapshot(KID).revoked, 0);
  await store.commit([cards.put(id, card)]);
  assert.equal((await ledger.revoke(id, NOW, 'error')).index, card.index);
});

test('however many revocations are taken over, no record of the log tells more than a thousand of them', async (t) => {
  const { ledger, store, reopen } = await makeLedger(t);
  const list = new StatusList(1);
  for (let index = 0; index < 2500; index++) list.set(index, true);
  const root = `0x${Buffer.from(list.root()).toString('hex')}`;
  await ledger.learn(KID, { counter: 1, length: BLOCK_BITS, revoked: 2500, root });
  assert.equal(await ledger.adopt(KID, list, NOW), 2500);
  const told: number[] = [];
  for (const { writes } of (await store.audit.records()).slice(-10)) told.push(writes.length);
  assert.deepEqual(told.slice(-4), [1000, 1000, 500, 1]);
  assert.deepEqual((await reopen()).anchoredList(KID).list.root(), list.root());
});
