import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextMove, type SentTransaction, type Situation } from '../../contracts/landing-move.ts';
import { isSane, raised } from '../../contracts/transaction-fees.ts';

const NOW = 1_000_000;
const PATIENCE = 1000;
const USUAL = { max: 100n, tip: 10n };

function sent(nonce: number, ago: number, max = 100): SentTransaction {
  return { nonce, at: NOW - ago, max: String(max), tip: '10', hash: '0x' };
}

function moveOf(situation: Partial<Situation>): ReturnType<typeof nextMove> {
  return nextMove({
    sent: [],
    mined: 5,
    pending: 5,
    usual: USUAL,
    now: NOW,
    progressAt: 0,
    patienceMs: PATIENCE,
    ...situation,
  });
}

test('what was never sent goes behind all that waits', () => {
  assert.deepEqual(moveOf({}), { nonce: 5, fees: USUAL });
  assert.deepEqual(moveOf({ pending: 8 }), { nonce: 8, fees: USUAL });
  // A node that does not count what waits.
  assert.deepEqual(moveOf({ pending: 3 }), { nonce: 5, fees: USUAL });
});

test('what waits for a block is left alone for a while', () => {
  assert.equal(moveOf({ sent: [sent(5, PATIENCE - 1)], pending: 6 }), undefined);
});

test('what hangs is replaced under its nonce, and offers more by what every node asks', () => {
  const move = moveOf({ sent: [sent(5, PATIENCE)], pending: 6 });
  assert.equal(move?.nonce, 5);
  const { max, tip = 0n } = move.fees;
  assert.ok(max * 1000n >= 100n * 1125n && tip * 1000n >= 10n * 1125n);
  // By the last one that was sent, not the first.
  const again = moveOf({ sent: [sent(5, 2 * PATIENCE), sent(5, PATIENCE, 400)], pending: 6 });
  assert.ok((again?.fees.max ?? 0n) >= 450n);
});

test('what is usual by now is offered if that is more', () => {
  const move = moveOf({ sent: [sent(5, PATIENCE)], pending: 6, usual: { max: 900n, tip: 90n } });
  assert.deepEqual(move, { nonce: 5, fees: { max: 900n, tip: 90n } });
});

test('what waits behind another transaction that hangs takes its place', () => {
  const situation = { sent: [sent(7, PATIENCE)], pending: 8 };
  assert.equal(moveOf(situation)?.nonce, 5);
  // But not while the account gets on.
  assert.equal(moveOf({ ...situation, progressAt: NOW - 1 }), undefined);
});

test('what the node does not have any more is sent again with its nonce, as it was', () => {
  assert.deepEqual(moveOf({ sent: [sent(5, PATIENCE)] }), { nonce: 5, fees: USUAL });
  assert.equal(moveOf({ sent: [sent(5, 10)] }), undefined, 'a node may need a moment to count it');
});

test('what waits for a nonce that was dropped fills the gap', () => {
  assert.equal(moveOf({ sent: [sent(7, PATIENCE)], mined: 5, pending: 6 })?.nonce, 6);
});

test('when its nonces went to other transactions it is sent anew', () => {
  const move = moveOf({ sent: [sent(3, 10), sent(4, 10)], mined: 5, pending: 7 });
  assert.deepEqual(move, { nonce: 7, fees: USUAL });
});

test('a clock that was put back does not make it wait for ever', () => {
  assert.equal(moveOf({ sent: [sent(5, -1_000_000)], pending: 6 })?.nonce, 5);
});

test('fees rise, but not beyond what is sane, and nothing rises from nothing', () => {
  assert.deepEqual(raised({ max: 0n }), { max: 0n });
  assert.deepEqual(raised({ max: 1n, tip: 0n }), { max: 2n, tip: 0n });
  assert.equal(isSane({ max: 1600n, tip: 10n }, USUAL), true);
  assert.equal(isSane({ max: 1601n, tip: 10n }, USUAL), false);
  assert.equal(isSane({ max: 0n }, { max: 0n }), true);
});
