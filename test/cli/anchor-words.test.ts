import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublishedList } from '../../cli/issuer/anchor-run.ts';
import { listWords, roomWords, standingWords } from '../../cli/issuer/anchor-words.ts';

const LIST: PublishedList = {
  kid: 'k',
  outcome: 'anchored',
  receded: false,
  counter: 4,
  length: 131_072,
  revoked: 2,
  root: '0x',
  block: 9,
  gas: 50_000,
  free: 1,
  short: false,
  file: 'k.list',
  files: ['k.list'],
};

test('a list says what became of it', () => {
  assert.equal(listWords(LIST), 'List k: anchored as counter 4 in block 9, 50000 gas.');
  assert.match(listWords({ ...LIST, receded: true, final: false }), /again.*lost it.*not final yet/);
  assert.equal(listWords({ ...LIST, outcome: 'unchanged' }), 'List k: unchanged, counter 4 on the chain.');
});

test('a list that will be full soon says so', () => {
  assert.deepEqual(roomWords({ free: 900, short: false }), []);
  assert.match(roomWords({ free: 900, short: true }).join(), /room for 900 cards/);
});

test('what did not get through is an alarm with its age; what waits too long is overdue', () => {
  const failing = { since: 1_795_435_300, code: 'CHAIN_UNAVAILABLE', tries: 3 };
  const alarm =
    /^ALARM: nothing reached the chain since 2026-11-23 12:0\d:\d\dZ \(CHAIN_UNAVAILABLE; tried 3 times\)$/;
  assert.match(standingWords({ failing }, true).join(), alarm);
  assert.match(standingWords({ failing, reachedAt: 1_795_435_200 }, true).join(), /12:00:00Z/);
  assert.match(
    standingWords({ failing: { ...failing, code: 'OUTPUT_UNWRITABLE' } }, true).join(),
    /^ALARM: the files/,
  );
  // The lists are on the chain by then.
  const broken = { ...failing, code: 'AUDIT_BROKEN', tries: 1 };
  assert.match(
    standingWords({ failing: broken }, true).join(),
    /^ALARM: the audit log was not anchored .*AUDIT_BROKEN; tried once\)$/,
  );
  assert.deepEqual(standingWords({}, true), []);
  const reachedAt = 1_795_435_200;
  assert.match(standingWords({ reachedAt }, true, reachedAt + 86_400).join(), /^all was on the chain/);
  assert.match(
    standingWords({ reachedAt }, true, reachedAt + 86_401).join(),
    /^OVERDUE, and revocations wait/,
  );
  assert.match(standingWords({ reachedAt }, false, reachedAt + 86_401).join(), /^OVERDUE: /);
});
