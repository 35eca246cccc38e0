import assert from 'node:assert/strict';
import { test } from 'node:test';
import { owedAnchor, sightingOf } from '../../../agent/anchoring/anchor-plan.ts';

const root = `0x${'ab'.repeat(32)}`;

test('what the chain lost comes back before anything newer, oldest first', () => {
  const confirmed = [{ counter: 3 }, { counter: 4 }, { counter: 5 }];
  const intended = { counter: 6 };
  assert.deepEqual(owedAnchor(3, { confirmed, intended }), { counter: 4 });
  assert.deepEqual(owedAnchor(4, { confirmed, intended }), { counter: 5 });
  assert.deepEqual(owedAnchor(5, { confirmed, intended }), intended);
  assert.equal(owedAnchor(6, { confirmed, intended }), undefined);
  assert.equal(owedAnchor(9, { confirmed, intended: undefined }), undefined);
});

test('what the chain holds is as known, new, another under the same counter, or gone', () => {
  const known = { counter: 4, root };
  assert.equal(sightingOf(known, known), 'as known');
  assert.equal(sightingOf({ counter: 4, root: root.toUpperCase().replace('0X', '0x') }, known), 'as known');
  assert.equal(sightingOf({ counter: 5, root }, known), 'found');
  assert.equal(sightingOf({ counter: 4, root: '0x00' }, known), 'found');
  assert.equal(sightingOf({ counter: 3, root }, known), 'receded');
  assert.equal(sightingOf({ counter: 0, root: '0x00' }, undefined), 'as known');
});
