import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ZeroAddress } from 'ethers';
import { accreditorChanged, codeOf, opened, successorAnnounced, suspended } from '../../registry-events.ts';
import { refusesLast, replayed } from './replayed.ts';
import type { Events } from './replayed.ts';

const OTHER = codeOf('US-NJ');

test('a jurisdiction is opened with its code and name', () => {
  assert.deepEqual(replayed(opened(), opened(OTHER)).jurisdictions, [
    { code: 'US-NO', name: 'State of Nowhere', suspended: false },
    { code: 'US-NJ', name: 'State of Nowhere', suspended: false },
  ]);
});

test('a code of 32 characters is read whole', () => {
  const code = 'A'.repeat(32);
  assert.equal(replayed(opened(codeOf(code))).jurisdictions[0]?.code, code);
});

test('a jurisdiction is suspended, and the suspension lifted, for itself alone', () => {
  const suspensions = (...events: Events): readonly boolean[] =>
    replayed(opened(), opened(OTHER), ...events).jurisdictions.map((each) => each.suspended);
  assert.deepEqual(suspensions(suspended(true)), [true, false]);
  assert.deepEqual(suspensions(suspended(true), suspended(true, OTHER), suspended(false)), [false, true]);
});

test('another accreditor changes nothing that is decided by', () => {
  assert.deepEqual(replayed(opened(), accreditorChanged()), replayed(opened()));
});

test('the last successor that was announced counts, and the zero address takes it back', () => {
  const [first, second] = [`0x${'AA'.repeat(20)}`, `0x${'22'.repeat(20)}`] as const;
  assert.deepEqual(replayed(successorAnnounced(first, 7)).successor, {
    chainId: '7',
    registry: first.toLowerCase(),
  });
  assert.equal(replayed(successorAnnounced(first), successorAnnounced(second)).successor?.registry, second);
  assert.equal(replayed(successorAnnounced(first), successorAnnounced(ZeroAddress)).successor, null);
});

test('the chain id of a successor is exact, however large', () => {
  const { successor } = replayed(successorAnnounced(`0x${'22'.repeat(20)}`, 2n ** 256n - 1n));
  assert.equal(successor?.chainId, String(2n ** 256n - 1n));
});

test('a jurisdiction that was not opened, or opened twice, is refused', () => {
  refusesLast(suspended(true));
  refusesLast(accreditorChanged());
  refusesLast(opened(), suspended(true, OTHER));
  // It would lift the suspension.
  refusesLast(opened(), suspended(true), opened());
});
