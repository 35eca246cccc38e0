import assert from 'node:assert/strict';
import { test } from 'node:test';

import { candidateOf } from '../../../agent/records/candidate.ts';
import type { Candidate } from '../../../agent/records/record-source.ts';
import { findPerson, type Finding } from '../../../agent/retrieval/find-person.ts';
import { zoeRecord } from './retrieval-fixture.ts';

const query = { family: 'canary nunez', given: 'zoe', birthDate: '1980-02-29', zip: '10001' };
const phones = new Set(['phone'] as const);
const known = (source: string, place: number, more = {}): Candidate =>
  candidateOf(source, zoeRecord(place, more));
const find = (
  candidates: readonly Candidate[],
  unasked: readonly string[] = [],
  kinds: ReadonlySet<'phone' | 'email'> = phones,
): Finding =>
  findPerson(
    { candidates, asked: [], unasked: unasked.map((source) => ({ source, code: 'SOURCE_TIMEOUT' })) },
    query,
    kinds,
  );
const sources = (finding: Finding): unknown =>
  finding.step === 'found'
    ? finding.persons.map(({ records }) => records.map(({ source }) => source))
    : finding.step;

test('records that share a contact are one person, through a third one too', () => {
  const both = {
    telecom: [
      { system: 'phone', value: '2125550001' },
      { system: 'phone', value: '2125550002' },
    ],
  };
  assert.deepEqual(sources(find([known('NY', 1), known('NJ', 1), known('VT', 2)])), [['NY', 'NJ'], ['VT']]);
  assert.deepEqual(sources(find([known('NY', 1), known('NJ', 2), known('VT', 3, both)])), [
    ['NY', 'NJ', 'VT'],
  ]);
});

test('more people of one name, birth date and ZIP code than codes are nobody’s', () => {
  assert.equal(sources(find([1, 2, 3, 4].map((place) => known('NY', place)))), 'ambiguous');
});

test('a way without a sender reaches nobody', () => {
  const byMail = { telecom: [{ system: 'email', value: 'zoe@mail.example.org' }] };
  assert.equal(sources(find([known('NY', 1, byMail)])), 'no-contact');
  assert.deepEqual(sources(find([known('NY', 1, byMail)], [], new Set(['email'] as const))), [['NY']]);
});

test('whatever a source answers, another name, birth date or ZIP code is not the person', () => {
  assert.equal(sources(find([known('NY', 1, { birthDate: '1980-03-01' })])), 'no-record');
  assert.equal(
    sources(find([known('NY', 1, { name: [{ family: 'Canary', given: ['Zoe'] }] })])),
    'no-record',
  );
  assert.equal(sources(find([known('NY', 1, { address: [] })])), 'other-zip');
  assert.equal(sources(find([])), 'no-record');
});

test('a miss while a source was not asked is undetermined, a hit is a hit', () => {
  for (const miss of [[], [known('NY', 1, { address: [] })], [known('NY', 1, { telecom: [] })]]) {
    assert.equal(sources(find(miss, ['VT'])), 'undetermined');
  }
  assert.deepEqual(sources(find([known('NY', 1)], ['VT'])), [['NY']]);
});
