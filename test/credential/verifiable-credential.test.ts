import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readCard, readLegacyVc, readVc } from '../../credential/credential.ts';
import { didWebFromIss } from '../../credential/did-web.ts';
import { HEALTH_CARD_TYPE, type HealthCard, type Pass } from '../../credential/health-card.ts';
import { parseJson } from '../../credential/json.ts';
import { ridFromIndex } from '../../credential/status-list.ts';
import {
  cardFromVc,
  LEGACY_VC_CONTEXT,
  legacyVcFromCard,
  parseStatusListIndex,
  VC_CONTEXT,
  vcFromCard,
} from '../../credential/verifiable-credential.ts';

const iss = 'https://health.example/shc';
const kid = '3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s';
const issuer = { did: didWebFromIss(iss), statusBase: iss, kid };
const malformed = { name: 'FormatError', code: 'MALFORMED' };

const healthCard: HealthCard = {
  profile: 'pass-plus',
  iss,
  nbf: 1687450764.656,
  exp: 1718986764,
  rid: ridFromIndex(94567),
  types: [HEALTH_CARD_TYPE],
  fhirVersion: '4.0.1',
  fhirBundle: {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Patient',
          name: [{ family: 'Anyperson', given: ['Ada'] }],
          birthDate: '1951-01-20',
        },
      },
    ],
  },
};
const pass: Pass = {
  profile: 'pass',
  iss,
  nbf: 1687450764.5,
  exp: 1687536000,
  rid: ridFromIndex(2 ** 32 - 1),
  holder: 'did:web:holder.example',
  name: { family: 'Anyperson', given: ['Ada', 'B.'] },
  birthDate: '1951-01-20',
  passType: 'vaccination',
};

test('a health card becomes a VCDM 2.0 credential', () => {
  assert.deepEqual(vcFromCard(healthCard, issuer), {
    '@context': [
      'https://www.w3.org/ns/credentials/v2',
      {
        '@vocab': 'https://smarthealth.cards#',
        fhirBundle: { '@id': 'https://smarthealth.cards#fhirBundle', '@type': '@json' },
      },
    ],
    type: ['VerifiableCredential', 'https://smarthealth.cards#health-card'],
    issuer: 'did:web:health.example:shc',
    validFrom: '2023-06-22T16:19:24.656Z',
    validUntil: '2024-06-21T16:19:24Z',
    credentialStatus: {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '94567',
      statusListCredential: `https://health.example/shc/status/${kid}`,
    },
    credentialSubject: { fhirVersion: '4.0.1', fhirBundle: healthCard.fhirBundle },
  });
});

test('a pass becomes a VCDM 2.0 credential about its holder', () => {
  const vc = vcFromCard(pass, issuer);
  assert.deepEqual(vc.type, ['VerifiableCredential', 'urn:pratique:pass']);
  assert.deepEqual(vc.credentialSubject, {
    id: 'did:web:holder.example',
    name: { family: 'Anyperson', given: ['Ada', 'B.'] },
    birthDate: '1951-01-20',
    passType: 'vaccination',
  });
  assert.equal(vc.credentialStatus?.statusListIndex, '4294967295');
});

test('a card without end and rid becomes a credential without end and status', () => {
  const vc = vcFromCard({ ...healthCard, exp: undefined, rid: undefined }, issuer);
  assert.deepEqual(Object.keys(vc), ['@context', 'type', 'issuer', 'validFrom', 'credentialSubject']);
});

const seconds = fc.oneof(
  fc.nat(4e9),
  fc.integer({ min: 1, max: 4e12 }).map((ms) => ms / 1000),
);
const rid = fc.integer({ min: 0, max: 2 ** 32 - 1 }).map(ridFromIndex);
const isses = fc.constantFrom(iss, 'https://a.example', 'https://a.example:8443/x+y/~z');
const cards: fc.Arbitrary<HealthCard | Pass> = fc.oneof(
  fc.record({
    profile: fc.constant('pass-plus' as const),
    iss: isses,
    nbf: seconds,
    exp: fc.option(seconds, { nil: undefined }),
    rid: fc.option(rid, { nil: undefined }),
    types: fc
      .uniqueArray(
        fc.constantFrom('https://smarthealth.cards#covid19', 'https://smarthealth.cards#laboratory'),
      )
      .map((further) => [HEALTH_CARD_TYPE, ...further]),
    fhirVersion: fc.constantFrom('4.0.1', '4.0.0'),
    fhirBundle: fc.string().map((family) => ({
      resourceType: 'Bundle' as const,
      type: 'collection',
      entry: [{ resource: { resourceType: 'Patient', name: [{ family }] } }],
    })),
  }),
  fc.record({
    profile: fc.constant('pass' as const),
    iss: isses,
    nbf: seconds,
    exp: seconds,
    rid,
    holder: fc.option(fc.constantFrom('did:web:holder.example', 'did:key:zDna'), { nil: undefined }),
    name: fc.record({
      family: fc.constantFrom('Anyperson', 'Ö'),
      given: fc.array(fc.constantFrom('Ada', 'B.')),
    }),
    birthDate: fc.constantFrom('1951-01-20', '2000-02-29'),
    passType: fc.constantFrom('vaccination' as const, 'pcr' as const, 'antigen' as const),
  }),
);
const issuerOf = (card: HealthCard | Pass) => ({ ...issuer, did: didWebFromIss(card.iss) });

test('every card comes back from its VC', () => {
  fc.assert(
    fc.property(cards, (card) => {
      const vc = vcFromCard(card, issuerOf(card));
      assert.deepEqual(cardFromVc(vc), structuredClone(card));
      assert.deepEqual(cardFromVc(parseJson(JSON.stringify(vc)) as typeof vc), structuredClone(card));
    }),
    { numRuns: 500 },
  );
});

test('a card and its two VCs are read as one statement, in whole seconds in the older form', () => {
  fc.assert(
    fc.property(cards, (card) => {
      fc.pre(card.profile === 'pass' || card.fhirBundle.entry.every(({ resource }) => 'name' in resource));
      const vc = readVc(vcFromCard(card, issuerOf(card)));
      const legacy = readLegacyVc(legacyVcFromCard(card, issuerOf(card)));
      const status =
        vc.status.kind === 'index' ? { kind: 'rid', rid: ridFromIndex(vc.status.index) } : { kind: 'none' };
      const whole = (time: number | undefined) => (time === undefined ? undefined : Math.floor(time));
      assert.deepEqual(legacy, { ...vc, form: 'vc-jwt', nbf: whole(vc.nbf), exp: whole(vc.exp) });
      const { iss: _iss, nbf, exp, profile, subject } = { ...cardView(card), iss: card.iss };
      assert.deepEqual([vc.nbf, vc.exp, vc.profile, vc.subject], [nbf, exp, profile, subject]);
      assert.deepEqual(status, cardView(card).status);
      assert.deepEqual(vc.issuer, { did: didWebFromIss(card.iss) });
    }),
  );
});

function cardView(card: HealthCard | Pass) {
  const { iss: cardIss, nbf, exp, rid: cardRid } = card;
  const type = card.profile === 'pass' ? ['urn:pratique:pass'] : card.types;
  const credentialSubject =
    card.profile === 'pass'
      ? {
          ...(card.holder === undefined ? {} : { id: card.holder }),
          name: card.name,
          birthDate: card.birthDate,
          passType: card.passType,
        }
      : { fhirVersion: card.fhirVersion, fhirBundle: card.fhirBundle };
  const vc = { type, credentialSubject, ...(cardRid === undefined ? {} : { rid: cardRid }) };
  return readCard({ iss: cardIss, nbf, ...(exp === undefined ? {} : { exp }), vc });
}

test('the VCDM 1.1 payload names the holder in sub and drops fractions', () => {
  const payload = legacyVcFromCard(pass, issuer);
  assert.deepEqual(
    [payload.iss, payload.sub, payload.nbf, payload.exp],
    [issuer.did, pass.holder, 1687450764, 1687536000],
  );
  assert.equal(payload.vc['@context'][0], LEGACY_VC_CONTEXT);
  assert.equal('id' in payload.vc.credentialSubject, false);
});

test('contexts are new each time, since signers write into them', () => {
  const first = vcFromCard(pass, issuer)['@context'];
  const second = vcFromCard(pass, issuer)['@context'];
  assert.notEqual(first, second);
  assert.notEqual(first[1], second[1]);
  assert.equal(first[0], VC_CONTEXT);
});

test('a rid that is no index of a status list has no VC form', () => {
  for (const foreign of ['MKyCxh7p6uQ', 'AAAAAB', 'A']) {
    assert.throws(() => vcFromCard({ ...healthCard, rid: foreign }, issuer), {
      name: 'FormatError',
      code: 'UNSUPPORTED_FORMAT',
    });
  }
});

test('a card gets no VC under the DID of another issuer', () => {
  const foreign = { ...issuer, did: 'did:web:other.example' };
  assert.throws(() => vcFromCard(healthCard, foreign), malformed);
  assert.throws(() => legacyVcFromCard(healthCard, foreign), malformed);
});

test('a pass without end or place in a list is no card', () => {
  const { validUntil: _validUntil, ...endless } = vcFromCard(pass, issuer);
  assert.throws(() => cardFromVc(endless), malformed);
  const { credentialStatus: _credentialStatus, ...unlisted } = vcFromCard(pass, issuer);
  assert.throws(() => cardFromVc(unlisted), malformed);
});

test('an index is a decimal text of four bytes', () => {
  assert.equal(parseStatusListIndex('0'), 0);
  assert.equal(parseStatusListIndex('4294967295'), 2 ** 32 - 1);
  for (const json of [
    '',
    '00',
    '01',
    '-1',
    '1.0',
    '1e3',
    '0x10',
    ' 1',
    '4294967296',
    '99999999999',
    1,
    null,
    undefined,
  ]) {
    assert.throws(() => parseStatusListIndex(json), malformed);
  }
});
