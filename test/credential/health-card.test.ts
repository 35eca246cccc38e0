import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  encodeCardPayload,
  HEALTH_CARD_TYPE,
  parseCardPayload,
  PASS_TYPE,
  type HealthCard,
  type Pass,
} from '../../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { namedSubject } from '../../credential/subject.ts';
import { dataDir } from '../support/data.ts';

const malformed = { name: 'FormatError', code: 'MALFORMED' };
const skip = dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false;
const example = (n: string) =>
  new Uint8Array(readFileSync(`${dataDir}/shc-examples/example-${n}-c-jws-payload-minified.json`));

const fhirBundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [{ fullUrl: 'resource:0', resource: { resourceType: 'Patient', name: [{ family: 'Anyperson' }] } }],
};
const healthCard = {
  iss: 'https://health.example/shc',
  nbf: 1687450764.656,
  exp: 1718986764,
  vc: { type: [HEALTH_CARD_TYPE], credentialSubject: { fhirVersion: '4.0.1', fhirBundle }, rid: 'AAAAAA' },
};
const subject = {
  id: 'did:web:holder.example',
  name: { family: 'Anyperson', given: ['Ada', 'B.'] },
  birthDate: '1951-01-20',
  passType: 'pcr',
};
const pass = {
  iss: 'https://health.example/shc',
  nbf: 1687450764,
  exp: 1687536000,
  vc: { type: [PASS_TYPE], rid: 'AAAAAA', credentialSubject: subject },
};

test('a health card is read into its parts', () => {
  const card = parseCardPayload(healthCard);
  assert.deepEqual(card, {
    profile: 'pass-plus',
    iss: healthCard.iss,
    nbf: 1687450764.656,
    exp: 1718986764,
    rid: 'AAAAAA',
    types: [HEALTH_CARD_TYPE],
    fhirVersion: '4.0.1',
    fhirBundle,
  });
});

test('a health card may lack exp and rid, and carry old types, a context and further members', () => {
  const { exp: _exp, ...rest } = healthCard;
  const card = parseCardPayload({
    ...rest,
    jti: 'x',
    vc: {
      '@context': ['https://www.w3.org/2018/credentials/v1'],
      type: ['VerifiableCredential', HEALTH_CARD_TYPE, 'https://smarthealth.cards#immunization'],
      credentialSubject: { ...healthCard.vc.credentialSubject, id: 'urn:x' },
    },
  });
  assert.ok(card.profile === 'pass-plus');
  assert.deepEqual(card.types, [HEALTH_CARD_TYPE, 'https://smarthealth.cards#immunization']);
  assert.equal(card.exp, undefined);
  assert.equal(card.rid, undefined);
});

test('a pass is read into its parts', () => {
  assert.deepEqual(parseCardPayload(pass), {
    profile: 'pass',
    iss: pass.iss,
    nbf: pass.nbf,
    exp: pass.exp,
    rid: 'AAAAAA',
    holder: 'did:web:holder.example',
    name: { family: 'Anyperson', given: ['Ada', 'B.'] },
    birthDate: '1951-01-20',
    passType: 'pcr',
  });
});

for (const [what, base] of [
  ['health card', healthCard],
  ['pass', pass],
] as const) {
  const withVc = (change: object) => ({ ...base, vc: { ...base.vc, ...change } });
  for (const [fault, json] of [
    ['that is no object', null],
    ['that is an array', [base]],
    ['without vc', { ...base, vc: undefined }],
    ['without iss', { ...base, iss: undefined }],
    ['whose iss is no text', { ...base, iss: 7 }],
    ['whose iss is not https', { ...base, iss: 'http://health.example' }],
    ['without nbf', { ...base, nbf: undefined }],
    ['whose nbf is a text', { ...base, nbf: '1687450764' }],
    ['whose nbf is negative', { ...base, nbf: -1 }],
    ['whose nbf is infinite', { ...base, nbf: Number.POSITIVE_INFINITY }],
    ['whose nbf is in milliseconds', { ...base, nbf: 1687450764656 }],
    ['whose nbf is just beyond the limit', { ...base, nbf: 1e11 + 1 }],
    ['whose exp is null', { ...base, exp: null }],
    ['whose exp is in milliseconds', { ...base, exp: 1718986764657 }],
    ['without type', withVc({ type: undefined })],
    ['whose type is a text', withVc({ type: base.vc.type[0] })],
    ['whose types are not all texts', withVc({ type: [...base.vc.type, 1] })],
    ['without a type of ours', withVc({ type: ['VerifiableCredential'] })],
    ['whose type differs in case', withVc({ type: [String(base.vc.type[0]).toUpperCase()] })],
    ['of both profiles', withVc({ type: [HEALTH_CARD_TYPE, PASS_TYPE] })],
    ['whose rid is empty', withVc({ rid: '' })],
    ['whose rid is null', withVc({ rid: null })],
    ['whose rid is a number', withVc({ rid: 1 })],
    ['whose rid has 25 characters', withVc({ rid: 'A'.repeat(25) })],
    ['whose rid has other characters', withVc({ rid: 'AAA.1' })],
    ['without subject', withVc({ credentialSubject: undefined })],
    ['whose subject is an array', withVc({ credentialSubject: [base.vc.credentialSubject] })],
  ] as [string, unknown][]) {
    test(`a ${what} ${fault} is refused`, () => {
      assert.throws(() => parseCardPayload(json), malformed);
    });
  }
}

for (const [fault, change] of [
  ['without FHIR version', { fhirVersion: undefined }],
  ['without bundle', { fhirBundle: undefined }],
  ['whose bundle is a resource', { fhirBundle: fhirBundle.entry[0]?.resource }],
  ['whose bundle is empty', { fhirBundle: { ...fhirBundle, entry: [] } }],
  ['whose bundle has odd entries', { fhirBundle: { ...fhirBundle, entry: [1] } }],
] as const) {
  test(`a health card ${fault} is refused`, () => {
    const credentialSubject = { ...healthCard.vc.credentialSubject, ...change };
    assert.throws(
      () => parseCardPayload({ ...healthCard, vc: { ...healthCard.vc, credentialSubject } }),
      malformed,
    );
  });
}

for (const [fault, change] of [
  ['without name', { name: undefined }],
  ['whose name is a text', { name: 'Ada Anyperson' }],
  ['without family name', { name: { given: ['Ada'] } }],
  ['whose family name is blank', { name: { family: ' ', given: [] } }],
  ['whose given names are a text', { name: { family: 'Anyperson', given: 'Ada' } }],
  ['whose given names are not texts', { name: { family: 'Anyperson', given: [1] } }],
  ['whose name holds more', { name: { family: 'Anyperson', given: [], text: 'x' } }],
  ['without date of birth', { birthDate: undefined }],
  ['with a partial date of birth', { birthDate: '1951' }],
  ['with a date of birth that never was', { birthDate: '1951-02-29' }],
  ['of an unknown pass type', { passType: 'recovery' }],
  ['of a pass type from the prototype', { passType: 'toString' }],
  ['whose holder is no DID', { id: 'holder' }],
  ['with clinical data', { fhirBundle }],
] as const) {
  test(`a pass ${fault} is refused`, () => {
    const credentialSubject = { ...subject, ...change };
    assert.throws(() => parseCardPayload({ ...pass, vc: { ...pass.vc, credentialSubject } }), malformed);
  });
}

for (const [fault, json] of [
  ['without exp', { ...pass, exp: undefined }],
  ['without rid', { ...pass, vc: { ...pass.vc, rid: undefined } }],
  ['with another claim', { ...pass, jti: 'x' }],
  ['with another member in vc', { ...pass, vc: { ...pass.vc, '@context': [] } }],
  ['with another type', { ...pass, vc: { ...pass.vc, type: [PASS_TYPE, 'VerifiableCredential'] } }],
] as const) {
  test(`a pass ${fault} is refused`, () => {
    assert.throws(() => parseCardPayload(json), malformed);
  });
}

test('a pass may be bound to nobody, and its person have no given name', () => {
  const { id: _id, ...unbound } = { ...subject, name: { family: 'Anyperson', given: [] } };
  const card = parseCardPayload({ ...pass, vc: { ...pass.vc, credentialSubject: unbound } });
  assert.ok(card.profile === 'pass');
  assert.equal(card.holder, undefined);
  assert.deepEqual(card.name.given, []);
});

test('a pass is written as the design has it', () => {
  assert.equal(decodeUtf8(encodeCardPayload(parseCardPayload(pass))), JSON.stringify(pass));
});

const seconds = fc.oneof(
  fc.nat(4e9),
  fc.integer({ min: 0, max: 4e12 }).map((ms) => ms / 1000),
);
const rid = fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/);
const word = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => text.trim() !== '' && text.isWellFormed());
const cards: fc.Arbitrary<HealthCard | Pass> = fc.oneof(
  fc.record({
    profile: fc.constant('pass-plus' as const),
    iss: fc.constant('https://health.example/shc'),
    nbf: seconds,
    exp: fc.option(seconds, { nil: undefined }),
    rid: fc.option(rid, { nil: undefined }),
    types: fc.constant([HEALTH_CARD_TYPE]),
    fhirVersion: fc.constant('4.0.1'),
    fhirBundle: word.map((family) => ({
      resourceType: 'Bundle' as const,
      type: 'collection',
      entry: [{ resource: { resourceType: 'Patient', name: [{ family }] } }],
    })),
  }),
  fc.record({
    profile: fc.constant('pass' as const),
    iss: fc.constant('https://health.example/shc'),
    nbf: seconds,
    exp: seconds,
    rid,
    holder: fc.option(fc.constant('did:web:holder.example'), { nil: undefined }),
    name: fc.record({ family: word, given: fc.array(word, { maxLength: 3 }) }),
    birthDate: fc.constantFrom('1951-01-20', '2000-02-29'),
    passType: fc.constantFrom('vaccination' as const, 'pcr' as const, 'antigen' as const),
  }),
);

test('every card that is written is read back the same', () => {
  fc.assert(
    fc.property(cards, (card) => {
      assert.deepEqual(
        parseCardPayload(parseJson(decodeUtf8(encodeCardPayload(card)))),
        structuredClone(card),
      );
    }),
  );
});

test('a card that could not be read is not written', () => {
  const card = parseCardPayload(healthCard);
  assert.ok(card.profile === 'pass-plus');
  for (const change of [
    { nbf: Number.NaN },
    { nbf: Date.now() },
    { exp: Number.POSITIVE_INFINITY },
    { rid: 'not/base64url' },
    { iss: 'http://health.example' },
    { types: [] },
    { types: [HEALTH_CARD_TYPE, 'https://smarthealth.cards#covid19'] },
    { types: [PASS_TYPE] },
  ]) {
    assert.throws(() => encodeCardPayload({ ...card, ...change }), malformed);
  }
});

test('the official examples are read, and written byte for byte', { skip }, () => {
  for (const n of ['00', '01', '02', '03']) {
    const card = parseCardPayload(parseJson(decodeUtf8(example(n))));
    assert.equal(card.profile, 'pass-plus');
    assert.deepEqual(encodeCardPayload(card), example(n));
  }
});

test('official example 02, a report without Patient, is a health card about nobody', { skip }, () => {
  const card = parseCardPayload(parseJson(decodeUtf8(example('02'))));
  assert.ok(card.profile === 'pass-plus');
  assert.equal(namedSubject(card.fhirBundle), undefined);
});
