import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { minimiseBundle } from '../../credential/fhir-bundle.ts';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import { qualify, patientOf } from '../../agent/qualification.ts';
import type { Refusal } from '../../agent/qualification.ts';
import type { ProductName } from '../../agent/products.ts';
import { at, dose, newYork, record, result } from './records.ts';

const policy = newYork();
const NOON = '2021-12-01T12:00:00-05:00';

function answer(name: ProductName, bundle: FhirBundle, now = NOON): string {
  const found = qualify(minimiseBundle(bundle), name, policy, at(now));
  return found.kind === 'refused' ? found.reason : found.kind;
}

function refusal(name: ProductName, bundle: FhirBundle, now = NOON): Refusal {
  const found = qualify(minimiseBundle(bundle), name, policy, at(now));
  assert.equal(found.kind, 'refused');
  return found;
}

test('a first dose of two is refused with what is missing', () => {
  const { reason, doses, needed, evidenceDay, from } = refusal(
    'vaccination-pass',
    record(dose('2021-11-02')),
  );
  assert.deepEqual(
    [reason, doses, needed, evidenceDay, from],
    ['SERIES_INCOMPLETE', 1, 2, '2021-11-02', '2021-11-19'],
  );
});

test('a record without an accepted dose is refused', () => {
  assert.equal(answer('vaccination-pass', record(dose('2021-11-02', '213'))), 'NO_ACCEPTED_DOSE');
  assert.equal(answer('vaccination-plus', record(result('pcr', '2021-11-30'))), 'NO_ACCEPTED_DOSE');
});

test('a Pass is to be had from the fourteenth day, a Plus from the fifteenth', () => {
  const bundle = record(dose('2021-10-01'), dose('2021-11-02'));
  assert.equal(refusal('vaccination-pass', bundle, '2021-11-15T23:59:59-05:00').from, '2021-11-16');
  assert.equal(answer('vaccination-pass', bundle, '2021-11-16T00:00:00-05:00'), 'qualified');
  assert.equal(answer('vaccination-plus', bundle, '2021-11-16T23:59:59-05:00'), 'TOO_EARLY');
  assert.equal(answer('vaccination-plus', bundle, '2021-11-17T00:00:00-05:00'), 'qualified');
});

test('a booster does not move the Vaccination Pass', () => {
  const series = [dose('2021-01-01'), dose('2021-02-01')];
  const [without, boosted] = [record(...series), record(...series, dose('2021-11-01'))].map((bundle) => {
    const found = qualify(minimiseBundle(bundle), 'vaccination-pass', policy, at(NOON));
    return found.kind === 'qualified' ? found.window.until : found.reason;
  });
  assert.equal(without, at('2022-02-02T05:00:00Z'));
  assert.equal(boosted, without);
  assert.equal(
    answer('vaccination-pass', record(...series, dose('2021-11-01')), '2022-02-03T12:00:00Z'),
    'WINDOW_OVER',
  );
});

test('a negative PCR test counts for the day of the collection in New York, whatever zone it was written in', () => {
  const late = record(result('pcr', '2021-12-01T03:00:00Z'));
  assert.equal(answer('pcr-pass', late, '2021-12-03T23:59:59-05:00'), 'qualified');
  assert.equal(answer('pcr-pass', late, '2021-12-04T00:00:01-05:00'), 'WINDOW_OVER');
});

test('an antigen test without its time of collection is refused', () => {
  for (const written of ['2021-12-01', '2021-12-01T11:00:00']) {
    assert.equal(answer('antigen-pass', record(result('antigen', written))), 'TEST_TIME_MISSING');
  }
  assert.equal(answer('antigen-pass', record(result('antigen', '2021-12-01T11:00:00-05:00'))), 'qualified');
  assert.equal(answer('antigen-plus', record(result('antigen', '2021-12-01T05:59:59-05:00'))), 'WINDOW_OVER');
});

test('a positive result beside a negative one or after it leaves nothing to attest', () => {
  const negative = result('pcr', '2021-11-30');
  for (const positive of ['2021-11-30', '2021-12-01']) {
    assert.equal(
      answer('pcr-pass', record(negative, result('pcr', positive, 'positive'))),
      'POSITIVE_RESULT',
    );
    assert.equal(
      answer('pcr-plus', record(result('antigen', positive, 'positive'), negative)),
      'POSITIVE_RESULT',
    );
  }
  assert.equal(answer('pcr-pass', record(negative, result('pcr', '2021-11-29', 'positive'))), 'qualified');
  assert.equal(answer('pcr-pass', record(result('pcr', '2021-11-30', 'positive'))), 'NO_NEGATIVE_RESULT');
});

test('a Plus carries what it attests and nothing else of the record', () => {
  const bundle = record(
    dose('2021-10-01'),
    result('pcr', '2021-11-30'),
    dose('2021-11-02'),
    result('pcr', '2021-11-01'),
    dose('2021-11-03', '208', { status: 'entered-in-error' }),
  );
  const carried = (name: ProductName): readonly (string | undefined)[] => {
    const found = qualify(minimiseBundle(bundle), name, policy, at(NOON));
    assert.equal(found.kind, 'qualified');
    return found.part().entry.map(({ fullUrl, resource }) => {
      const subject = resource['patient'] ?? resource['subject'];
      if (subject !== undefined) assert.deepEqual(subject, { reference: 'resource:0' });
      const when = resource['occurrenceDateTime'] ?? resource['effectiveDateTime'];
      return `${fullUrl} ${typeof when === 'string' ? when : resource.resourceType}`;
    });
  };
  assert.deepEqual(carried('vaccination-plus'), [
    'resource:0 Patient',
    'resource:1 2021-10-01',
    'resource:2 2021-11-02',
  ]);
  assert.deepEqual(carried('pcr-plus'), ['resource:0 Patient', 'resource:1 2021-11-30']);
});

test('any order of the entries qualifies for the same until the same moment', () => {
  const entries = [
    dose('2021-01-01'),
    dose('2021-02-01'),
    dose('2021-02-01', '207'),
    dose('2021-09-01'),
    result('pcr', '2021-11-30'),
    result('antigen', '2021-12-01T11:00:00-05:00'),
  ];
  const windows = (bundle: FhirBundle): unknown =>
    (['vaccination-pass', 'vaccination-plus', 'pcr-plus', 'antigen-pass'] as const).map((name) => {
      const found = qualify(minimiseBundle(bundle), name, policy, at(NOON));
      return found.kind === 'refused' ? found : found.window;
    });
  const expected = windows(record(...entries));
  fc.assert(
    fc.property(fc.shuffledSubarray(entries, { minLength: entries.length }), (shuffled) => {
      assert.deepEqual(windows(record(...shuffled)), expected);
    }),
    { numRuns: 50 },
  );
});

test('the name of a Pass is the official one, in its parts', () => {
  const named = (...name: readonly object[]): unknown => {
    const bundle = record(dose('2021-11-02'));
    const [patient, ...rest] = bundle.entry;
    const entry = { ...patient, resource: { resourceType: 'Patient', birthDate: '1980-02-29', name } };
    return patientOf({ ...bundle, entry: [entry, ...rest] }).name;
  };
  assert.deepEqual(
    named({ family: 'Old', given: ['A'] }, { use: 'official', family: 'New', given: ['B', 'C'] }),
    {
      family: 'New',
      given: ['B', 'C'],
    },
  );
  assert.deepEqual(named({}, { text: '王小明' }), { family: '王小明', given: [] });
  assert.deepEqual(named({ given: ['Cher'] }), { family: 'Cher', given: [] });
});
