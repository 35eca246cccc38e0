import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thumbprint } from '../../../../credential/jwk.ts';
import type { TrustedKey } from '../../../../verifier/pipeline/trust-document.ts';
import { DID, ISS, newKey } from '../../../support/cards.ts';
import type { TestKey } from '../../../support/cards.ts';
import { shortKey } from '../../short-key.ts';
import {
  keyBurned,
  keyCompromised,
  keyListed,
  keyRegistered,
  keyRetired,
  keyRevocationChanged,
  opened,
  registered,
} from '../../registry-events.ts';
import { refusesLast, replayed } from './replayed.ts';
import type { Events } from './replayed.ts';

const key = newKey();
const REVOCATION = { none: 0, bits: 1, rids: 2 } as const;
const issuers = [opened(), registered(), registered({ id: 2, iss: `${ISS}/2`, did: `${DID}:2` })] as const;

/** The keys of the log after these events. */
function keys(...events: Events): readonly TrustedKey[] {
  return replayed(...issuers, ...events).keys;
}

function states(...events: Events): readonly string[] {
  return keys(...events).map(({ issuer, state }) => `${issuer} ${state}`);
}

function refuses(...events: Events): void {
  refusesLast(...issuers, ...events);
}

test('a registered key is projected as it was stated', () => {
  assert.deepEqual(keys(keyRegistered(key)), [
    {
      issuer: 1,
      kid: key.kid,
      x: key.x,
      y: key.y,
      validFrom: 100,
      validUntil: 4_000_000_000,
      state: 'active',
      revocation: 'bits',
      proven: true,
    },
  ]);
});

test('a listed key is not proven, valid from 0, and keeps its short coordinates', () => {
  const short = { kid: key.kid, x: key.x, y: Buffer.from([1, 2, 3]).toString('base64url') };
  const [listed] = keys(keyListed(short, REVOCATION.rids, 1, 5000));
  assert.ok(listed);
  assert.equal(listed.y, 'AQID');
  assert.deepEqual(
    [listed.validFrom, listed.validUntil, listed.proven, listed.revocation],
    [0, 5000, false, 'rids'],
  );
});

test('a retired key ends at its retirement, a compromised one is compromised', () => {
  const [retired] = keys(keyRegistered(key), keyRetired(key, 2500));
  assert.deepEqual([retired?.state, retired?.validUntil], ['retired', 2500]);
  assert.deepEqual(states(keyRegistered(key), keyRetired(key, 2500), keyCompromised(key)), ['1 compromised']);
});

test('a key whose cards could not be revoked gets a way, once', () => {
  for (const to of ['bits', 'rids'] as const) {
    const [changed] = keys(keyListed(key), keyRevocationChanged(key, REVOCATION[to]));
    assert.deepEqual([changed?.revocation, changed?.state], [to, 'active']);
  }
  const [retired] = keys(keyListed(key), keyRetired(key, 5), keyRevocationChanged(key, REVOCATION.rids));
  assert.deepEqual([retired?.revocation, retired?.state], ['rids', 'retired']);
  refuses(keyListed(key), keyRevocationChanged(key, REVOCATION.none));
  refuses(keyListed(key, REVOCATION.bits), keyRevocationChanged(key, REVOCATION.rids));
  refuses(keyListed(key, REVOCATION.bits), keyRevocationChanged(key, REVOCATION.none));
  refuses(keyListed(key), keyRevocationChanged(key, 3));
});

test('one kid may stand under two issuers, and what happens to one leaves the other', () => {
  const both = [keyRegistered(key), keyListed(key, REVOCATION.none, 2)] as const;
  assert.deepEqual(states(...both, keyCompromised(key, 2)), ['1 active', '2 compromised']);
  assert.deepEqual(states(...both, keyRetired(key, 5, 2)), ['1 active', '2 retired']);
});

test('from a theft there is no way back, nor from a retirement to a later end', () => {
  for (const after of [
    keyRetired(key, 2500),
    keyCompromised(key),
    keyRevocationChanged(key, REVOCATION.bits),
    keyRegistered(key),
    keyListed(key),
  ]) {
    refuses(keyListed(key), keyCompromised(key), after);
  }
  refuses(keyListed(key), keyRetired(key, 2500), keyRetired(key, 9999));
  refuses(keyListed(key), keyRetired(key, 2500), keyListed(key));
});

test('a burned key is dead under every issuer and every kid, and no other key is', () => {
  const { full, short } = shortKey();
  const events = [
    keyRegistered(full),
    keyListed(full, REVOCATION.none, 2),
    keyListed(short, REVOCATION.rids, 2),
    keyListed(key, REVOCATION.none, 2),
  ];
  assert.notEqual(full.kid, short.kid);
  assert.deepEqual(states(...events, keyBurned(full)), [
    '1 compromised',
    '2 compromised',
    '2 compromised',
    '2 active',
  ]);
});

test('a burned key stays dead, whatever is said of it, and also one that appears after the burning', () => {
  const { full, short } = shortKey();
  const dead = (...events: Events): void => {
    assert.deepEqual(new Set(keys(...events).map(({ state }) => state)), new Set(['compromised']));
  };
  dead(keyListed(full), keyBurned(full), keyRetired(full, 2500));
  dead(keyListed(full), keyBurned(full), keyRevocationChanged(full, REVOCATION.bits));
  dead(keyListed(full), keyRetired(full, 2500), keyBurned(full));
  dead(keyListed(full), keyCompromised(full), keyBurned(full));
  dead(keyListed(full), keyBurned(full), keyCompromised(full));
  dead(keyBurned(full), keyListed(full), keyListed(short, REVOCATION.none, 2));
});

test('another point with the same x, or the coordinates swapped, is not the burned one', () => {
  const other = newKey();
  for (const twin of [
    { ...key, y: other.y },
    { ...key, x: other.x },
    { ...key, x: key.y, y: key.x },
  ]) {
    const kid = thumbprint(twin);
    assert.deepEqual(states(keyListed(key), keyBurned({ ...twin, kid })), ['1 active']);
  }
});

test('a key that nobody has can be burned', () => {
  assert.deepEqual(states(keyListed(key), keyBurned(newKey())), ['1 active']);
});

test('coordinates of no byte or of 33 are refused', () => {
  const wrong = ['', Buffer.alloc(33, 1).toString('base64url')];
  for (const coordinate of wrong) {
    const bad: Pick<TestKey, 'kid' | 'x' | 'y'> = { kid: key.kid, x: coordinate, y: key.y };
    refuses(keyListed(bad));
    refuses(keyListed({ ...bad, x: key.x, y: coordinate }));
  }
});

test('a way of revoking that does not exist, and a key of nobody, are refused', () => {
  refuses(keyListed(key, 3));
  refuses(keyRegistered(key, 3));
  refuses(keyListed(key, REVOCATION.none, 9));
  refuses(keyRegistered(key, REVOCATION.none, 9));
  for (const about of [
    keyRetired(key, 5),
    keyCompromised(key),
    keyRevocationChanged(key, REVOCATION.bits),
    keyCompromised(key, 2),
  ]) {
    refuses(about);
  }
});
