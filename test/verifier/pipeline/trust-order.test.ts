import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNewer } from '../../../verifier/pipeline/trust-order.ts';
import { anchorOf, newKey } from '../../support/cards.ts';
import { CHAIN, keyListed, registered, registryLog, statusChanged } from '../registry-events.ts';
import { EVENTS, LOG, stateOf } from '../node/registry-states.ts';

const held = stateOf(LOG, { anchors: [anchorOf('k'.repeat(43), { counter: 5, length: 8, revoked: 1 })] });
const [anchor] = held.anchors;
assert.ok(anchor);
const longer = registryLog(...EVENTS, statusChanged(3));

test('the same state, a later block and a longer log are taken', () => {
  assertNewer(held, held);
  assertNewer({ ...stateOf(LOG, { block: 11 }), anchors: held.anchors }, held);
  assertNewer({ ...stateOf(longer, { block: 11 }), anchors: held.anchors }, held);
});

test('an older block is LOG_OLDER_THAN_HELD, even with a longer log', () => {
  for (const logs of [LOG, longer]) {
    assert.throws(() => assertNewer({ ...stateOf(logs, { block: 9 }), anchors: held.anchors }, held), {
      code: 'LOG_OLDER_THAN_HELD',
    });
  }
});

test('a shorter log is LOG_OLDER_THAN_HELD, even at a later block', () => {
  assert.throws(() => assertNewer(stateOf(LOG.slice(0, 3), { block: 11 }), held), {
    code: 'LOG_OLDER_THAN_HELD',
  });
});

test('a log that does not begin with the held one is LOG_FORKED, of the same length or longer', () => {
  const forked = registryLog(...EVENTS.slice(0, 3), keyListed(newKey(), 2));
  const forkedAndLonger = registryLog(...EVENTS.slice(0, 3), keyListed(newKey(), 2), statusChanged(3));
  const early = registryLog(
    EVENTS[0],
    registered({ name: 'Somebody else' }),
    ...EVENTS.slice(2),
    statusChanged(3),
  );
  for (const logs of [forked, forkedAndLonger, early]) {
    assert.throws(() => assertNewer({ ...stateOf(logs, { block: 11 }), anchors: held.anchors }, held), {
      code: 'LOG_FORKED',
    });
  }
});

test('another registry or chain is STORE_OF_ANOTHER_REGISTRY', () => {
  const { source } = held;
  for (const other of [
    { ...source, chainId: CHAIN.chainId + 1 },
    { ...source, registry: `0x${'11'.repeat(20)}` },
  ]) {
    assert.throws(() => assertNewer({ ...held, source: other }, held), { code: 'STORE_OF_ANOTHER_REGISTRY' });
  }
});

test('an anchor with a lower counter, of an earlier time, or gone, is LOG_OLDER_THAN_HELD', () => {
  const gone = [[], [{ ...anchor, issuer: 2 }]];
  for (const anchors of [...gone, [{ ...anchor, counter: 4 }], [{ ...anchor, time: anchor.time - 1 }]]) {
    assert.throws(() => assertNewer({ ...held, anchors }, held), { code: 'LOG_OLDER_THAN_HELD' });
  }
});

test('an anchor changed under one counter is LOG_FORKED', () => {
  for (const change of [{ root: `0x${'11'.repeat(32)}` }, { length: 16 }, { revoked: 0 }, { final: true }]) {
    assert.throws(() => assertNewer({ ...held, anchors: [{ ...anchor, ...change }] }, held), {
      code: 'LOG_FORKED',
    });
  }
});

test('an anchor that its accreditor states anew, with a later time, is taken', () => {
  assertNewer({ ...held, anchors: [{ ...anchor, time: anchor.time + 1 }] }, held);
});

test('a higher counter and a further anchor are taken, but nothing after a final one', () => {
  const next = { ...anchor, counter: 6, root: `0x${'11'.repeat(32)}` };
  assertNewer({ ...held, anchors: [next, anchorOf('m'.repeat(43), {})] }, held);
  const final = { ...held, anchors: [{ ...next, final: true }] };
  assertNewer(final, held);
  assertNewer(final, final);
  for (const change of [{ final: false }, { counter: 7 }, { counter: 7, final: false }]) {
    const anchors = [{ ...next, final: true, ...change }];
    assert.throws(() => assertNewer({ ...held, anchors }, final), { code: 'LOG_FORKED' });
  }
});
