import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { BUNDLE_FINDINGS, type BundleFindingCode } from '../../credential/bundle-finding.ts';
import { lintBundle } from '../../credential/bundle-lint.ts';
import { minimiseBundle, parseBundle, type FhirBundle } from '../../credential/fhir-bundle.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { dataDir } from '../support/data.ts';

const patient = {
  resourceType: 'Patient',
  name: [{ family: 'Anyperson', given: ['Ada', 'B.'] }],
  birthDate: '1951-01-20',
};
const immunization = {
  resourceType: 'Immunization',
  meta: { security: [{ system: 'https://smarthealth.cards/ial', code: 'IAL2' }] },
  status: 'completed',
  vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '207' }] },
  patient: { reference: 'resource:0' },
  occurrenceDateTime: '2021-01-01',
  lotNumber: 'PILOT12',
  performer: [{ actor: { display: 'ABC General Hospital' } }],
};
const observation = {
  resourceType: 'Observation',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '94500-6' }] },
  subject: { reference: 'resource:0' },
  effectiveDateTime: '2021-11-20T08:25:00-05:00',
  performer: [{ display: 'Quayside Diagnostics' }],
  valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '260385009' }] },
};

function bundleOf(...resources: object[]): FhirBundle {
  return parseBundle({
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource, i) => ({ fullUrl: `resource:${i}`, resource })),
  });
}

const vaccinated = (content: object = {}) => bundleOf(patient, { ...immunization, ...content });
const tested = (content: object = {}) => bundleOf(patient, { ...observation, ...content });
const person = (content: object) => bundleOf({ ...patient, ...content }, immunization);
const withEntry = (content: object) => ({
  ...vaccinated(),
  entry: vaccinated().entry.map((entry, i) => (i === 1 ? { ...entry, ...content } : entry)),
});

const found = (bundle: FhirBundle) => lintBundle(bundle).map(({ code, path }) => `${code} ${path}`);

test('the bundle of a vaccination card and that of a test card are clean', () => {
  assert.deepEqual(found(vaccinated()), []);
  assert.deepEqual(found(tested()), []);
});

for (const [what, bundle] of [
  [
    'a document with its identity',
    { ...vaccinated(), type: 'document', identifier: { value: 'd' }, timestamp: 't' },
  ],
  ['a name that is one text', person({ name: [{ text: 'Ada Anyperson' }] })],
  ['a family name and a text', person({ name: [{ family: 'Anyperson', text: 'Ada Anyperson' }] })],
  ['a dose that is subpotent', vaccinated({ isSubpotent: true })],
  ['a lot number of 19 characters', vaccinated({ lotNumber: '1234567890123456789' })],
  ['a performer of 29 characters', vaccinated({ performer: [{ actor: { display: 'é'.repeat(29) } }] })],
  ['a manufacturer', vaccinated({ manufacturer: { identifier: { system: 'urn:mvx', value: 'MOD' } } })],
  ['a result by the day', tested({ effectiveDateTime: '2021-11-20' })],
  ['a measured result', tested({ valueCodeableConcept: undefined, valueQuantity: { value: 3 } })],
  ['a corrected result', tested({ status: 'corrected' })],
  [
    'a period',
    tested({ effectiveDateTime: undefined, effectivePeriod: { start: '2021-11-20', end: '2021-11-21' } }),
  ],
  ['a person called Null', person({ name: [{ family: 'Null', given: ['Na'] }] })],
] as const) {
  test(`${what} is clean`, () => {
    assert.deepEqual(found(JSON.parse(JSON.stringify(bundle)) as FhirBundle), []);
  });
}

const DOSE = 'Bundle.entry[1].resource';
const WHO = 'Bundle.entry[0].resource';
const cases: readonly (readonly [BundleFindingCode, string, FhirBundle])[] = [
  ['BUNDLE_TYPE', 'Bundle.type', { ...vaccinated(), type: 'searchset' }],
  ['NOTHING_ATTESTED', 'Bundle', bundleOf(patient)],
  ['IMMUNIZATIONS_AND_RESULTS_MIXED', 'Bundle', bundleOf(patient, immunization, observation)],
  [
    'RESOURCE_NOT_NEEDED',
    'Bundle.entry[2].resource',
    bundleOf(patient, immunization, { resourceType: 'Basic' }),
  ],
  [
    'RESOURCE_NOT_NEEDED',
    'Bundle.entry[2].resource',
    bundleOf(patient, immunization, { resourceType: 'constructor' }),
  ],
  ['MEMBER_NOT_NEEDED', 'Bundle.timestamp', { ...vaccinated(), timestamp: '2021-01-01T00:00:00Z' }],
  ['MEMBER_NOT_NEEDED', 'Bundle.entry[1].search', withEntry({ search: { mode: 'match' } })],
  ['MEMBER_NOT_NEEDED', `${DOSE}.note`, vaccinated({ note: [{ author: 'A' }] })],
  ['MEMBER_NOT_NEEDED', `${DOSE}._status`, vaccinated({ _status: { extension: ['e'] } })],
  ['MEMBER_NOT_NEEDED', `${DOSE}.*`, vaccinated({ 'Ada Anyperson': true })],
  ['MEMBER_NOT_NEEDED', `${DOSE}.identifier`, vaccinated({ identifier: [{ value: '1' }] })],
  [
    'MEMBER_NOT_NEEDED',
    `${DOSE}.performer[0].function`,
    vaccinated({ performer: [{ function: 'f', actor: { display: 'A' } }] }),
  ],
  [
    'MEMBER_NOT_NEEDED',
    `${DOSE}.performer[0].actor.type`,
    vaccinated({ performer: [{ actor: { type: 't' } }] }),
  ],
  ['MEMBER_NOT_NEEDED', `${DOSE}.category`, tested({ category: [{ coding: [{ code: 'laboratory' }] }] })],
  ['MEMBER_NOT_NEEDED', `${WHO}.active`, person({ active: true })],
  ['MEMBER_NOT_NEEDED', `${WHO}.name[0].use`, person({ name: [{ use: 'official', text: 'Ada' }] })],
  ['EMPTY_VALUE', `${DOSE}.lotNumber`, vaccinated({ lotNumber: ' ' })],
  ['EMPTY_VALUE', `${DOSE}.lotNumber`, vaccinated({ lotNumber: null })],
  ['EMPTY_VALUE', `${DOSE}.performer`, vaccinated({ performer: [] })],
  ['EMPTY_VALUE', `${DOSE}.performer[0]`, vaccinated({ performer: [{}] })],
  ['PLACEHOLDER', `${DOSE}.lotNumber`, vaccinated({ lotNumber: 'N/A' })],
  [
    'PLACEHOLDER',
    `${WHO}.name[0].given[0]`,
    person({ name: [{ family: 'Anyperson', given: ['UNKNOWN '] }] }),
  ],
  ['PLACEHOLDER', `${WHO}.birthDate`, person({ birthDate: '1900-01-01' })],
  ['PLACEHOLDER', `${DOSE}.occurrenceDateTime`, vaccinated({ occurrenceDateTime: '9999-12-31' })],

  [
    'FULL_URL_INVALID',
    'Bundle.entry[2].fullUrl',
    {
      ...vaccinated(),
      entry: [...vaccinated().entry, { ...vaccinated().entry[1], fullUrl: 'urn:uuid:1' }],
    } as FhirBundle,
  ],
  ['FULL_URL_INVALID', 'Bundle.entry[1].fullUrl', withEntry({ fullUrl: 'resource:01' })],
  ['FULL_URL_NOT_UNIQUE', 'Bundle.entry[1].fullUrl', withEntry({ fullUrl: 'resource:0' })],
  ['REFERENCE_INVALID', `${DOSE}.manufacturer.reference`, vaccinated({ manufacturer: { reference: '#m' } })],
  [
    'REFERENCE_UNRESOLVED',
    `${DOSE}.manufacturer.reference`,
    vaccinated({ manufacturer: { reference: 'resource:7' } }),
  ],
  ['RESOURCE_ID', `${DOSE}.id`, vaccinated({ id: 'i1' })],
  ['RESOURCE_ID', 'Bundle.id', { ...vaccinated(), id: 'b1' }],
  ['RESOURCE_META', `${DOSE}.meta`, vaccinated({ meta: { profile: ['p'] } })],
  ['RESOURCE_META', `${DOSE}.meta`, vaccinated({ meta: { security: [{ code: 'c' }], versionId: '1' } })],
  ['RESOURCE_META', 'Bundle.meta', { ...vaccinated(), meta: { versionId: '1' } }],
  ['RESOURCE_TEXT', `${DOSE}.text`, vaccinated({ text: { status: 'generated', div: '<div/>' } })],
  [
    'CONCEPT_TEXT',
    `${DOSE}.vaccineCode.text`,
    vaccinated({ vaccineCode: { ...immunization.vaccineCode, text: 'a' } }),
  ],
  [
    'CODING_DISPLAY',
    `${DOSE}.vaccineCode.coding[0].display`,
    vaccinated({ vaccineCode: { coding: [{ ...immunization.vaccineCode.coding[0], display: 'a' }] } }),
  ],

  ['PATIENT_NOT_UNIQUE', 'Bundle', bundleOf(patient, immunization, patient)],
  ['NAME_MISSING', `${WHO}.name`, person({ name: undefined })],
  ['NAME_NOT_UNIQUE', `${WHO}.name`, person({ name: [{ text: 'Ada' }, { use: 'old', text: 'Ida' }] })],
  ['NAME_INCOMPLETE', `${WHO}.name[0]`, person({ name: [{ family: 'Anyperson' }] })],
  ['NAME_INCOMPLETE', `${WHO}.name[0]`, person({ name: [{ given: ['Ada'] }] })],
  ['NAME_REDUNDANT', `${WHO}.name[0]`, person({ name: [{ ...patient.name[0], text: 'Ada B. Anyperson' }] })],
  ['BIRTH_DATE_INVALID', `${WHO}.birthDate`, person({ birthDate: '1951' })],
  ['BIRTH_DATE_INVALID', `${WHO}.birthDate`, person({ birthDate: '1951-02-29' })],
  ['BIRTH_DATE_INVALID', `${WHO}.birthDate`, person({ birthDate: undefined })],
  ['PATIENT_IDENTIFIER', `${WHO}.identifier`, person({ identifier: [{ value: '078-05-1120' }] })],
  ['PATIENT_GENDER', `${WHO}.gender`, person({ gender: 'female' })],
  ['PATIENT_ADDRESS', `${WHO}.address`, person({ address: [{ city: 'Nowhere' }] })],
  ['PATIENT_TELECOM', `${WHO}.telecom`, person({ telecom: [{ value: '1' }] })],
  ['NOT_OF_THE_PATIENT', DOSE, vaccinated({ patient: { reference: 'resource:1' } })],
  ['NOT_OF_THE_PATIENT', DOSE, vaccinated({ patient: undefined })],
  ['NOT_OF_THE_PATIENT', DOSE, tested({ subject: { display: 'Ada' } })],

  ['IMMUNIZATION_STATUS', `${DOSE}.status`, vaccinated({ status: 'not-done' })],
  ['VACCINE_CODE_MISSING', `${DOSE}.vaccineCode`, vaccinated({ vaccineCode: { text: 'a dose' } })],
  [
    'VACCINE_CODE_SYSTEM',
    `${DOSE}.vaccineCode.coding`,
    vaccinated({ vaccineCode: { coding: [{ code: '207' }] } }),
  ],
  [
    'VACCINE_CODE_SYSTEM',
    `${DOSE}.vaccineCode.coding`,
    vaccinated({
      vaccineCode: { coding: [...immunization.vaccineCode.coding, { system: 'urn:x', code: '1' }] },
    }),
  ],
  ['OCCURRENCE_MISSING', `${DOSE}.occurrenceDateTime`, vaccinated({ occurrenceDateTime: undefined })],
  ['OCCURRENCE_INVALID', `${DOSE}.occurrenceDateTime`, vaccinated({ occurrenceDateTime: '2021-01' })],
  [
    'OCCURRENCE_WITH_TIME',
    `${DOSE}.occurrenceDateTime`,
    vaccinated({ occurrenceDateTime: '2021-01-01T10:00:00Z' }),
  ],
  ['SUBPOTENT_FALSE', `${DOSE}.isSubpotent`, vaccinated({ isSubpotent: false })],
  [
    'PROTOCOL_APPLIED',
    `${DOSE}.protocolApplied`,
    vaccinated({ protocolApplied: [{ doseNumberPositiveInt: 1 }] }),
  ],
  ['LOT_NUMBER_LONG', `${DOSE}.lotNumber`, vaccinated({ lotNumber: '12345678901234567890' })],
  ['LOT_NUMBER_WORD', `${DOSE}.lotNumber`, vaccinated({ lotNumber: 'Lot #12' })],
  ['LOT_NUMBER_WORD', `${DOSE}.lotNumber`, vaccinated({ lotNumber: '12-LOT34' })],
  [
    'PERFORMER_LONG',
    `${DOSE}.performer[0].actor.display`,
    vaccinated({ performer: [{ actor: { display: 'a'.repeat(30) } }] }),
  ],
  ['PERFORMER_LONG', `${DOSE}.performer[0].display`, tested({ performer: [{ display: 'a'.repeat(30) }] })],

  ['RESULT_STATUS', `${DOSE}.status`, tested({ status: 'preliminary' })],
  ['RESULT_CODE_MISSING', `${DOSE}.code`, tested({ code: { coding: [{ system: 'urn:lab', code: '1' }] } })],
  ['RESULT_VALUE_MISSING', `${DOSE}.valueCodeableConcept`, tested({ valueCodeableConcept: undefined })],
  [
    'RESULT_VALUE_MISSING',
    `${DOSE}.valueCodeableConcept`,
    tested({ valueCodeableConcept: { text: 'negative' } }),
  ],
  [
    'RESULT_VALUE_TEXT',
    `${DOSE}.valueString`,
    tested({ valueCodeableConcept: undefined, valueString: 'negative' }),
  ],
  ['RESULT_TIME_MISSING', `${DOSE}.effectiveDateTime`, tested({ effectiveDateTime: undefined })],
  ['RESULT_TIME_INVALID', `${DOSE}.effectiveDateTime`, tested({ effectiveDateTime: '2021-11-20T08:25:00' })],
  ['RESULT_TIME_INVALID', `${DOSE}.effectiveDateTime`, tested({ effectiveDateTime: '2021-11' })],
  [
    'RESULT_TIME_INVALID',
    `${DOSE}.effectivePeriod.end`,
    tested({ effectiveDateTime: undefined, effectivePeriod: { start: '2021-11-20', end: '2021' } }),
  ],
];

for (const [i, [code, path, bundle]] of cases.entries()) {
  test(`${code} at ${path} (case ${i + 1})`, () => {
    // As it comes out of JSON: members that are undefined here are not there.
    const findings = lintBundle(JSON.parse(JSON.stringify(bundle)) as FhirBundle);
    assert.deepEqual(findings, [{ code, level: BUNDLE_FINDINGS[code][0], path }]);
  });
}

test('PATIENT_MISSING comes with what is then about nobody', () => {
  assert.deepEqual(found(bundleOf({ ...immunization, patient: undefined })), [
    'PATIENT_MISSING Bundle',
    'NOT_OF_THE_PATIENT Bundle.entry[0].resource',
  ]);
});

test('every code has its case', () => {
  const tried = new Set<string>(cases.map(([code]) => code)).add('PATIENT_MISSING');
  assert.deepEqual([...tried].toSorted(), Object.keys(BUNDLE_FINDINGS).toSorted());
});

test('nothing that a bundle says stands in a finding', () => {
  const secret = 'Zq7secretZq7';
  const values = fc.oneof(
    fc.constant(secret),
    fc.constant([secret]),
    fc.constant({ [secret + ' ']: secret }),
  );
  const member = fc.constantFrom(
    'id',
    'display',
    'reference',
    'lotNumber',
    'status',
    `${secret}-`,
    'x '.repeat(30),
  );
  fc.assert(
    fc.property(fc.dictionary(member, values), fc.dictionary(member, values), (one, other) => {
      const bundle = { ...bundleOf({ ...patient, ...one }, { ...immunization, code: other }), ...other };
      assert.ok(!JSON.stringify(lintBundle(bundle)).includes(secret));
    }),
  );
});

test('no odd shape of a bundle throws', () => {
  const shape = fc.anything({
    key: fc.constantFrom('coding', 'code', 'text', 'reference', 'name', 'actor', 'start'),
  });
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom(...Object.keys({ ...patient, ...immunization, ...observation })), shape),
      (odd) => {
        lintBundle(
          bundleOf(
            { ...patient, ...odd, resourceType: 'Patient' },
            { ...odd, resourceType: 'Observation' },
            { ...odd, resourceType: 'Immunization' },
          ),
        );
      },
    ),
  );
});

test('endless nesting ends', () => {
  const ring: Record<string, unknown> = {};
  ring['ring'] = [ring];
  assert.deepEqual(found(vaccinated({ ring })), [`MEMBER_NOT_NEEDED ${DOSE}.ring`]);
});

test('the samples of this project have no error once they are minimised', () => {
  for (const sample of ['immunization', 'lab-result']) {
    const bundle = parseBundle(
      parseJson(readFileSync(new URL(`../../cli/samples/${sample}.json`, import.meta.url), 'utf8')),
    );
    const levels = lintBundle(minimiseBundle(bundle)).map(({ level }) => level);
    assert.ok(!levels.includes('error'), sample);
  }
});

test(
  'the official vaccination examples are clean',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  () => {
    for (const n of ['00', '01', '03']) {
      const path = `${dataDir}/shc-examples/example-${n}-a-fhirBundle.json`;
      assert.deepEqual(found(parseBundle(parseJson(decodeUtf8(readFileSync(path))))), []);
    }
  },
);
