import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  assertIssuable,
  minimiseBundle,
  parseBundle,
  type FhirBundle,
  type FhirResource,
} from '../../credential/fhir-bundle.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { namedSubject } from '../../credential/subject.ts';
import { dataDir } from '../support/data.ts';

const refusal = (code: string) => ({ name: 'BundleError', code });

const patient = {
  resourceType: 'Patient',
  id: 'p1',
  meta: { lastUpdated: '2021-01-01T00:00:00Z', profile: ['https://a.example/patient'] },
  text: { status: 'generated', div: '<div>Ada</div>' },
  name: [{ family: 'Anyperson', given: ['Ada'], text: 'Ada Anyperson' }],
  birthDate: '1951-01-20',
};
const immunization = {
  resourceType: 'Immunization',
  id: 'i1',
  meta: {
    security: [{ system: 'https://smarthealth.cards/ial', code: 'IAL2', display: 'identity' }],
    versionId: '1',
  },
  status: 'completed',
  vaccineCode: {
    coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '207', display: 'mRNA' }],
    text: 'a dose',
  },
  patient: { reference: 'Patient/p1' },
  occurrenceDateTime: '2021-01-01',
  performer: [{ actor: { display: 'ABC General Hospital' } }],
  lotNumber: '0000001',
};
const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '94500-6' }] },
  subject: { reference: 'urn:uuid:p' },
  valueCodeableConcept: {
    coding: [{ system: 'http://snomed.info/sct', code: '260415000' }],
    text: 'Not detected',
  },
};

interface Resource {
  readonly resourceType: string;
  readonly [member: string]: unknown;
}

function bundleOf(...resources: Resource[]): FhirBundle {
  return parseBundle({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource, i) => ({
      fullUrl: resource.resourceType === 'Patient' ? 'urn:uuid:p' : `urn:uuid:${i}`,
      resource,
    })),
  });
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) freeze(member);
    Object.freeze(value);
  }
  return value;
}

test('a minimised bundle is what a card carries, and its source stays as it was', () => {
  const bundle = freeze(bundleOf(patient, immunization, observation));
  const before = JSON.stringify(bundle);
  assert.deepEqual(minimiseBundle(bundle), {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        fullUrl: 'resource:0',
        resource: {
          resourceType: 'Patient',
          name: [{ family: 'Anyperson', given: ['Ada'] }],
          birthDate: '1951-01-20',
        },
      },
      {
        fullUrl: 'resource:1',
        resource: {
          resourceType: 'Immunization',
          meta: { security: [{ system: 'https://smarthealth.cards/ial', code: 'IAL2' }] },
          status: 'completed',
          vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '207' }] },
          patient: { reference: 'resource:0' },
          occurrenceDateTime: '2021-01-01',
          performer: [{ actor: { display: 'ABC General Hospital' } }],
          lotNumber: '0000001',
        },
      },
      {
        fullUrl: 'resource:2',
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ system: 'http://loinc.org', code: '94500-6' }] },
          subject: { reference: 'resource:0' },
          valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '260415000' }] },
        },
      },
    ],
  });
  assert.equal(JSON.stringify(bundle), before);
});

test('a name keeps its text and its use where they say more than its parts', () => {
  const minimised = (...name: object[]) =>
    minimiseBundle(bundleOf({ ...patient, name })).entry[0]?.resource['name'];
  const [family, given, text] = ['Anyperson', ['Ada'], 'Ada Anyperson'];
  const use = 'official';
  assert.deepEqual(minimised({ use, text, family, given }), [{ family, given }]);
  for (const telling of [{ text }, { text, family }, { text, given }, { text, family, given: [' '] }]) {
    assert.deepEqual(minimised(telling), [telling]);
  }
  assert.deepEqual(minimised({ use: 'old', family, given }), [{ use: 'old', family, given }]);
  const two = [
    { use: 'old', family: 'Nobody', given },
    { use, family, given },
  ];
  assert.deepEqual(minimised(...two), two);
});

test('minimising changes nothing of whom a bundle names', () => {
  const word = fc.constantFrom('Ada', 'Anyperson', ' ', '', undefined, 1);
  const name = fc.record({
    use: fc.constantFrom('official', 'old', undefined),
    text: word,
    family: word,
    given: fc.oneof(fc.array(word, { maxLength: 2 }), word),
  });
  fc.assert(
    fc.property(fc.oneof(fc.array(name, { maxLength: 3 }), fc.anything()), (names) => {
      const bundle = bundleOf({ ...patient, name: names });
      assert.deepEqual(namedSubject(minimiseBundle(bundle)), namedSubject(bundle));
    }),
    { numRuns: 500 },
  );
});

test('minimising twice changes nothing more', () => {
  const once = minimiseBundle(bundleOf(immunization, patient, observation));
  assert.deepEqual(minimiseBundle(once), once);
});

test('references are resolved by fullUrl, by type and id, and with a version', () => {
  const bundle = parseBundle({
    resourceType: 'Bundle',
    type: 'searchset',
    total: 2,
    link: [{ relation: 'self', url: 'https://fhir.example/Immunization?patient=p1' }],
    entry: [
      {
        fullUrl: 'https://fhir.example/r4/Patient/p1',
        search: { mode: 'include' },
        resource: { resourceType: 'Patient' },
      },
      ...['https://fhir.example/r4/Patient/p1', 'Patient/p1', 'Patient/p1/_history/3'].map((reference) => ({
        resource: { resourceType: 'Immunization', patient: { reference } },
      })),
      {
        resource: {
          resourceType: 'Immunization',
          patient: { reference: 'https://other.example/Patient/p1' },
        },
      },
    ],
  });
  const minimised = minimiseBundle(bundle);
  const references = minimised.entry.slice(1).map(({ resource }) => resource['patient']);
  const inside = { reference: 'resource:0' };
  assert.deepEqual(references, [inside, inside, inside, { reference: 'https://other.example/Patient/p1' }]);
  assert.deepEqual(Object.keys(minimised), ['resourceType', 'type', 'entry']);
  assert.equal(minimised.type, 'collection');
});

test('a document stays one and keeps its identity', () => {
  const document = {
    ...bundleOf(patient),
    type: 'document',
    identifier: { value: 'd1' },
    timestamp: '2021-01-01T00:00:00Z',
  };
  const { type, identifier, timestamp } = minimiseBundle(document);
  assert.deepEqual([type, identifier, timestamp], ['document', { value: 'd1' }, '2021-01-01T00:00:00Z']);
});

test('contained resources lose their narrative and keep the id that references need', () => {
  const contained = [
    { resourceType: 'Organization', id: 'o', meta: { versionId: '1' }, text: { div: '' }, name: 'ABC' },
  ];
  const [, entry] = minimiseBundle(bundleOf(patient, { ...immunization, contained })).entry;
  assert.deepEqual(entry?.resource['contained'], [{ resourceType: 'Organization', id: 'o', name: 'ABC' }]);
});

test('a member __proto__ is copied as a member', () => {
  const bundle = parseBundle(
    parseJson(
      '{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"A","__proto__":{"id":1}}}]}',
    ),
  );
  const resource = minimiseBundle(bundle).entry[0]?.resource;
  assert.ok(resource !== undefined && Object.hasOwn(resource, '__proto__'));
  assert.equal(resource['id'], undefined);
});

test('endless nesting is refused, not followed', () => {
  const ring: Record<string, unknown> = {};
  ring['ring'] = [ring];
  const loop: Record<string, unknown> = {};
  loop['contained'] = [loop];
  loop['loop'] = loop;
  const bundle = bundleOf({ resourceType: 'Patient', contained: [loop] });
  assert.throws(() => minimiseBundle(bundle), refusal('BUNDLE_MALFORMED'));
  assert.throws(
    () => assertIssuable(bundleOf(patient, { resourceType: 'Basic', loop })),
    refusal('BUNDLE_MALFORMED'),
  );
  assert.throws(() => minimiseBundle(bundleOf({ resourceType: 'Basic', ring })), refusal('BUNDLE_MALFORMED'));
  const hollow: Record<string, unknown> = {};
  hollow['contained'] = [hollow];
  assert.throws(
    () => minimiseBundle(bundleOf({ resourceType: 'A', contained: [hollow] })),
    refusal('BUNDLE_MALFORMED'),
  );
});

for (const json of [
  null,
  [],
  'Bundle',
  {},
  { resourceType: 'Patient' },
  { resourceType: 'Group', type: 'collection', entry: [{ resource: { resourceType: 'A' } }] },
  { resourceType: 'Bundle', type: 'collection' },
  { resourceType: 'Bundle', type: 'collection', entry: [] },
  { resourceType: 'Bundle', type: 'collection', entry: {} },
  { resourceType: 'Bundle', type: 'collection', entry: [null] },
  { resourceType: 'Bundle', type: 'collection', entry: [{}] },
  { resourceType: 'Bundle', type: 'collection', entry: [{ resource: [] }] },
  { resourceType: 'Bundle', type: 'collection', entry: [{ resource: { resourceType: 1 } }] },
  { resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 1, resource: { resourceType: 'A' } }] },
  { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'A' } }] },
]) {
  test(`${JSON.stringify(json)} is no bundle`, () => {
    assert.throws(() => parseBundle(json), refusal('BUNDLE_MALFORMED'));
  });
}

const amended = { ...observation, status: 'amended', category: [{ coding: [{ code: 'laboratory' }] }] };
for (const [what, resources] of [
  ['a completed immunization', [patient, immunization]],
  ['a final result', [patient, observation]],
  ['an amended result by category', [patient, amended]],
  [
    'a completed immunization beside one that is not',
    [patient, immunization, { ...immunization, status: 'not-done' }],
  ],
] as const) {
  test(`a bundle with ${what} is issuable, before and after minimising`, () => {
    assertIssuable(bundleOf(...resources));
    assertIssuable(minimiseBundle(bundleOf(...resources)));
  });
}

for (const [fault, resources, code] of [
  ['no Patient', [immunization], 'PATIENT_MISSING'],
  ['two Patients', [patient, immunization, patient], 'BUNDLE_MALFORMED'],
  ['a Patient without a name', [{ ...patient, name: [] }, immunization], 'PATIENT_UNNAMED'],
  ['no date of birth', [{ ...patient, birthDate: undefined }, immunization], 'BIRTH_DATE_INVALID'],
  ['a partial date of birth', [{ ...patient, birthDate: '1951' }, immunization], 'BIRTH_DATE_INVALID'],
  [
    'a date of birth that never was',
    [{ ...patient, birthDate: '1951-02-29' }, immunization],
    'BIRTH_DATE_INVALID',
  ],
  ['a Patient alone', [patient], 'NOTHING_ATTESTED'],
  ['an entry in error', [patient, { ...immunization, status: 'entered-in-error' }], 'NOTHING_ATTESTED'],
  [
    'an immunization without a code',
    [patient, { ...immunization, vaccineCode: { text: 'a dose' } }],
    'NOTHING_ATTESTED',
  ],
  ['an immunization of nobody', [patient, { ...immunization, patient: {} }], 'NOTHING_ATTESTED'],
  [
    'an immunization of another resource',
    [patient, { ...immunization, patient: { reference: 'urn:uuid:1' } }],
    'NOTHING_ATTESTED',
  ],
  ['a preliminary result', [patient, { ...observation, status: 'preliminary' }], 'NOTHING_ATTESTED'],
  [
    'a vital sign',
    [patient, { ...observation, category: [{ coding: [{ code: 'vital-signs' }] }] }],
    'NOTHING_ATTESTED',
  ],
  [
    'an observation of another kind',
    [patient, { ...observation, code: { coding: [{ code: 'x' }] } }],
    'NOTHING_ATTESTED',
  ],
  [
    'a reference to nothing',
    [patient, { ...immunization, encounter: { reference: 'Encounter/9' } }],
    'REFERENCE_UNRESOLVED',
  ],
] as const) {
  test(`a bundle with ${fault} is refused as ${code}`, () => {
    assert.throws(() => assertIssuable(bundleOf(...resources)), refusal(code));
  });
}

test('two different Patients are refused', () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: patient }, { resource: patient }],
  };
  assert.throws(() => assertIssuable(parseBundle(bundle)), refusal('PATIENT_NOT_UNIQUE'));
});

test('a reference that fits two entries leads to neither', () => {
  const twin = { ...immunization, id: 'i1', part: [{ reference: 'Immunization/i1' }] };
  assert.throws(() => assertIssuable(bundleOf(patient, immunization, twin)), refusal('REFERENCE_UNRESOLVED'));
});

test(
  'the bundles of the official examples minimise to the bundles of their cards',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  () => {
    for (const n of ['00', '01', '03']) {
      const read = (part: string): unknown =>
        parseJson(decodeUtf8(readFileSync(`${dataDir}/shc-examples/example-${n}-${part}.json`)));
      const card = read('c-jws-payload-minified') as { vc: { credentialSubject: { fhirBundle: unknown } } };
      const bundle = parseBundle(read('a-fhirBundle'));
      assert.deepEqual(minimiseBundle(bundle), card.vc.credentialSubject.fhirBundle);
      assertIssuable(bundle);
    }
  },
);

test('a member __proto__ of a record stays a member, and makes no other of them', () => {
  const odd = JSON.parse('{"resourceType":"Patient","__proto__":{"birthDate":"1980-02-29"}}') as FhirResource;
  const { entry } = minimiseBundle({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: 'resource:0', resource: odd }],
  });
  assert.equal(JSON.stringify(entry[0]?.resource), JSON.stringify(odd));
  assert.equal(entry[0]?.resource['birthDate'], undefined);
});
