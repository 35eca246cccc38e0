import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidateOf } from '../../../agent/records/candidate.ts';
import { mergeRecords, sharesOf, type SourceRecord } from '../../../agent/records/merge-records.ts';
import { assertIssuable, type FhirBundle, type FhirEntry } from '../../../credential/fhir-bundle.ts';
import { readHealthRecord } from '../../../credential/health-record.ts';
import { dose, record, result } from '../records.ts';

const from = (source: string, ...entries: readonly FhirEntry[]): SourceRecord => ({
  source,
  bundle: candidateOf(source, record(...entries)).bundle,
});
const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
const dosesOf = (bundle: FhirBundle): readonly string[] =>
  readHealthRecord(bundle, day).doses.map(({ date }) => date);
const count = (bundle: FhirBundle, type: string): number =>
  bundle.entry.filter(({ resource }) => resource.resourceType === type).length;

test('the record of one source stays as it is', () => {
  const one = from('A', dose('2026-09-01'));
  assert.equal(mergeRecords([one]), one.bundle);
});

test('records of several sources are one that may be signed, with one Patient and each fact once', () => {
  const records = [
    from('A', dose('2026-09-01'), result('pcr', '2026-11-20T08:00:00Z')),
    from('B', dose('2026-09-01', '208', { lotNumber: 'B7' }), dose('2026-09-22')),
    from('C'),
    from('D', result('pcr', '2026-11-20T08:00:00Z'), result('pcr', '2026-11-20T08:00:00Z', 'positive')),
  ];
  const merged = mergeRecords(records);
  assertIssuable(merged);
  assert.deepEqual(
    [count(merged, 'Patient'), count(merged, 'Immunization'), count(merged, 'Observation')],
    [1, 2, 2],
  );
  assert.deepEqual(dosesOf(merged), ['2026-09-01', '2026-09-22']);
  // As the first that knows it has it.
  assert.match(JSON.stringify(merged), /A1234/);
  assert.doesNotMatch(JSON.stringify(merged), /B7/);
  assert.deepEqual(mergeRecords(records), merged);
  assert.deepEqual(sharesOf(records), [
    { source: 'A', doses: 1, tests: 1 },
    { source: 'B', doses: 2, tests: 0 },
    { source: 'C', doses: 0, tests: 0 },
    { source: 'D', doses: 0, tests: 2 },
  ]);
});

test('what is not surely the same stays, and what one source says twice is its own to say', () => {
  const merged = mergeRecords([
    from('A', dose('2026-09-01'), dose('2026-09-01')),
    from('B', dose('2026-09-01', '207'), dose('2026-09-01', '208', { status: 'entered-in-error' })),
    from('C', dose('2026-09-01', '208', { occurrenceDateTime: undefined, occurrenceString: 'autumn' })),
  ]);
  assert.equal(count(merged, 'Immunization'), 5);
});

test('references lead to where they led, whatever moved', () => {
  const performed = (name: string, date: string): SourceRecord => {
    const organization = { resource: { resourceType: 'Organization', name } };
    const given = dose(date, '208', { performer: [{ actor: { reference: 'resource:2' } }] });
    return { source: name, bundle: record(given, organization) };
  };
  const records = [performed('Harbor', '2026-09-01'), performed('Hill', '2026-09-22')];
  const { entry } = mergeRecords([from('A', dose('2026-08-01')), ...records]);
  for (const { resource } of entry.filter((one) => one.resource['performer'] !== undefined)) {
    const [{ actor }] = resource['performer'] as [{ actor: { reference: string } }];
    const place = Number(/^resource:(\d+)$/.exec(actor.reference)?.[1]);
    const wanted = resource['occurrenceDateTime'] === '2026-09-01' ? 'Harbor' : 'Hill';
    assert.equal(entry[place]?.resource['name'], wanted);
    assert.deepEqual(resource['patient'], { reference: 'resource:0' });
  }
  assert.equal(entry.length, 6);
});
