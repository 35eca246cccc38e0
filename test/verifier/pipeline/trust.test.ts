import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrustDocument } from '../../../verifier/pipeline/trust-document.ts';
import { StatusList } from '../../../credential/status-list.ts';
import {
  anchoredBits,
  anchoredTrust,
  decide,
  mintCard,
  newKey,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../../support/cards.ts';

const key = newKey();
const entry = trustedKey(key);
const status = anchoredBits(key, new StatusList(1));

test('a kid gives every issuer that it stands under, and nothing for a stranger', () => {
  const other = trustedIssuer({ id: 2, iss: 'https://other.example' });
  const trust = anchoredTrust(
    trustDocument({ issuers: [trustedIssuer(), other], keys: [entry, { ...entry, issuer: 2 }] }),
  );
  assert.deepEqual(
    trust.entriesOf(key.kid).map(({ issuer }) => issuer.id),
    [1, 2],
  );
  assert.deepEqual(trust.entriesOf(newKey().kid), []);
  assert.deepEqual(trust.entriesOf('__proto__'), []);
});

test('a key is imported once, when first asked for', async () => {
  const [found] = anchoredTrust(trustDocument({ keys: [entry] })).entriesOf(key.kid);
  assert.ok(found);
  assert.equal(await found.verifier(), await found.verifier());
});

test('a list is unpacked once, when first asked for', () => {
  const held = { keys: [trustedKey(key, { revocation: 'bits' as const })], anchors: [status.anchor] };
  const [found] = anchoredTrust(trustDocument({ ...held, lists: [status.data] })).entriesOf(key.kid);
  assert.ok(found);
  assert.equal(found.status.kind, 'bits');
  assert.equal(found.status, found.status);
});

const issuer = trustedIssuer();
const venue = {
  id: 1,
  did: 'did:web:arena.example',
  name: 'Arena',
  jurisdiction: 'US-NO',
  status: 'active',
} as const;
const rules = {
  jurisdiction: 'US-NO',
  id: 'ENTRY',
  version: 1,
  validFrom: 0,
  digest: `0x${'12'.repeat(32)}`,
  uri: '',
} as const;

test('one DID may be a venue of two jurisdictions, and one id name rules of both', () => {
  const jurisdictions = [...trustDocument().jurisdictions, { code: 'US-NJ', name: 'NJ', suspended: false }];
  const there = { jurisdiction: 'US-NJ' } as const;
  anchoredTrust(
    trustDocument({
      jurisdictions,
      venues: [venue, { ...venue, id: 2, ...there }],
      rules: [rules, { ...rules, ...there }, { ...rules, version: 2 }],
    }),
  );
});

const refused = {
  'two issuers of one id': { issuers: [issuer, trustedIssuer({ iss: 'https://other.example' })] },
  'two issuers of one iss': { issuers: [issuer, { ...issuer, id: 2, did: 'did:web:other.example' }] },
  'two issuers of one DID': { issuers: [issuer, { ...issuer, id: 2, iss: 'https://other.example' }] },
  'one key twice under an issuer': { keys: [entry, { ...entry, state: 'compromised' }] },
  'one jurisdiction twice': {
    jurisdictions: [trustDocument().jurisdictions[0], { code: 'US-NO', name: 'again', suspended: true }],
  },
  'two anchors of one list': { anchors: [status.anchor, { ...status.anchor, counter: 2 }] },
  'two lists of one key': { lists: [status.data, status.data] },
  'two venues of one id': { venues: [venue, { ...venue, did: 'did:web:other.example' }] },
  'two venues of one DID in one jurisdiction': { venues: [venue, { ...venue, id: 2 }] },
  'a venue of a jurisdiction that it does not list': { venues: [{ ...venue, jurisdiction: 'US-XX' }] },
  'one version of rules twice': { rules: [rules, { ...rules, digest: null }] },
  'rules of a jurisdiction that it does not list': { rules: [{ ...rules, jurisdiction: 'US-XX' }] },
  'a key of an issuer that it does not list': { keys: [{ ...entry, issuer: 9 }] },
  'an issuer of a jurisdiction that it does not list': {
    issuers: [trustedIssuer({ jurisdiction: 'US-XX' })],
    keys: [entry],
  },
} as const;

for (const [what, content] of Object.entries(refused)) {
  test(`trust data with ${what} is DOCUMENT_MALFORMED`, () => {
    assert.throws(() => anchoredTrust(trustDocument(content as Partial<TrustDocument>)), {
      code: 'DOCUMENT_MALFORMED',
    });
  });
}

for (const [what, bad] of Object.entries({
  "under another key's kid": { ...trustedKey(newKey()), kid: entry.kid, issuer: 2 },
  'whose coordinates are swapped': { ...entry, x: entry.y, y: entry.x, issuer: 2 },
})) {
  test(`a key ${what} makes the kid DOCUMENT_MALFORMED when it is asked for, every time`, async () => {
    const issuers = [issuer, trustedIssuer({ id: 2, iss: 'https://other.example' })];
    // The sound key stands first: it must not vouch for the other.
    const trust = anchoredTrust(trustDocument({ issuers, keys: [entry, bad] }));
    for (let time = 0; time < 2; time++) {
      assert.throws(() => trust.entriesOf(entry.kid), { code: 'DOCUMENT_MALFORMED' });
      assert.deepEqual((await decide(mintCard(key), trust)).codes, ['TRUST_INVALID']);
    }
  });
}
