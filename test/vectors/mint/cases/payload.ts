import { card, cardPayload, HEALTH_CARD, ISS, PASS, PATIENT, RECORD, recordOf } from '../cards.ts';
import { cardOf } from '../jws.ts';
import { ISSUED } from '../moments.ts';
import { KEYS } from '../trust.ts';
import { folder } from '../vector.ts';

const key = KEYS.plain;
const MALFORMED = 'unreadable: MALFORMED';
const VALID = 'accepted: VALID';
const UNNAMED = 'undetermined: SUBJECT_UNNAMED';

const withBundle = (fhirBundle: unknown): string =>
  card(key, {}, { credentialSubject: { fhirVersion: '4.0.1', fhirBundle } });
const withResources = (...resources: readonly object[]): string =>
  card(key, {}, { credentialSubject: recordOf(...resources) });
const withTypes = (...type: readonly string[]): string => card(key, {}, { type });
const observation = { resourceType: 'Observation', status: 'final' };

export const HEALTH_CARD_PAYLOAD = folder(
  'health-card/payload',
  'SMART Health Cards, "Modeling W3C Verifiable Credentials in Health Cards"',
  {
    'vc-missing': {
      why: 'A JWT of another kind, signed with the key of a card issuer.',
      input: cardOf(key, { iss: ISS, nbf: ISSUED, sub: 'Nora Nobody' }),
      expect: MALFORMED,
    },
    'vc-list': { why: 'vc is an object.', input: card(key, { vc: [] }), expect: MALFORMED },
    'type-missing': { why: 'No type at all.', input: card(key, {}, { type: undefined }), expect: MALFORMED },
    'type-text': {
      why: 'type is a list, even of one.',
      input: card(key, {}, { type: HEALTH_CARD }),
      expect: MALFORMED,
    },
    'type-empty': { why: 'A list of no types.', input: withTypes(), expect: MALFORMED },
    'type-not-health-card': {
      why: 'Old types alone, without #health-card, make no card.',
      input: withTypes('VerifiableCredential', 'https://smarthealth.cards#immunization'),
      expect: MALFORMED,
    },
    'type-in-other-case': {
      why: 'Types compare exactly.',
      input: withTypes(HEALTH_CARD.toUpperCase()),
      expect: MALFORMED,
    },
    'type-of-both': {
      why: 'A card that says it is a Pass as well is neither.',
      input: withTypes(HEALTH_CARD, PASS),
      expect: MALFORMED,
    },
    'type-with-older-ones': {
      why: 'Further types, as issued before 1.4.0, are read.',
      input: withTypes(
        'VerifiableCredential',
        HEALTH_CARD,
        'https://smarthealth.cards#immunization',
        'https://smarthealth.cards#covid19',
      ),
      expect: VALID,
    },
    'iss-missing': { why: 'No issuer.', input: card(key, { iss: undefined }), expect: MALFORMED },
    'iss-number': { why: 'iss is a text.', input: card(key, { iss: 1 }), expect: MALFORMED },
    'iss-http': {
      why: 'An issuer without TLS is none.',
      section: 'SMART Health Cards, "Determining keys associated with an issuer"',
      input: card(key, { iss: ISS.replace('https', 'http') }),
      expect: MALFORMED,
    },
    'subject-missing': {
      why: 'A card about nobody.',
      input: card(key, {}, { credentialSubject: undefined }),
      expect: MALFORMED,
    },
    'fhir-version-missing': {
      why: 'The FHIR version must be there.',
      input: card(key, {}, { credentialSubject: { ...RECORD, fhirVersion: undefined } }),
      expect: MALFORMED,
    },
    'bundle-missing': { why: 'No record.', input: withBundle(undefined), expect: MALFORMED },
    'bundle-of-another-resource': {
      why: 'A single resource is no bundle.',
      input: withBundle({ ...PATIENT, type: 'collection', entry: [{ resource: PATIENT }] }),
      expect: MALFORMED,
    },
    'bundle-empty': {
      why: 'A bundle of no entries.',
      input: withBundle({ resourceType: 'Bundle', type: 'collection', entry: [] }),
      expect: MALFORMED,
    },
    'bundle-entry-without-resource': {
      why: 'An entry that holds nothing.',
      input: withBundle({ resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'resource:0' }] }),
      expect: MALFORMED,
    },
    'nbf-missing': {
      why: 'No moment of issuance: key windows rest on it.',
      input: card(key, { nbf: undefined }),
      expect: MALFORMED,
    },
    'nbf-text': {
      why: 'A number in quotes is a text.',
      input: card(key, { nbf: String(ISSUED) }),
      expect: MALFORMED,
    },
    'nbf-null': {
      why: 'null is not a time; it must not become 0.',
      input: card(key, { nbf: null }),
      expect: MALFORMED,
    },
    'nbf-negative': {
      why: 'Before 1970 nobody issued cards.',
      input: card(key, { nbf: -1 }),
      expect: MALFORMED,
    },
    'nbf-milliseconds': {
      why: 'Milliseconds by mistake: compared as seconds it would be valid in 58,000 years.',
      input: card(key, { nbf: ISSUED * 1000 }),
      expect: MALFORMED,
    },
    'nbf-100000000000': {
      why: 'The largest number that is still taken for seconds (year 5138).',
      section: 'Limits: 1e11 seconds',
      input: card(KEYS.open, { nbf: 1e11 }),
      expect: 'rejected: NOT_YET_VALID',
    },
    'nbf-100000000001': {
      why: 'One more is milliseconds.',
      section: 'Limits: 1e11 seconds',
      input: card(KEYS.open, { nbf: 1e11 + 1 }),
      expect: MALFORMED,
    },
    'exp-text': {
      why: 'A number in quotes is a text.',
      input: card(key, { exp: '1790000000' }),
      expect: MALFORMED,
    },
    'exp-null': { why: 'null must not become "no end".', input: card(key, { exp: null }), expect: MALFORMED },
    'exp-milliseconds': {
      why: 'Milliseconds by mistake would never expire.',
      input: card(key, { exp: 1_790_000_000_000 }),
      expect: MALFORMED,
    },
    'rid-24-characters': {
      why: 'The longest rid; nothing can be looked up under this key, and nothing blocks.',
      section: 'SMART Health Cards, "Revocation"',
      input: card(key, {}, { rid: 'r'.repeat(24) }),
      expect: VALID,
      checks: { status: 'not-offered' },
    },
    'rid-25-characters': {
      why: 'One character more.',
      section: 'SMART Health Cards, "Revocation"',
      input: card(key, {}, { rid: 'r'.repeat(25) }),
      expect: MALFORMED,
    },
    'rid-empty': {
      why: 'An empty rid would be found in no list.',
      section: 'SMART Health Cards, "Revocation"',
      input: card(key, {}, { rid: '' }),
      expect: MALFORMED,
    },
    'rid-of-other-characters': {
      why: 'A dot would make the rid look like one with a timestamp.',
      section: 'SMART Health Cards, "Revocation"',
      input: card(key, {}, { rid: 'listed.1' }),
      expect: MALFORMED,
    },
    'rid-number': {
      why: 'rid is a text.',
      section: 'SMART Health Cards, "Revocation"',
      input: card(key, {}, { rid: 7 }),
      expect: MALFORMED,
    },
    'rid-null': {
      why: 'null must not become "no rid".',
      section: 'SMART Health Cards, "Revocation"',
      input: card(key, {}, { rid: null }),
      expect: MALFORMED,
    },
  },
);

export const HEALTH_CARD_SUBJECT = folder('health-card/subject', 'Decision codes, SUBJECT_UNNAMED', {
  'no-patient': {
    why: 'A record of nobody: there is no name to compare with an ID.',
    input: withResources(observation),
    expect: UNNAMED,
    checks: { signature: 'passed', issuer: 'passed', validity: 'passed' },
  },
  'two-patients': {
    why: 'Two people: to show either lets one pass with the other’s record.',
    input: withResources(PATIENT, { ...PATIENT, name: [{ family: 'Somebody' }] }),
    expect: UNNAMED,
  },
  unnamed: {
    why: 'A patient without a name.',
    input: withResources({ resourceType: 'Patient', birthDate: '1980-02-29' }, observation),
    expect: UNNAMED,
  },
  'blank-name': {
    why: 'A name of white space says nothing.',
    input: withResources({ ...PATIENT, name: [{ family: ' ', given: [''] }] }, observation),
    expect: UNNAMED,
  },
  'name-not-a-list': {
    why: 'A name in a shape that FHIR does not have is not guessed at.',
    input: withResources({ ...PATIENT, name: { family: 'Nobody' } }, observation),
    expect: UNNAMED,
  },
  'family-alone': {
    why: 'One word is a name.',
    input: withResources({ ...PATIENT, name: [{ family: 'Nobody' }] }, observation),
    expect: VALID,
  },
  'text-alone': {
    why: 'A name that was not taken apart is a name.',
    input: withResources({ ...PATIENT, name: [{ text: 'Nora Nobody' }] }, observation),
    expect: VALID,
  },
  'patient-last': {
    why: 'The order of entries says nothing: nothing is found by its place.',
    input: cardOf(key, cardPayload({}, { credentialSubject: recordOf(observation, PATIENT) })),
    expect: VALID,
  },
  'without-birth-date': {
    why: 'A card without a date of birth names a person all the same.',
    input: withResources({ ...PATIENT, birthDate: undefined }, observation),
    expect: VALID,
  },
});
