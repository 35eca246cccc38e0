import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FhirBundle, FhirResource } from '../../credential/fhir-bundle.ts';
import { namedSubject } from '../../credential/subject.ts';

function bundleOf(...resources: FhirResource[]): FhirBundle {
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}

function named(name: unknown, birthDate: unknown = '1951-01-20') {
  return namedSubject(bundleOf({ resourceType: 'Patient', name, birthDate }));
}

const known = { family: 'Anyperson', given: ['John', 'B.'] };

for (const [what, name, composed] of [
  ['given names and family', [known], 'John B. Anyperson'],
  ['family alone', [{ family: 'Anyperson' }], 'Anyperson'],
  ['given alone', [{ given: ['John'] }], 'John'],
  ['text where there are no parts', [{ text: ' John B. Anyperson ' }], 'John B. Anyperson'],
  ['parts before text', [{ ...known, text: 'Someone Else' }], 'John B. Anyperson'],
  ['family first where it is read so', [{ family: '林', given: ['怡君'] }], '林 怡君'],
  ['given first if one part is of another script', [{ family: '林', given: ['Iris'] }], 'Iris 林'],
  ['given first in katakana', [{ family: 'スミス', given: ['ジョン'] }], 'ジョン スミス'],
  ['family alone, in Chinese', [{ family: '林' }], '林'],
  ['the official of several', [{ family: 'Nick' }, { use: 'official', ...known }], 'John B. Anyperson'],
  ['the first of several', [known, { use: 'old', family: 'Maiden' }], 'John B. Anyperson'],
  [
    'the one that says something',
    [{}, { use: 'official', family: ' ' }, null, 'x', known],
    'John B. Anyperson',
  ],
  [
    'only texts among the given',
    [{ family: 'Anyperson', given: [1, null, 'John', {}, ''] }],
    'John Anyperson',
  ],
] as const) {
  test(`a name is ${what}`, () => {
    assert.deepEqual(named(name), { name: composed, birthDate: '1951-01-20' });
  });
}

for (const name of [
  undefined,
  null,
  [],
  [{}],
  [[]],
  {},
  known,
  'John',
  [{ family: 7 }],
  [{ given: 'John' }],
  [{ text: '' }],
  // Nothing but hidden characters: zero-width, bidirectional, fillers, a braille blank.
  [{ family: '\u200B' }],
  [{ family: '\u202E', given: ['\u2066\u00AD'] }],
  [{ text: '\u3164\u115F\u2800\u0000' }],
]) {
  test(`a Patient with the name ${JSON.stringify(name)} has none`, () => {
    assert.equal(named(name), undefined);
  });
}

test('the date of birth is a date, possibly partial, or null', () => {
  for (const date of ['1951-01-20', '1951-01', '1951']) assert.equal(named([known], date)?.birthDate, date);
  for (const date of ['1951-02-30', '1951-13', '20.1.1951', '', null, 1951, ['1951']]) {
    assert.equal(named([known], date)?.birthDate, null);
  }
  assert.equal(namedSubject(bundleOf({ resourceType: 'Patient', name: [known] }))?.birthDate, null);
});

test('a bundle without a Patient, or with two, is about nobody', () => {
  const patient = { resourceType: 'Patient', name: [known] };
  assert.equal(namedSubject(bundleOf({ resourceType: 'Immunization' })), undefined);
  assert.equal(namedSubject(bundleOf({ resourceType: 'Practitioner', name: [known] })), undefined);
  assert.equal(namedSubject(bundleOf(patient, { resourceType: 'Immunization' }, patient)), undefined);
  assert.equal(namedSubject(bundleOf(patient, { resourceType: 'Patient' })), undefined);
});

test('nothing is thrown, whatever a Patient looks like', () => {
  const patients = fc.array(fc.dictionary(fc.constantFrom('name', 'birthDate', 'given'), fc.jsonValue()), {
    maxLength: 3,
  });
  fc.assert(
    fc.property(patients, (resources) => {
      namedSubject(bundleOf(...resources.map((resource) => ({ ...resource, resourceType: 'Patient' }))));
    }),
  );
});
