import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importEs256Key } from '../../../../../credential/es256-node.ts';
import { signBundle } from '../../../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../../../verifier/node/exporter-key.ts';
import type { RawLog } from '../../../../../verifier/pipeline/registry-log.ts';
import type { TrustDocument } from '../../../../../verifier/pipeline/trust-document.ts';
import { SPECIMEN_KIDS } from '../../../../../verifier/web/parts/specimen.ts';
import { openAnswers, raisedFloor } from '../../../../../verifier/web/parts/trust/held-trust.ts';
import type { VenueAnswers } from '../../../../../verifier/web/parts/trust/venue-answers.ts';
import {
  anchorOf,
  newKey,
  NOW,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../../../../support/cards.ts';
import { stateOf } from '../../../node/registry-states.ts';
import { keyListed, opened, registered, registryLog, statusChanged } from '../../../registry-events.ts';

const key = newKey();
const EVENTS = [opened(), registered(), keyListed(key)] as const;
const LOG = registryLog(...EVENTS);

function answersOf(
  content: Partial<TrustDocument> & { logs?: readonly RawLog[]; block?: number },
  more: Partial<VenueAnswers> = {},
): VenueAnswers {
  const { logs = LOG, block = 10, ...document } = content;
  const { source, takenAt } = stateOf(logs, { block });
  return {
    bundle: signBundle(trustDocument({ source, takenAt, ...document }), oneTimeExporterKey()),
    log: logs,
    anchored: true,
    terms: { rules: 'none', allowUnanchored: false, policy: undefined, ruleFiles: [] },
    lists: { all: 0, current: 0 },
    askedAt: NOW,
    clockAhead: 0,
    ...more,
  };
}

const open = async (answers: VenueAnswers): ReturnType<typeof openAnswers> =>
  openAnswers(answers, importEs256Key);

test('who is trusted is what the log says, whatever the bundle adds', async () => {
  const added = trustedKey(newKey(), { validFrom: 0, validUntil: 0 });
  const { trust } = await open(answersOf({ keys: [added], issuers: [trustedIssuer({ name: 'Another' })] }));
  assert.deepEqual(
    trust.document.keys.map(({ kid }) => kid),
    [key.kid],
  );
  assert.equal(trust.document.issuers[0]?.name, 'Health department of Nowhere');
});

test('what the bundle takes away, as events that are not final do, counts', async () => {
  const { trust } = await open(answersOf({ issuers: [trustedIssuer({ status: 'suspended' })] }));
  assert.equal(trust.document.issuers[0]?.status, 'suspended');
});

test('a log that leads elsewhere than to the bundle’s head is HEAD_MISMATCH', async () => {
  for (const log of [LOG.slice(0, 2), registryLog(...EVENTS, statusChanged(3))]) {
    await assert.rejects(open({ ...answersOf({}), log }), { code: 'HEAD_MISMATCH' });
  }
});

test('a bundle that was changed after it was signed is refused', async () => {
  const { bundle, ...answers } = answersOf({});
  const [header = '', , signature = ''] = bundle.split('.');
  const payload = answersOf({ takenAt: NOW + 1000 }).bundle.split('.')[1] ?? '';
  await assert.rejects(open({ ...answers, bundle: [header, payload, signature].join('.') }), {
    name: 'TrustError',
  });
});

test('keys of specimens are nobody’s, whoever lists them', async () => {
  const [kid = ''] = SPECIMEN_KIDS;
  const answers = answersOf(
    { source: { kind: 'unanchored', origin: 'x' }, keys: [trustedKey({ ...key, kid })] },
    { log: null },
  );
  const { trust } = await open(answers);
  assert.deepEqual(trust.document.keys, []);
});

test('data is anchored only if the node says so and it comes from a chain', async () => {
  assert.equal((await open(answersOf({}))).trust.anchored, true);
  assert.equal((await open(answersOf({}, { anchored: false }))).trust.anchored, false);
  const unanchored = answersOf({ source: { kind: 'unanchored', origin: 'x' } }, { log: null });
  assert.equal((await open(unanchored)).trust.anchored, false);
});

test('the floor only rises: older logs, blocks, anchors and moments are LOG_OLDER_THAN_HELD', async () => {
  const anchor = anchorOf(key.kid, { counter: 5 });
  const longer = registryLog(...EVENTS, statusChanged(3));
  const floor = raisedFloor(
    await open(answersOf({ logs: longer, block: 20, anchors: [anchor] })),
    undefined,
    NOW,
  );
  for (const older of [
    answersOf({ logs: LOG, block: 30, anchors: [anchor] }),
    answersOf({ logs: longer, block: 19, anchors: [anchor] }),
    answersOf({ logs: longer, block: 20, anchors: [{ ...anchor, counter: 4 }] }),
    answersOf({ logs: longer, block: 20, anchors: [] }),
    answersOf({ logs: longer, block: 20, anchors: [anchor], takenAt: NOW - 1 }),
    answersOf({ source: { kind: 'unanchored', origin: 'x' } }, { log: null }),
  ]) {
    const held = await open(older);
    assert.throws(() => raisedFloor(held, floor, NOW), { code: 'LOG_OLDER_THAN_HELD' });
  }
  const same = await open(answersOf({ logs: longer, block: 20, anchors: [anchor] }));
  assert.deepEqual(raisedFloor(same, floor, NOW), floor);
});

test('another history and another registry are refused', async () => {
  const floor = raisedFloor(await open(answersOf({ block: 20 })), undefined, NOW);
  const forked = answersOf({ logs: registryLog(...EVENTS.slice(0, 2), keyListed(newKey())), block: 30 });
  const next = await open(forked);
  assert.throws(() => raisedFloor(next, floor, NOW), { code: 'LOG_FORKED' });
  const elsewhere = { ...floor, source: floor.source && { ...floor.source, chainId: 1 } };
  assert.throws(() => raisedFloor(next, elsewhere, NOW), { code: 'STORE_OF_ANOTHER_REGISTRY' });
});

test('a node whose clock was ahead does not shut the page out once it is set right', async () => {
  const floor = raisedFloor(await open(answersOf({ takenAt: NOW + 86_400 })), undefined, NOW);
  assert.equal(floor.takenAt, NOW);
  const right = await open(answersOf({ takenAt: NOW + 60 }));
  assert.equal(raisedFloor(right, floor, NOW + 60).takenAt, NOW + 60);
});
