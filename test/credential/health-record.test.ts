import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { minimiseBundle, type FhirBundle } from '../../credential/fhir-bundle.ts';
import { readHealthRecord } from '../../credential/health-record.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { dataDir } from '../support/data.ts';

/** As the Vaccination & Testing guide 1.0.0 and the official examples write them. */
const CVX = 'http://hl7.org/fhir/sid/cvx';
const SNOMED = 'http://snomed.info/sct';
const LOINC = 'http://loinc.org';

interface Resource {
  readonly resourceType: string;
  readonly [member: string]: unknown;
}
interface Coding {
  readonly system?: unknown;
  readonly code: string;
}

const patient: Resource = {
  resourceType: 'Patient',
  name: [{ family: 'Anyperson', given: ['Ada'] }],
  birthDate: '1951-01-20',
};
const concept = (...coding: Coding[]) => ({ coding });

function immunization(content: object = {}): Resource {
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: concept({ system: CVX, code: '207' }),
    patient: { reference: 'resource:0' },
    occurrenceDateTime: '2021-01-01',
    ...content,
  };
}

function observation(content: object = {}): Resource {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: concept({ system: LOINC, code: '94500-6' }),
    subject: { reference: 'resource:0' },
    effectiveDateTime: '2021-11-20T08:25:00-05:00',
    valueCodeableConcept: concept({ system: SNOMED, code: '260385009' }),
    ...content,
  };
}

function bundleOf(...resources: Resource[]): FhirBundle {
  const entry = resources.map((resource, i) => ({ fullUrl: `resource:${i}`, resource }));
  return { resourceType: 'Bundle', type: 'collection', entry };
}

const record = (...resources: Resource[]) => readHealthRecord(bundleOf(patient, ...resources));
const NOTHING = { doses: [], tests: [], unread: { doses: 0, tests: 0 } };
const dose = { date: '2021-01-01', at: null, performers: [], records: 1 };
const cvx = (...codes: string[]) => ({ cvx: codes, snomed: [], icd11: [], other: [] });

// ------------------------------------------------------------------ doses

test('a dose is its date, its codes by system, and who gave it', () => {
  const { doses, unread } = record(
    immunization({
      vaccineCode: concept(
        { system: SNOMED, code: '28531000087107' },
        { system: CVX, code: '207' },
        { system: 'http://id.who.int/icd/release/11/mms', code: 'XM3DT5' },
        { system: 'http://id.who.int/icd11/mms', code: 'XM0GQ8' },
        { system: 'https://www.gs1.org/gtin', code: '80777027310' },
        { code: '207' },
      ),
      performer: [{ actor: { display: ' ABC General Hospital ' } }, { actor: { display: '' } }, {}],
    }),
  );
  assert.deepEqual(doses, [
    {
      ...dose,
      codes: {
        cvx: ['207'],
        snomed: ['28531000087107'],
        icd11: ['XM0GQ8', 'XM3DT5'],
        other: ['https://www.gs1.org/gtin|80777027310', '|207'],
      },
      performers: ['ABC General Hospital'],
    },
  ]);
  assert.deepEqual(unread, { doses: 0, tests: 0 });
});

test('doses stand by date, then by code, whatever the order of the entries', () => {
  const given = ['2021-02-01/208', '2020-12-31/212', '2021-01-01/207', '2021-01-01/140'].map((dated) => {
    const [occurrenceDateTime, code = ''] = dated.split('/');
    return immunization({ occurrenceDateTime, vaccineCode: concept({ system: CVX, code }) });
  });
  assert.deepEqual(
    record(...given).doses.map(({ date, codes }) => `${date}/${codes.cvx.join()}`),
    ['2020-12-31/212', '2021-01-01/140', '2021-01-01/207', '2021-02-01/208'],
  );
});

for (const [what, content] of [
  ['not done', { status: 'not-done' }],
  ['entered in error', { status: 'entered-in-error' }],
  ['without a status', { status: undefined }],
  ['of a status that is a list', { status: ['completed'] }],
  ['subpotent', { isSubpotent: true }],
  ['without a code', { vaccineCode: { text: 'a dose' } }],
  ['of nobody', { patient: undefined }],
  ['of another resource', { patient: { reference: 'resource:1' } }],
  ['of somebody elsewhere', { patient: { reference: 'https://elsewhere.example/Patient/0' } }],
] as const) {
  test(`an immunization ${what} is no dose`, () => {
    assert.deepEqual(record(immunization(content)), NOTHING);
  });
}

test('a dose said not to be subpotent counts', () => {
  assert.equal(record(immunization({ isSubpotent: false })).doses.length, 1);
});

for (const [what, content] of [
  ['a year', { occurrenceDateTime: '2021' }],
  ['a month', { occurrenceDateTime: '2021-01' }],
  ['a day that never was', { occurrenceDateTime: '2021-02-29' }],
  ['no date', { occurrenceDateTime: undefined }],
  ['words for a date', { occurrenceDateTime: undefined, occurrenceString: 'last winter' }],
  ['a date and words', { occurrenceString: 'last winter' }],
  ['a potency that is neither true nor false', { isSubpotent: 'true' }],
  ['a modifier that is not known here', { modifierExtension: [{ url: 'urn:refuted', valueBoolean: true }] }],
  ['rules that are not known here', { implicitRules: 'urn:rules' }],
] as const) {
  test(`a dose with ${what} counts for nothing and is counted as unread`, () => {
    assert.deepEqual(record(immunization(content)), { ...NOTHING, unread: { doses: 1, tests: 0 } });
  });
}

test('a dose given at a time with its zone has its instant, and the date as written', () => {
  const [given] = record(immunization({ occurrenceDateTime: '2021-01-01T23:30:00-05:00' })).doses;
  assert.deepEqual([given?.date, given?.at], ['2021-01-01', 1609561800]);
  const [unzoned] = record(immunization({ occurrenceDateTime: '2021-01-01T23:30:00' })).doses;
  assert.deepEqual([unzoned?.date, unzoned?.at], ['2021-01-01', null]);
});

test('one dose recorded by two providers is one dose of two records', () => {
  const { doses } = record(
    immunization({ performer: [{ actor: { display: 'Pharmacy' } }], lotNumber: '1' }),
    immunization({
      performer: [{ actor: { display: 'Hospital' } }],
      vaccineCode: concept({ system: CVX, code: '207' }, { system: SNOMED, code: '1' }),
    }),
  );
  assert.deepEqual(doses, [
    { ...dose, codes: { ...cvx('207'), snomed: ['1'] }, performers: ['Hospital', 'Pharmacy'], records: 2 },
  ]);
});

test('two records without a code in common are one dose if a third shares one with each', () => {
  const one = immunization();
  const other = immunization({ vaccineCode: concept({ system: SNOMED, code: '1' }) });
  const both = immunization({
    vaccineCode: concept({ system: CVX, code: '207' }, { system: SNOMED, code: '1' }),
  });
  assert.deepEqual(
    record(one, other).doses.map(({ records }) => records),
    [1, 1],
  );
  for (const order of [
    [one, other, both],
    [both, other, one],
    [one, both, other],
  ]) {
    assert.deepEqual(record(...order).doses, [
      { ...dose, codes: { ...cvx('207'), snomed: ['1'] }, records: 3 },
    ]);
  }
});

test('a code of one system is not that of another', () => {
  const other = immunization({ vaccineCode: concept({ system: SNOMED, code: '207' }) });
  assert.equal(record(immunization(), other).doses.length, 2);
});

test('records of one dose that differ about the instant leave it open', () => {
  const at = (time: string) => immunization({ occurrenceDateTime: `2021-01-01${time}` });
  const instants = (...times: string[]) => record(...times.map(at)).doses.map((one) => one.at);
  assert.deepEqual(instants('T10:00:00Z', 'T10:00:00Z', ''), [1609495200]);
  assert.deepEqual(instants('T10:00:00Z', 'T11:00:00Z', 'T10:00:00Z'), [null]);
});

// ------------------------------------------------------------------ tests

const result = {
  date: '2021-11-20',
  at: 1637414700,
  codes: { loinc: ['94500-6'], other: [] },
  result: 'negative',
  performers: [],
  records: 1,
};

test('a test is its collection, its code, its result and its laboratory', () => {
  const { tests } = record(observation({ performer: [{ display: 'Quayside Diagnostics' }] }));
  assert.deepEqual(tests, [{ ...result, performers: ['Quayside Diagnostics'] }]);
});

for (const [what, coding, meaning] of [
  ['Negative', [{ system: SNOMED, code: '260385009' }], 'negative'],
  ['Not detected', [{ system: SNOMED, code: '260415000' }], 'negative'],
  ['Positive', [{ system: SNOMED, code: '10828004' }], 'positive'],
  ['Detected', [{ system: SNOMED, code: '260373001' }], 'positive'],
  ['Negative of LOINC', [{ system: LOINC, code: 'LA6577-6' }], 'negative'],
  ['Not detected of LOINC', [{ system: LOINC, code: 'LA11883-8' }], 'negative'],
  ['Positive of LOINC', [{ system: LOINC, code: 'LA6576-8' }], 'positive'],
  ['Detected of LOINC', [{ system: LOINC, code: 'LA11882-0' }], 'positive'],
  ['Inconclusive', [{ system: SNOMED, code: '419984006' }], 'other'],
  ['a code of no system', [{ code: '260385009' }], 'other'],
  ['a code of another system', [{ system: LOINC, code: '260385009' }], 'other'],
  [
    'Negative in two systems',
    [
      { system: SNOMED, code: '260385009' },
      { system: LOINC, code: 'LA6577-6' },
    ],
    'negative',
  ],
  [
    'Negative and a code of the laboratory',
    [
      { system: SNOMED, code: '260385009' },
      { system: 'urn:lab', code: 'N' },
    ],
    'negative',
  ],
  [
    'Negative and Detected at once',
    [
      { system: SNOMED, code: '260385009' },
      { system: SNOMED, code: '260373001' },
    ],
    'other',
  ],
  ['nothing', [], 'other'],
] as const) {
  test(`the result ${what} is ${meaning}`, () => {
    const [only] = record(observation({ valueCodeableConcept: { coding } })).tests;
    assert.equal(only?.result, meaning);
  });
}

test('a result in words or numbers is neither negative nor positive', () => {
  for (const value of [
    { valueString: 'negative' },
    { valueQuantity: { value: 0 } },
    { dataAbsentReason: {} },
  ]) {
    const [only] = record(observation({ valueCodeableConcept: undefined, ...value })).tests;
    assert.equal(only?.result, 'other');
  }
});

for (const [what, content] of [
  ['preliminary', { status: 'preliminary' }],
  ['cancelled', { status: 'cancelled' }],
  ['of a status that is a list', { status: ['final'] }],
  ['in error', { status: 'entered-in-error' }],
  ['of another kind', { code: concept({ system: SNOMED, code: '1' }) }],
  ['of a vital sign', { category: [concept({ code: 'vital-signs' })] }],
  ['of nobody', { subject: undefined }],
  ['of another resource', { subject: { reference: 'resource:1' } }],
] as const) {
  test(`an observation ${what} is no test`, () => {
    assert.deepEqual(record(observation(content)), NOTHING);
  });
}

for (const status of ['final', 'amended', 'corrected']) {
  test(`a result that is ${status} is a test`, () => {
    assert.deepEqual(record(observation({ status })).tests, [result]);
  });
}

const other = { effectiveDateTime: undefined };
for (const [what, content, expected] of [
  ['a date', { effectiveDateTime: '2021-11-20' }, ['2021-11-20', null]],
  ['a time without a zone', { effectiveDateTime: '2021-11-20T08:25:00' }, ['2021-11-20', null]],
  ['an instant', { ...other, effectiveInstant: '2021-11-20T13:25:00Z' }, ['2021-11-20', 1637414700]],
  [
    'a period, by its start',
    { ...other, effectivePeriod: { start: '2021-11-20T13:25:00Z', end: '2021-11-21T13:25:00Z' } },
    ['2021-11-20', 1637414700],
  ],
] as const) {
  test(`a sample is collected at ${what}`, () => {
    const [only] = record(observation(content)).tests;
    assert.deepEqual([only?.date, only?.at], expected);
  });
}

for (const [what, content] of [
  ['no time', other],
  ['a year', { effectiveDateTime: '2021' }],
  ['a date and half a period', { effectivePeriod: { end: '2021-11-20' } }],
  ['a period without a start', { ...other, effectivePeriod: { end: '2021-11-20' } }],
  ['a period that is none', { ...other, effectivePeriod: '2021-11-20' }],
  ['a schedule', { ...other, effectiveTiming: { event: ['2021-11-20'] } }],
  ['two times', { effectiveInstant: '2021-11-20T13:25:00Z' }],
  ['a modifier that is not known here', { modifierExtension: [] }],
] as const) {
  test(`a result with ${what} counts for nothing and is counted as unread`, () => {
    assert.deepEqual(record(observation(content)), { ...NOTHING, unread: { doses: 0, tests: 1 } });
  });
}

test('a result reported twice is one; two results of one day stand by their instants', () => {
  const positive = observation({
    effectiveDateTime: '2021-11-20T18:00:00-05:00',
    valueCodeableConcept: concept({ system: SNOMED, code: '10828004' }),
  });
  const undatedTime = observation({ effectiveDateTime: '2021-11-20' });
  const { tests } = record(positive, observation(), undatedTime, observation({ status: 'corrected' }));
  assert.deepEqual(
    tests.map(({ at, result: one, records }) => [at, one, records]),
    [
      [null, 'negative', 1],
      [1637414700, 'negative', 2],
      [1637449200, 'positive', 1],
    ],
  );
});

test('a negative and a positive result of one sample stand side by side', () => {
  const positive = observation({ valueCodeableConcept: concept({ system: SNOMED, code: '10828004' }) });
  assert.deepEqual(
    record(positive, observation()).tests.map((one) => one.result),
    ['negative', 'positive'],
  );
});

// ------------------------------------------------------------------ whose

test('a bundle about nobody, or about two, has no record', () => {
  assert.deepEqual(readHealthRecord(bundleOf(immunization())), NOTHING);
  assert.deepEqual(readHealthRecord(bundleOf(patient, immunization(), patient)), NOTHING);
});

test('two entries under one name are nobody', () => {
  const bundle = bundleOf(patient, immunization());
  const entry = [...bundle.entry, { fullUrl: 'resource:0', resource: { resourceType: 'Location' } }];
  assert.deepEqual(readHealthRecord({ ...bundle, entry }), NOTHING);
});

const days = fc.constantFrom(
  '2021-01-01',
  '2021-01-01T10:00:00Z',
  '2021-01-01T11:00:00Z',
  '2021-01-29',
  '2021',
);
const codesOf = (...system: readonly string[]) =>
  fc
    .array(fc.record({ system: fc.constantFrom(...system), code: fc.constantFrom('207', '208', '1') }), {
      maxLength: 3,
    })
    .map((coding) => ({ coding }));
const resources: fc.Arbitrary<readonly Resource[]> = fc.array(
  fc.oneof(
    fc
      .record({
        status: fc.constantFrom('completed', 'completed', 'not-done', 'entered-in-error'),
        vaccineCode: codesOf(CVX, SNOMED, 'urn:x'),
        occurrenceDateTime: days,
        isSubpotent: fc.constantFrom(undefined, undefined, false, true),
        performer: fc.constantFrom([], [{ actor: { display: 'A' } }], [{ actor: { display: 'B' } }]),
        patient: fc.constantFrom({ reference: 'the one' }, { reference: 'the one' }, { reference: 'other' }),
      })
      .map(immunization),
    fc
      .record({
        status: fc.constantFrom('final', 'amended', 'preliminary'),
        code: codesOf(LOINC, 'urn:x'),
        effectiveDateTime: days,
        valueCodeableConcept: fc
          .constantFrom('260385009', '10828004', '260373001', '419984006')
          .map((code) => concept({ system: SNOMED, code })),
        subject: fc.constantFrom({ reference: 'the one' }, { reference: 'other' }),
      })
      .map(observation),
    fc.constant<Resource>({ resourceType: 'Location' }),
  ),
  { maxLength: 12 },
);

/** The resources and their Patient in that order, with the references pointed at where the Patient came to stand. */
function ordered(content: readonly Resource[]): FhirBundle {
  const at = content.findIndex(({ resourceType }) => resourceType === 'Patient');
  const text = JSON.stringify(bundleOf(...content)).replaceAll('"the one"', `"resource:${at}"`);
  return JSON.parse(text) as FhirBundle;
}

test('any order of the entries gives the same record', () => {
  const orders = resources.chain((some) => {
    const all = [patient, ...some];
    return fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }));
  });
  fc.assert(
    fc.property(orders, ([one, shuffled]) => {
      const expected = readHealthRecord(ordered(one));
      assert.deepEqual(readHealthRecord(ordered(shuffled)), expected);
      assert.deepEqual(readHealthRecord(minimiseBundle(ordered(shuffled))), expected);
      assert.deepEqual(JSON.parse(JSON.stringify(expected)), expected);
    }),
    { numRuns: 1000 },
  );
});

test('every record is of a dose or test that counts, and every one of those is recorded once', () => {
  fc.assert(
    fc.property(resources, (some) => {
      const bundle = ordered([patient, ...some]);
      const { doses, tests, unread } = readHealthRecord(bundle);
      const recorded = [...doses, ...tests].reduce((sum, { records }) => sum + records, 0);
      const attested = bundle.entry.filter(({ resource }) => {
        const { status, isSubpotent, vaccineCode, code, patient: of, subject } = resource;
        const about = JSON.stringify(of ?? subject ?? '') === '{"reference":"resource:0"}';
        const said = JSON.stringify(vaccineCode ?? code ?? '');
        const kind = vaccineCode === undefined ? said.includes(LOINC) : said.includes('"code"');
        const final = ['completed', 'final', 'amended'].includes(String(status));
        // What may be a positive result of the Patient is counted as unread.
        const doubt =
          resource.resourceType === 'Observation' &&
          /10828004|260373001/.test(JSON.stringify(resource['valueCodeableConcept'])) &&
          !(about && final);
        return kind && ((about && isSubpotent !== true && final) || doubt);
      });
      assert.equal(recorded + unread.doses + unread.tests, attested.length);
    }),
    { numRuns: 500 },
  );
});

test('no odd shape of a bundle throws', () => {
  const values = fc.anything({
    key: fc.constantFrom('coding', 'code', 'system', 'display', 'actor', 'reference', 'start'),
  });
  const odd = fc.dictionary(
    fc.constantFrom(
      'vaccineCode',
      'performer',
      'occurrenceDateTime',
      'isSubpotent',
      'code',
      'effectivePeriod',
    ),
    values,
  );
  fc.assert(
    fc.property(odd, (content) => {
      record(immunization(content), observation(content));
    }),
  );
});

test('a dose of ten thousand codes is read at once', () => {
  const coding = Array.from({ length: 10_000 }, (_, i) => ({ system: CVX, code: `${i}` }));
  const started = performance.now();
  assert.equal(record(immunization({ vaccineCode: { coding } })).doses[0]?.codes.cvx.length, 10_000);
  assert.ok(performance.now() - started < 1000);
});

test('two thousand records of one day are read at once', () => {
  const many = Array.from({ length: 2000 }, (_, i) =>
    immunization({ vaccineCode: concept({ system: CVX, code: `${i}` }, { system: CVX, code: `${i + 1}` }) }),
  );
  const started = performance.now();
  const { doses } = record(...many);
  assert.deepEqual([doses.length, doses[0]?.records], [1, 2000]);
  assert.ok(performance.now() - started < 1000);
});

test(
  'the official examples hold the doses that they tell of',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  () => {
    const first = ['2021-01-01 207', '2021-01-29 207', '2022-09-05 229'];
    for (const [n, expected] of [
      ['00', first],
      ['01', first],
      ['03', ['2021-03-01 207', '2021-03-29 207']],
    ] as const) {
      const path = `${dataDir}/shc-examples/example-${n}-a-fhirBundle.json`;
      const { doses, tests, unread } = readHealthRecord(
        parseJson(decodeUtf8(readFileSync(path))) as FhirBundle,
      );
      assert.deepEqual([tests, unread], [[], NOTHING.unread]);
      assert.deepEqual(
        doses.map(({ date, codes }) => `${date} ${codes.cvx.join()}`),
        expected,
      );
      assert.ok(doses.every(({ performers }) => performers.join() === 'ABC General Hospital'));
    }
  },
);
