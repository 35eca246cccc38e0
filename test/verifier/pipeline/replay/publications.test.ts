import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ZeroHash } from 'ethers';
import {
  codeOf,
  opened,
  rulesPublished,
  venueRegistered,
  venueRenamed,
  venueStatusChanged,
} from '../../registry-events.ts';
import { refusesLast, replayed } from './replayed.ts';
import type { Events } from './replayed.ts';

const OTHER = codeOf('US-NJ');
const VENUE = {
  id: 1,
  did: 'did:web:arena.example',
  name: 'Arena',
  jurisdiction: 'US-NO',
  status: 'active',
} as const;

test('a venue is registered, renamed, suspended, let in again and withdrawn', () => {
  const venue = (...events: Events): unknown => replayed(opened(), venueRegistered(), ...events).venues[0];
  assert.deepEqual(venue(), VENUE);
  assert.deepEqual(venue(venueRenamed('Hall')), { ...VENUE, name: 'Hall' });
  assert.deepEqual(venue(venueStatusChanged(2)), { ...VENUE, status: 'suspended' });
  assert.deepEqual(venue(venueStatusChanged(2), venueStatusChanged(1)), VENUE);
  assert.deepEqual(venue(venueStatusChanged(3), venueRenamed('Hall')), {
    ...VENUE,
    name: 'Hall',
    status: 'withdrawn',
  });
});

test('a venue stands under each jurisdiction that registers it, for each by itself', () => {
  const both = [opened(), opened(OTHER), venueRegistered(), venueRegistered({ id: 2, jurisdiction: OTHER })];
  assert.deepEqual(replayed(...both, venueStatusChanged(3, 2)).venues, [
    VENUE,
    { ...VENUE, id: 2, jurisdiction: 'US-NJ', status: 'withdrawn' },
  ]);
});

test('a venue comes from no end and from nowhere', () => {
  for (const to of [0, 1, 2, 3]) {
    refusesLast(opened(), venueRegistered(), venueStatusChanged(3), venueStatusChanged(to));
  }
  for (const none of [0, 4, 255]) refusesLast(opened(), venueRegistered(), venueStatusChanged(none));
  refusesLast(opened(), venueRegistered(), venueStatusChanged(3), venueRegistered());
  refusesLast(opened(), venueRegistered({ jurisdiction: OTHER }));
  refusesLast(opened(), venueRenamed('Hall'));
  refusesLast(opened(), venueStatusChanged(2));
});

const DIGEST = `0x${'12'.repeat(32)}`;

test('every version of a rule set stays listed, with what it says', () => {
  const uri = 'https://rules.example/entry';
  const { rules } = replayed(
    opened(),
    rulesPublished({ version: 1, from: 100, uri }),
    rulesPublished({ version: 7, from: 50, digest: `0x${'ab'.repeat(32)}` }),
  );
  assert.deepEqual(rules, [
    { jurisdiction: 'US-NO', id: 'ENTRY', version: 1, validFrom: 100, digest: DIGEST, uri },
    {
      jurisdiction: 'US-NO',
      id: 'ENTRY',
      version: 7,
      validFrom: 50,
      digest: `0x${'ab'.repeat(32)}`,
      uri: '',
    },
  ]);
});

test('a digest of zero ends a rule set, and a later version begins it anew', () => {
  const events = [opened(), rulesPublished(), rulesPublished({ version: 2, digest: ZeroHash })];
  const digests = replayed(...events, rulesPublished({ version: 3 })).rules.map(({ digest }) => digest);
  assert.deepEqual(digests, [DIGEST, null, DIGEST]);
});

test('versions rise under one id of one jurisdiction, and under no other', () => {
  const second = rulesPublished({ version: 2 });
  for (const version of [0, 1, 2]) refusesLast(opened(), second, rulesPublished({ version }));
  // An ended rule set does not begin again at 1.
  refusesLast(opened(), rulesPublished({ version: 2, digest: ZeroHash }), rulesPublished({ version: 1 }));
  refusesLast(opened(), rulesPublished({ version: 0 }));
  const others = [rulesPublished({ id: 'EXIT' }), rulesPublished({ jurisdiction: OTHER })];
  assert.equal(replayed(opened(), opened(OTHER), second, ...others).rules.length, 3);
});

test('a version beyond what a number holds exactly, and rules of no jurisdiction, are refused', () => {
  refusesLast(opened(), rulesPublished({ version: 2n ** 53n }));
  refusesLast(opened(), rulesPublished({ jurisdiction: OTHER }));
});
