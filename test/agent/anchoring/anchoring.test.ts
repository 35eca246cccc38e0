import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeldAnchor } from '../../../agent/anchoring/anchoring.ts';
import { openIssuer } from '../../../agent/issuer-folder.ts';
import type { Issuer } from '../../../agent/issuer.ts';
import type { ListAnchor } from '../../../agent/key-list.ts';
import { BLOCK_BITS } from '../../../credential/status-list.ts';
import { makeIssuer, NOW, PASSPHRASE, sampleBundle } from '../issuer-fixture.ts';

const NOTHING: HeldAnchor = { counter: 0, length: 0, revoked: 0, root: `0x${'0'.repeat(64)}`, time: 0 };
const CHANGED = { room: 0, unchanged: 'never' } as const;
const SENT = [{ nonce: 7, at: 1, max: '100', tip: '1' }];

function held(anchor: ListAnchor | undefined, time = NOW): HeldAnchor {
  assert.ok(anchor !== undefined);
  const { counter, length, revoked, root } = anchor;
  return { counter, length, revoked, root, time };
}

async function revokeOne(issuer: Issuer): Promise<void> {
  const { id } = await issuer.issuePlus(sampleBundle('immunization'), { now: NOW });
  await issuer.revoke(id);
}

test('what was to be anchored stays the same, whatever is revoked meanwhile, until the chain holds it', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  const first = held(issuer.anchorOf(kid));
  await revokeOne(issuer);
  const due = await issuer.anchoring.due(kid, first, CHANGED, NOW);
  assert.deepEqual([due?.counter, due?.revoked], [2, 1]);
  await issuer.anchoring.recordSent(kid, 2, SENT);
  await revokeOne(issuer);
  assert.deepEqual(await issuer.anchoring.due(kid, first, CHANGED, NOW), due);
  await issuer.close();

  const again = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => again.close());
  assert.deepEqual(await again.anchoring.due(kid, first, CHANGED, NOW), due);
  assert.deepEqual(again.anchoring.sent(kid, 2), SENT);
  assert.equal(await again.anchoring.saw(kid, held(due)), 'found');
  const next = await again.anchoring.due(kid, held(due), CHANGED, NOW);
  assert.deepEqual([next?.counter, next?.revoked], [3, 2]);
  assert.deepEqual(again.anchoring.sent(kid, 3), []);
});

test('a list that did not change is due when it was never anchored, is asked for, or its anchor is too old', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const now = held(issuer.anchorOf(kid));
  const { anchoring } = issuer;
  const next = (unchanged: Parameters<typeof anchoring.next>[2]['unchanged'], at = NOW): number | undefined =>
    anchoring.next(kid, now, { room: 0, unchanged }, at)?.counter;
  assert.equal(next('never'), undefined);
  assert.equal(next('always'), 2);
  assert.equal(next({ olderThan: 3600 }, NOW + 3599), undefined);
  assert.equal(next({ olderThan: 3600 }, NOW + 3600), 2);
});

test('what the chain lost is sent again as it was, and no card is issued beyond what it holds meanwhile', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { anchoring } = issuer;
  const first = held(issuer.anchorOf(kid));
  await revokeOne(issuer);
  const second = held(await anchoring.due(kid, first, CHANGED, NOW));
  await anchoring.recordSent(kid, 2, SENT);
  await anchoring.saw(kid, second);
  await revokeOne(issuer);
  await anchoring.due(kid, second, CHANGED, NOW);

  assert.equal(await anchoring.saw(kid, NOTHING), 'receded');
  await assert.rejects(issuer.issuePlus(sampleBundle('immunization'), { now: NOW }), {
    code: 'NOT_ANCHORED',
  });
  assert.deepEqual(issuer.roomOf(kid), { free: 0, short: true });
  assert.equal((await anchoring.due(kid, NOTHING, CHANGED, NOW))?.root, first.root);
  assert.equal(await anchoring.saw(kid, first), 'receded');
  const lost = await anchoring.due(kid, first, CHANGED, NOW);
  assert.deepEqual([lost?.counter, lost?.root, lost?.revoked], [2, second.root, 1]);
  assert.deepEqual(anchoring.sent(kid, 2), SENT, 'what was sent for it may land by itself');

  await anchoring.saw(kid, NOTHING);
  assert.equal(await anchoring.saw(kid, second), 'as known');
  await issuer.issuePlus(sampleBundle('immunization'), { now: NOW });
  const { counter, revoked } = held(await anchoring.due(kid, second, CHANGED, NOW));
  assert.deepEqual([counter, revoked], [3, 2]);
});

test('that the chain went back is known after the process ended', async (t) => {
  const { issuer, kid, dir } = await makeIssuer(t);
  await issuer.anchoring.saw(kid, NOTHING);
  await issuer.close();
  const again = await openIssuer({ dir, passphrase: PASSPHRASE, clock: () => NOW });
  t.after(() => again.close());
  assert.equal(again.roomOf(kid).free, 0);
});

test('another list under the counter of ours is counted on from, and ours comes after it', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { anchoring } = issuer;
  const foreign = { ...held(issuer.anchorOf(kid)), revoked: 3, root: `0x${'cd'.repeat(32)}` };
  assert.equal(await anchoring.saw(kid, foreign), 'found');
  await assert.rejects(issuer.publishStatus(kid, t.name), { code: 'ANCHOR_MISMATCH' });
  const next = await anchoring.due(kid, foreign, CHANGED, NOW);
  assert.deepEqual([next?.counter, next?.revoked, next?.length], [2, 0, BLOCK_BITS]);
});

test('what was sent is kept only for what is due', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  await assert.rejects(issuer.anchoring.recordSent(kid, 9, SENT), { code: 'NOT_ANCHORED' });
});

test('what nobody asks for any more is not kept', async (t) => {
  const { issuer, kid } = await makeIssuer(t);
  const { anchoring } = issuer;
  let seen = held(issuer.anchorOf(kid));
  for (let round = 0; round < 3; round++) {
    seen = held(await anchoring.due(kid, seen, { room: 0, unchanged: 'always' }, NOW));
    await anchoring.recordSent(kid, seen.counter, SENT);
    await anchoring.saw(kid, seen);
  }
  assert.deepEqual(
    [2, 3, 4].map((counter) => anchoring.sent(kid, counter).length),
    [0, 0, 1],
  );
});

test('a failure is kept from its first time on, until everything is on the chain', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  const { standing } = issuer.anchoring;
  await standing.reached(NOW, { k: 1 });
  await standing.failed(NOW + 5, 'CHAIN_UNAVAILABLE');
  await standing.failed(NOW + 9, 'TRANSACTION_PENDING');
  const failing = { since: NOW + 5, code: 'TRANSACTION_PENDING', tries: 2 };
  await issuer.close();
  const again = await openIssuer({ dir, passphrase: PASSPHRASE });
  t.after(() => again.close());
  assert.deepEqual(again.anchoring.standing.now, { reachedAt: NOW, final: { k: 1 }, failing });
  await again.anchoring.standing.reached(NOW + 20, undefined);
  assert.deepEqual(again.anchoring.standing.now, { reachedAt: NOW + 20 });
});
