import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ridFromIndex, StatusList } from '../../../credential/status-list.ts';
import type { CheckResult, Code, Decision, Outcome } from '../../../verifier/pipeline/decision.ts';
import { statusOfKey } from '../../../verifier/pipeline/status-data.ts';
import type { StatusData, TrustDocument, TrustedAnchor } from '../../../verifier/pipeline/trust-document.ts';
import {
  anchoredBits,
  anchoredRids,
  anchoredTrust,
  decide,
  ISSUED,
  mintCard,
  mintPass,
  newKey,
  NOW,
  trustDocument,
  trustedKey,
} from '../../support/cards.ts';

const key = newKey();
const REVOKED_INDEX = 70_000;
const list = new StatusList(1);
list.set(REVOKED_INDEX, true);
const bits = anchoredBits(key, list);

interface Held {
  readonly data?: StatusData | undefined;
  readonly anchor?: TrustedAnchor | undefined;
}

async function decideStatus(
  revocation: 'none' | 'bits' | 'rids',
  card: string,
  { data, anchor }: Held,
  document: Partial<TrustDocument> = {},
): Promise<Decision> {
  return decide(
    card,
    anchoredTrust(
      trustDocument({
        keys: [trustedKey(key, { revocation })],
        anchors: anchor === undefined ? [] : [anchor],
        lists: data === undefined ? [] : [data],
        ...document,
      }),
    ),
  );
}

function answers(decision: Decision, outcome: Outcome, codes: readonly Code[], status: CheckResult): void {
  assert.deepEqual([decision.outcome, decision.codes, decision.checks.status], [outcome, codes, status]);
}

const cardAt = (index: number): string => mintCard(key, { rid: ridFromIndex(index) });
const cardOf = (rid: string | undefined, nbf = ISSUED): string => mintCard(key, { rid, nbf });

// ---------------------------------------------------------------------- bits

test('a card whose bit is off is accepted, one whose bit is on is REVOKED', async () => {
  answers(await decideStatus('bits', cardAt(REVOKED_INDEX - 1), bits), 'accepted', ['VALID'], 'passed');
  answers(await decideStatus('bits', cardAt(REVOKED_INDEX), bits), 'rejected', ['REVOKED'], 'failed');
  answers(await decideStatus('bits', cardAt(REVOKED_INDEX + 1), bits), 'accepted', ['VALID'], 'passed');
});

test('a pass is looked up like a health card', async () => {
  const pass = (index: number): string => mintPass(key, { rid: ridFromIndex(index) });
  answers(await decideStatus('bits', pass(0), bits), 'accepted', ['VALID'], 'passed');
  answers(await decideStatus('bits', pass(REVOKED_INDEX), bits), 'rejected', ['REVOKED'], 'failed');
});

test('REVOKED stands on stale trust data, since newer data cannot undo it', async () => {
  const stale = { takenAt: NOW - 80 * 3600 };
  answers(
    await decideStatus('bits', cardAt(REVOKED_INDEX), bits, stale),
    'rejected',
    ['REVOKED', 'TRUST_STALE'],
    'failed',
  );
});

test('the last index of the list is looked up, the first beyond it is STATUS_STALE', async () => {
  answers(await decideStatus('bits', cardAt(list.length - 1), bits), 'accepted', ['VALID'], 'passed');
  answers(
    await decideStatus('bits', cardAt(list.length), bits),
    'undetermined',
    ['STATUS_STALE'],
    'undetermined',
  );
  answers(
    await decideStatus('bits', cardAt(2 ** 32 - 1), bits),
    'undetermined',
    ['STATUS_STALE'],
    'undetermined',
  );
});

test('a list that is not held, or has no anchor, is STATUS_MISSING', async () => {
  const card = cardAt(1);
  for (const held of [{}, { data: bits.data }, { anchor: bits.anchor }]) {
    answers(await decideStatus('bits', card, held), 'undetermined', ['STATUS_MISSING'], 'undetermined');
  }
});

test('an older list than the anchored one is STATUS_INVALID, not "not revoked"', async () => {
  const older = anchoredBits(key, new StatusList(1)).data;
  answers(
    await decideStatus('bits', cardAt(REVOKED_INDEX), { data: older, anchor: bits.anchor }),
    'undetermined',
    ['STATUS_INVALID'],
    'undetermined',
  );
});

test('another list of the same length and count is STATUS_INVALID: the root decides', async () => {
  const other = new StatusList(1);
  other.set(5, true);
  const held = { data: anchoredBits(key, other).data, anchor: bits.anchor };
  answers(
    await decideStatus('bits', cardAt(REVOKED_INDEX), held),
    'undetermined',
    ['STATUS_INVALID'],
    'undetermined',
  );
});

test('a list of rids under a key with a status list is STATUS_INVALID, though its own root were anchored', async () => {
  const ridOfIndex = ridFromIndex(1);
  const held = anchoredRids(key, ['other']);
  answers(
    await decideStatus('bits', cardOf(ridOfIndex), held),
    'undetermined',
    ['STATUS_INVALID'],
    'undetermined',
  );
});

test('a list whose length or count is not the anchored one is STATUS_INVALID', async () => {
  for (const change of [{ length: 2 * list.length }, { revoked: 2 }, { length: 8 }]) {
    const held = { data: bits.data, anchor: { ...bits.anchor, ...change } };
    answers(await decideStatus('bits', cardAt(1), held), 'undetermined', ['STATUS_INVALID'], 'undetermined');
  }
});

test('a version that the anchor has left behind is STATUS_STALE, whatever it says of the card', async () => {
  const anchor = { ...bits.anchor, counter: 2, root: `0x${'11'.repeat(32)}` };
  for (const card of [cardAt(0), cardAt(1)]) {
    const held = { data: bits.data, anchor };
    answers(await decideStatus('bits', card, held), 'undetermined', ['STATUS_STALE'], 'undetermined');
  }
});

test('a list longer than its anchor says is refused before it is unpacked', async () => {
  const { data } = anchoredBits(key, new StatusList(64));
  answers(
    await decideStatus('bits', cardAt(1), { data, anchor: bits.anchor }),
    'undetermined',
    ['STATUS_INVALID'],
    'undetermined',
  );
});

test('an anchor under another name than the kid is not that of the list, though it be the bytes of the kid', async () => {
  const name = `0x${Buffer.from(key.kid, 'base64url').toString('hex')}`;
  answers(
    await decideStatus('bits', cardAt(1), { data: bits.data, anchor: { ...bits.anchor, list: name } }),
    'undetermined',
    ['STATUS_MISSING'],
    'undetermined',
  );
});

test('a list that is no list, or of the other kind, is STATUS_INVALID', async () => {
  const broken = { kind: 'bits', issuer: 1, kid: key.kid, compact: 'zAEA' } as const;
  const rids = anchoredRids(key, ['abc']).data;
  for (const data of [broken, rids]) {
    answers(
      await decideStatus('bits', cardAt(1), { data, anchor: bits.anchor }),
      'undetermined',
      ['STATUS_INVALID'],
      'undetermined',
    );
  }
});

for (const rid of [undefined, 'AAAAA', 'AAAAAA0', 'AAAAAB', 'MKyCxh7p6uQ']) {
  test(`under a key with a status list a card with the rid ${rid ?? 'none'} is MALFORMED`, async () => {
    answers(await decideStatus('bits', cardOf(rid), bits), 'unreadable', ['MALFORMED'], 'failed');
  });
}

test('what else is wrong with such a card is said as well', async () => {
  const expired = mintCard(key, { rid: 'AAAAA', exp: NOW - 1 });
  const decision = await decideStatus('bits', expired, bits);
  answers(decision, 'unreadable', ['EXPIRED', 'MALFORMED'], 'failed');
  assert.equal(decision.checks.signature, 'passed');
});

// ---------------------------------------------------------------------- rids

const rids = anchoredRids(key, ['plain', `timed.${ISSUED}`, `both.${ISSUED}`, 'both']);

test('a listed rid is REVOKED, another is not', async () => {
  answers(await decideStatus('rids', cardOf('plain'), rids), 'rejected', ['REVOKED'], 'failed');
  answers(await decideStatus('rids', cardOf('other'), rids), 'accepted', ['VALID'], 'passed');
});

test('a timestamp revokes what was issued strictly before it', async () => {
  answers(await decideStatus('rids', cardOf('timed', ISSUED - 0.5), rids), 'rejected', ['REVOKED'], 'failed');
  answers(await decideStatus('rids', cardOf('timed', ISSUED), rids), 'accepted', ['VALID'], 'passed');
  answers(await decideStatus('rids', cardOf('timed', ISSUED + 0.5), rids), 'accepted', ['VALID'], 'passed');
});

test('of two entries for one rid the stricter holds', async () => {
  answers(await decideStatus('rids', cardOf('both', ISSUED + 5), rids), 'rejected', ['REVOKED'], 'failed');
});

test('a card without rid cannot be revoked by a list of rids and is not blocked', async () => {
  answers(await decideStatus('rids', cardOf(undefined), rids), 'accepted', ['VALID'], 'not-offered');
});

test('a missing CRL is STATUS_MISSING, one with another root STATUS_INVALID', async () => {
  answers(
    await decideStatus('rids', cardOf('other'), {}),
    'undetermined',
    ['STATUS_MISSING'],
    'undetermined',
  );
  const shortened = { data: anchoredRids(key, []).data, anchor: rids.anchor };
  answers(
    await decideStatus('rids', cardOf('plain'), shortened),
    'undetermined',
    ['STATUS_INVALID'],
    'undetermined',
  );
});

test('another CRL of the same number of entries is STATUS_INVALID: the root decides', async () => {
  const one = anchoredRids(key, ['plain']);
  const held = { data: anchoredRids(key, ['other']).data, anchor: one.anchor };
  answers(
    await decideStatus('rids', cardOf('plain'), held),
    'undetermined',
    ['STATUS_INVALID'],
    'undetermined',
  );
});

test('an empty CRL that is anchored revokes nothing', async () => {
  const empty = anchoredRids(key, []);
  answers(await decideStatus('rids', cardOf('plain'), empty), 'accepted', ['VALID'], 'passed');
});

// ---------------------------------------------------------------------- none

test('a key that offers no revocation blocks no card, with or without rid', async () => {
  answers(await decideStatus('none', cardOf('some-rid'), {}), 'accepted', ['VALID'], 'not-offered');
  answers(await decideStatus('none', cardOf(undefined), {}), 'accepted', ['VALID'], 'not-offered');
});

// --------------------------------------------------------------------- again

test('a list is unpacked once for all trust data that holds it, and anew when its anchor says something else', () => {
  const held = trustedKey(key, { revocation: 'bits' });
  const terms = { ...bits, mustBeAnchored: true };
  const first = statusOfKey(held, terms);
  assert.equal(first.kind, 'bits');
  assert.equal(statusOfKey(held, terms), first);
  const moved = { ...bits.anchor, counter: 2, root: `0x${'11'.repeat(32)}` };
  const statedAnew = { ...bits.anchor, time: bits.anchor.time + 60 };
  assert.equal(statusOfKey(held, { ...terms, anchor: statedAnew }), first);
  assert.equal(statusOfKey(held, { ...terms, anchor: moved }).kind, 'stale');
  assert.equal(statusOfKey({ ...held, kid: newKey().kid }, terms).kind, 'invalid');
  assert.equal(statusOfKey({ ...held, revocation: 'rids' }, terms).kind, 'invalid');
  assert.equal(statusOfKey(held, { ...terms, anchor: undefined }).kind, 'missing');
  assert.equal(statusOfKey(held, terms).kind, 'bits');
});
