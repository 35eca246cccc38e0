import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { markRestored } from '../../agent/backup/restored-marks.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { restoreStore } from '../../agent/store-making.ts';
import { StatusLedger } from '../../agent/status-ledger.ts';
import { BLOCK_BITS, ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { KDF_COST, NOW, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

const KID = 'k'.repeat(43);
const OTHER = 'o'.repeat(43);
const KEPT = { payloadHash: 'p'.repeat(43), person: 'n'.repeat(22), lots: [] };

interface Fixture {
  readonly ledger: StatusLedger;
  readonly restored: StatusLedger;
  readonly reopen: () => Promise<StatusLedger>;
}

async function issue(ledger: StatusLedger, kid = KID): Promise<string> {
  const { index, rid } = await ledger.draw(kid);
  const id = `${kid}.${rid}`;
  await ledger.record({ id, kid, index, rid, profile: 'pass-plus', issuedAt: NOW, ...KEPT });
  return id;
}

async function indexOf(ledger: StatusLedger, kid = KID): Promise<number> {
  return (await ledger.draw(kid)).index;
}

/** A ledger, and one as it is restored from what that one held after `before`. */
async function makeRestored(
  t: TestContext,
  before: (ledger: StatusLedger) => Promise<void> = async () => undefined,
): Promise<Fixture> {
  const folder = await temporaryFolder(t);
  const [dir, copy] = [join(folder, 'issuer'), join(folder, 'copy')];
  await IssuerStore.create(dir, PASSPHRASE, () => [], KDF_COST, await storeTerms());
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  const ledger = await StatusLedger.open(store);
  await store.commit([...ledger.addList(KID), ...ledger.addList(OTHER)]);
  await before(ledger);
  const restored = {
    envelope: await envelopeOf(dir),
    box: store.box,
    records: () => store.records(),
    mark: async (made: IssuerStore) => void (await markRestored(made)),
  };
  await restoreStore(copy, restored, await storeTerms());
  let open = await IssuerStore.open(copy, PASSPHRASE);
  t.after(() => open.close());
  const reopen = async (): Promise<StatusLedger> => {
    await open.close();
    open = await IssuerStore.open(copy, PASSPHRASE);
    return StatusLedger.open(open);
  };
  return { ledger, restored: await StatusLedger.open(open), reopen };
}

async function envelopeOf(dir: string): Promise<string> {
  return readFile(join(dir, 'envelope.json'), 'utf8');
}

async function anchor(ledger: StatusLedger): Promise<ReturnType<StatusLedger['snapshot']>> {
  const snapshot = ledger.snapshot(KID);
  await ledger.confirm(KID, snapshot);
  return snapshot;
}

test('a restored list gives no index away until an anchor of ours lands behind the one that was read', async (t) => {
  const { ledger, restored, reopen } = await makeRestored(t, async (old) => void (await anchor(old)));
  const since = new Set([await indexOf(ledger), await indexOf(ledger)]);
  const onChain = ledger.anchorOf(KID);
  assert.ok(onChain);
  await assert.rejects(restored.draw(KID), { code: 'RESTORED' });
  await assert.rejects(restored.reserve(KID, 5), { code: 'RESTORED' });
  await restored.learn(KID, onChain);
  await assert.rejects(restored.draw(KID), { code: 'RESTORED' });

  const reopened = await reopen();
  assert.equal(reopened.isRestored(KID), true);
  const next = reopened.snapshot(KID);
  assert.deepEqual([next.changed, next.counter, next.length], [true, 2, 2 * BLOCK_BITS]);
  await reopened.confirm(KID, next);
  assert.equal(reopened.isRestored(KID), false);
  for (let drawn = 0; drawn < 1000; drawn++) {
    const index = await indexOf(reopened);
    assert.ok(index >= BLOCK_BITS && !since.has(index));
  }
  // What was skipped is skipped for good.
  assert.ok((await indexOf(await reopen())) >= BLOCK_BITS);
});

test('a node that lags behind the chain costs indices, and gives none away twice', async (t) => {
  const { ledger, restored } = await makeRestored(t, async (old) => void (await anchor(old)));
  const stale = ledger.anchorOf(KID);
  assert.ok(stale);
  for (let drawn = 0; drawn < BLOCK_BITS; drawn++) await ledger.draw(KID);
  const newest = await anchor(ledger);
  const since = new Set(await Promise.all(Array.from({ length: 1000 }, async () => indexOf(ledger))));
  // The list that it would anchor next is the very one that the old folder anchored.
  await restored.learn(KID, stale);
  assert.equal(restored.snapshot(KID).root, newest.root);
  await restored.learn(KID, newest);
  await restored.confirm(KID, restored.snapshot(KID));
  for (let drawn = 0; drawn < 1000; drawn++) assert.ok(!since.has(await indexOf(restored)));
});

test('a node that is behind the backup itself is refused', async (t) => {
  const { ledger, restored } = await makeRestored(t, async (old) => {
    await anchor(old);
    await anchor(old);
  });
  const { root, length } = ledger.snapshot(KID);
  for (const counter of [0, 1]) {
    await assert.rejects(restored.learn(KID, { counter, root, length, revoked: 0 }), {
      code: 'ANCHOR_MISMATCH',
    });
  }
});

test('an anchor of a restored list that landed without having been read before only raises the count', async (t) => {
  const { ledger, restored } = await makeRestored(t);
  const mine = await anchor(ledger);
  await restored.confirm(KID, mine);
  assert.equal(restored.isRestored(KID), true);
  await restored.confirm(KID, restored.snapshot(KID));
  assert.equal(restored.isRestored(KID), false);
  assert.ok((await indexOf(restored)) >= mine.length);
});

test('a list that was never anchored goes on from its beginning', async (t) => {
  const { restored } = await makeRestored(t);
  await restored.learn(OTHER, { counter: 0, length: 0, revoked: 0, root: `0x${'00'.repeat(32)}` });
  assert.equal(restored.isRestored(OTHER), true);
  await restored.confirm(OTHER, restored.snapshot(OTHER));
  assert.equal(restored.drawn(OTHER), 0);
  await restored.draw(OTHER);
});

test('revocations that the chain holds come back from the published list, and nothing is anchored without them', async (t) => {
  const { ledger, restored, reopen } = await makeRestored(t, async (old) => {
    await anchor(old);
    await old.revoke(await issue(old), NOW, 'error');
  });
  const ids = [await issue(ledger), await issue(ledger), await issue(ledger)];
  for (const id of ids.slice(0, 2)) await ledger.revoke(id, NOW, 'fraud');
  const { list, ...anchored } = await anchor(ledger);
  await restored.learn(KID, anchored);
  assert.throws(() => restored.snapshot(KID), { code: 'REVOCATIONS_MISSING' });
  assert.equal(restored.lacking(KID)?.counter, anchored.counter);

  const another = list.copy();
  const [first = 0] = list.indices();
  another.toggle(first);
  for (const free of [0, 1, 2, 3]) if (another.revoked < list.revoked) another.set(free, true);
  assert.equal(another.revoked, list.revoked);
  await assert.rejects(restored.adopt(KID, another, NOW), { code: 'ANCHOR_MISMATCH' });
  await assert.rejects(restored.adopt(KID, new StatusList(1), NOW), { code: 'ANCHOR_MISMATCH' });
  await assert.rejects(restored.adopt(OTHER, list, NOW), { code: 'ANCHOR_MISMATCH' });
  assert.throws(() => restored.snapshot(KID), { code: 'REVOCATIONS_MISSING' });

  assert.equal(await restored.adopt(KID, list, NOW), 2);
  assert.equal(await restored.adopt(KID, list, NOW), 0);
  // The anchored version can be made again, so it can be published.
  assert.deepEqual(restored.anchoredList(KID).list.root(), list.root());
  const next = (await reopen()).snapshot(KID);
  assert.deepEqual([next.counter, next.revoked], [anchored.counter + 1, 3]);
  for (const index of list.indices()) assert.equal(next.list.get(index), true);
});

test('cards revoked after the restore and before the chain was read stay revoked beside those of the chain', async (t) => {
  const own: string[] = [];
  const { ledger, restored, reopen } = await makeRestored(t, async (old) => {
    await anchor(old);
    own.push(await issue(old), await issue(old));
  });
  await ledger.revoke(await issue(ledger), NOW, 'fraud');
  await ledger.revoke(own[0] ?? '', NOW, 'error');
  const { list, ...anchored } = await anchor(ledger);

  await restored.revoke(own[1] ?? '', NOW, 'fraud');
  await restored.learn(KID, anchored);
  assert.equal(await restored.adopt(KID, list, NOW), 2);
  assert.throws(() => restored.anchoredList(KID), { code: 'ANCHOR_MISMATCH' });
  const reopened = await reopen();
  const next = await anchor(reopened);
  assert.equal(next.revoked, 3);
  for (const index of list.indices()) assert.equal(next.list.get(index), true);
  assert.deepEqual(reopened.anchoredList(KID).list.root(), next.list.root());
  assert.equal((await reopened.revoke(own[0] ?? '', NOW, 'error')).reason, 'restored');
});

test('a folder that was copied back by hand is found out by the chain', async (t) => {
  // A copy is a restored store without its marks.
  const { ledger, restored } = await makeRestored(t, async (old) => void (await anchor(old)));
  await restored.learn(KID, ledger.snapshot(KID));
  await restored.confirm(KID, restored.snapshot(KID));
  assert.equal(restored.isRestored(KID), false);
  const foreign = new StatusList(4);
  foreign.toggle(7);
  const root = `0x${Buffer.from(foreign.root()).toString('hex')}`;
  await restored.learn(KID, { counter: 9, length: foreign.length, revoked: 1, root });
  assert.throws(() => restored.snapshot(KID), { code: 'REVOCATIONS_MISSING' });
  await assert.rejects(restored.draw(KID), { code: 'NOT_ANCHORED' });
  await restored.adopt(KID, foreign, NOW);
  await restored.confirm(KID, restored.snapshot(KID));
  assert.ok((await indexOf(restored)) >= foreign.length);
});

test('a card whose record was lost is revoked by its id, by its rid if only one key may have it', async (t) => {
  const { ledger, restored } = await makeRestored(t, async (old) => void (await anchor(old)));
  const [id, second] = [await issue(ledger), await issue(ledger)];
  await assert.rejects(restored.revoke(id, NOW, 'error'), { code: 'CARD_UNKNOWN' });
  const onChain = ledger.anchorOf(KID);
  assert.ok(onChain);
  await restored.learn(KID, onChain);
  assert.deepEqual(await restored.revoke(id, NOW, 'error'), {
    ...(await ledger.revoke(id, NOW, 'error')),
    already: false,
  });
  assert.equal((await restored.revoke(second.slice(-6), NOW, 'error')).id, second);
  assert.equal((await restored.revoke(second, NOW, 'error')).already, true);
  // Beyond what may have been issued there is no card.
  for (const none of [`${KID}.${ridFromIndex(BLOCK_BITS)}`, `${OTHER}.${id.slice(-6)}`, `${KID}.x`, 'x']) {
    await assert.rejects(restored.revoke(none, NOW, 'error'), { code: 'CARD_UNKNOWN' });
  }
});

test('a rid that a known card has and a lost one may have must be said with its key', async (t) => {
  let known = '';
  const { ledger, restored } = await makeRestored(t, async (old) => {
    await anchor(old);
    await old.confirm(OTHER, old.snapshot(OTHER));
    known = await issue(old, OTHER);
  });
  const onChain = ledger.anchorOf(KID);
  assert.ok(onChain);
  await restored.learn(KID, onChain);
  await assert.rejects(restored.revoke(known.slice(-6), NOW, 'error'), { code: 'RID_AMBIGUOUS' });
  assert.equal((await restored.revoke(known, NOW, 'error')).kid, OTHER);
});

test('a stranger who anchors nonsense with the account takes no index from a restored list', async (t) => {
  const { restored } = await makeRestored(t, async (old) => void (await anchor(old)));
  const root = `0x${'ab'.repeat(32)}`;
  let counter = 1;
  for (const length of [BLOCK_BITS + 8, 10 * 2 ** 27, Number.MAX_SAFE_INTEGER]) {
    await restored.learn(KID, { counter: ++counter, length, revoked: 0, root });
    assert.equal(restored.drawn(KID), BLOCK_BITS);
  }
  await restored.confirm(KID, { counter: ++counter, length: Number.MAX_SAFE_INTEGER, revoked: 0, root });
  assert.equal(restored.drawn(KID), BLOCK_BITS);
});

test('after a restore no list is anchored over, whoever says that it is a stranger’s', async (t) => {
  const { ledger, restored, reopen } = await makeRestored(t, async (old) => void (await anchor(old)));
  await ledger.revoke(await issue(ledger), NOW, 'fraud');
  await anchor(ledger);
  const onChain = ledger.anchorOf(KID);
  assert.ok(onChain);
  await restored.learn(KID, onChain);
  assert.equal(await restored.disown(KID), false);
  for (const each of [restored, await reopen()]) {
    assert.throws(() => each.snapshot(KID), { code: 'REVOCATIONS_MISSING' });
  }
});
