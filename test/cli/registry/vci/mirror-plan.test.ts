import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listsOf, planMirror } from '../../../../cli/registry/vci/mirror-plan.ts';
import type { HeldAnchor, MirroredList } from '../../../../cli/registry/vci/mirror-plan.ts';
import { crlRoot } from '../../../../credential/crl.ts';
import type { DirectoryIssuer } from '../../../../verifier/node/vci-directory.ts';
import type { ReplayedTrust } from '../../../../verifier/pipeline/replay.ts';
import type { TrustedIssuer } from '../../../../verifier/pipeline/trust-document.ts';
import { newKey, trustedIssuer, trustedKey } from '../../../support/cards.ts';

const key = newKey();
const ISS = 'https://issuer.example';
const LIST: MirroredList = { issuerId: 1, iss: ISS, kid: key.kid, counter: 2, rids: ['a'] };

function held(counter: number, rids: readonly string[], final = false): HeldAnchor {
  return { counter, root: `0x${Buffer.from(crlRoot(rids)).toString('hex')}`, final };
}

function trustOf(issuer: Partial<TrustedIssuer>): ReplayedTrust {
  return {
    successor: null,
    jurisdictions: [],
    issuers: [trustedIssuer({ id: 1, iss: ISS, ...issuer })],
    keys: [trustedKey(key, { issuer: 1, revocation: 'rids' })],
    venues: [],
    rules: [],
  };
}

test('a list is anchored if its counter rises, published if it agrees with its anchor, else left by name', () => {
  for (const [anchor, isAnchored, isPublished, code] of [
    [held(0, []), true, true, undefined],
    [held(1, ['b']), true, true, undefined],
    [held(2, ['a']), false, true, undefined],
    [held(2, ['a'], true), false, true, undefined],
    [held(2, ['b']), false, false, 'CRL_COUNTER_NOT_RISING'],
    [held(3, ['a']), false, false, 'CRL_OLDER'],
    [held(1, ['a'], true), false, false, 'ANCHOR_FINAL'],
  ] as const) {
    const plan = planMirror([LIST], [anchor]);
    assert.deepEqual([plan.anchors.length === 1, plan.lists.length === 1], [isAnchored, isPublished]);
    assert.equal(plan.notMirrored[0]?.code, code);
  }
});

test('lists of an issuer that cannot anchor are left by name: nothing is tried that would be refused each day', () => {
  const crls = [{ kid: key.kid, counter: 1, rids: ['a'] }];
  const { kid, x, y } = key;
  const directory: DirectoryIssuer[] = [
    { iss: ISS, name: ISS, lastRetrieved: 0, keys: [{ kid, x, y, revocable: true, crls }] },
  ];
  for (const [issuer, code] of [
    [{}, undefined],
    [{ status: 'retired' }, undefined],
    [{ status: 'suspended' }, 'ISSUER_NOT_STANDING'],
    [{ status: 'withdrawn' }, 'ISSUER_NOT_STANDING'],
    [{ held: true }, 'ISSUER_NOT_STANDING'],
    [{ iss: 'https://other.example' }, 'KEY_NOT_REVOCABLE'],
  ] as const) {
    const { lists, notMirrored } = listsOf(directory, trustOf(issuer));
    assert.deepEqual([lists.length, notMirrored[0]?.code], [code === undefined ? 1 : 0, code]);
  }
});

test('a key with 300,000 lists is read', { timeout: 20_000 }, () => {
  const crls = Array.from({ length: 300_000 }, (_, counter) => ({ kid: key.kid, counter, rids: ['a'] }));
  const { kid, x, y } = key;
  const keys = [{ kid, x, y, revocable: true, crls }];
  const { lists } = listsOf([{ iss: ISS, name: ISS, lastRetrieved: 0, keys }], trustOf({}));
  assert.equal(lists[0]?.counter, 299_999);
});
