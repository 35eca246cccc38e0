import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  assertHoldsAnchored,
  newList,
  remember,
  rootOf,
  statusListOf,
  type KeyList,
} from '../../agent/key-list.ts';
import { BLOCK_BITS } from '../../credential/status-list.ts';
import { NOW } from './issuer-fixture.ts';

function emptyList(): KeyList {
  const secret = Buffer.alloc(32, 1).toString('base64url');
  return newList('k'.repeat(43), { secret, next: 9, anchored: null });
}

/** A list with so many revocations, of which the chain holds two. */
function listOf(revocations: number, reproducible = true): KeyList {
  const list = emptyList();
  for (let index = 0; index < 2; index++) remember(list, { index, at: NOW, reason: 'error' });
  const root = rootOf(statusListOf(list, 2, BLOCK_BITS));
  list.state.anchored = { counter: 1, length: BLOCK_BITS, revoked: 2, root, reproducible };
  while (list.revocations.length > revocations) list.revocations.pop();
  return list;
}

test('a list that has lost a revocation which the chain holds is damaged', () => {
  assertHoldsAnchored(listOf(2));
  assert.throws(() => assertHoldsAnchored(listOf(1)), { code: 'STORE_DAMAGED' });
  const other = listOf(1);
  remember(other, { index: 7, at: NOW, reason: 'error' });
  assert.throws(() => assertHoldsAnchored(other), { code: 'STORE_DAMAGED' });
});

test('a list that this store never made, or of which nothing is anchored, can have lost nothing', () => {
  assertHoldsAnchored(listOf(0, false));
  assertHoldsAnchored(emptyList());
});
