import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ShapeError } from '../../credential/strict-reader.ts';
import { codebookOf, readValueSet } from '../../credential/value-set.ts';

const SOUND = {
  format: 'pratique-value-set-1',
  jurisdiction: 'US-NO',
  id: 'VALUES',
  version: '1.2.3',
  title: { en: 'Codes of Nowhere', 'zh-Hant': '虛無州的代碼' },
  numbers: { waitDays: 14 },
  vaccines: [
    { product: 'Two', codes: ['cvx|207', 'https://gs1.org/gtin|80777'], dosesInSeries: 2, daysBetween: 24 },
    { product: 'Quick', codes: ['cvx|208', 'icd11|XM0GQ8'], dosesInSeries: 2, daysBetween: 17 },
    { product: 'Three', codes: ['cvx|219', 'cvx|999'], dosesInSeries: 3, daysBetween: 17 },
    { product: 'One', codes: ['cvx|212', 'cvx|999'], dosesInSeries: 1, daysBetween: 0 },
  ],
  tests: { pcr: ['loinc|94500-6', 'https://tests.example|P1'], antigen: ['loinc|94558-4', 'loinc|94500-6'] },
};

const codes = (content: object = {}) => ({ cvx: [], snomed: [], icd11: [], other: [], ...content });
const { vaccineOf, testKindsOf, testKinds, numbers } = codebookOf(readValueSet(SOUND));

test('a value set is its numbers, its vaccines by code and its tests by code', () => {
  assert.deepEqual(numbers, { waitDays: 14 });
  assert.deepEqual(testKinds, ['pcr', 'antigen']);
  assert.equal(vaccineOf(codes({ cvx: ['207'] }))?.product, 'Two');
  assert.deepEqual(testKindsOf({ loinc: ['94558-4'], other: [] }), ['antigen']);
});

test('a code counts in its own system and in no other', () => {
  assert.equal(vaccineOf(codes({ snomed: ['207'] })), undefined);
  assert.equal(vaccineOf(codes({ icd11: ['XM0GQ8'] }))?.product, 'Quick');
  assert.equal(vaccineOf(codes({ other: ['207', '|207'] })), undefined);
  assert.deepEqual(testKindsOf({ loinc: ['P1'], other: ['94500-6'] }), []);
});

test('a code of a system without a short name is listed with the URL of the system', () => {
  assert.equal(vaccineOf(codes({ other: ['https://gs1.org/gtin|80777'] }))?.product, 'Two');
  assert.deepEqual(testKindsOf({ loinc: [], other: ['https://tests.example|P1'] }), ['pcr']);
});

test('a code that is listed nowhere is no vaccine, whatever every object has by birth', () => {
  assert.equal(vaccineOf(codes()), undefined);
  for (const name of ['constructor', '__proto__', 'toString', '']) {
    assert.equal(vaccineOf(codes({ cvx: [name], other: [name] })), undefined, name);
    assert.deepEqual(testKindsOf({ loinc: [name], other: [name] }), [], name);
  }
});

test('a dose coded as two products counts as the one that asks for more doses, in any order', () => {
  assert.equal(vaccineOf(codes({ cvx: ['212', '207'] }))?.product, 'Two');
  assert.equal(vaccineOf(codes({ cvx: ['207', '212'] }))?.product, 'Two');
  assert.equal(vaccineOf(codes({ cvx: ['207', '208', '219'] }))?.product, 'Three');
  assert.equal(vaccineOf(codes({ cvx: ['212'], icd11: ['XM0GQ8'] }))?.product, 'Quick');
});

test('of as many doses, as the one that asks for more days between them', () => {
  assert.equal(vaccineOf(codes({ cvx: ['207', '208'] }))?.product, 'Two');
  assert.equal(vaccineOf(codes({ cvx: ['208', '207'] }))?.product, 'Two');
});

test('a code that a value set lists under two products is the one that asks for more', () => {
  assert.equal(vaccineOf(codes({ cvx: ['999'] }))?.product, 'Three');
});

test('a test may be of two kinds, each once', () => {
  assert.deepEqual(testKindsOf({ loinc: ['94500-6', '94558-4'], other: [] }), ['pcr', 'antigen']);
});

const [vaccine] = SOUND.vaccines;

describe('what is not exactly a value set is none', () => {
  const broken: Readonly<Record<string, unknown>> = {
    'a member missing': { ...SOUND, tests: undefined },
    'a member that nobody knows': { ...SOUND, until: '2022-01-01' },
    'another format': { ...SOUND, format: 'pratique-value-set-2' },
    'a jurisdiction in small letters': { ...SOUND, jurisdiction: 'us-no' },
    'a name with a slash': { ...SOUND, id: 'US/VALUES' },
    'a version of two numbers': { ...SOUND, version: '1.2' },
    'a version with a label': { ...SOUND, version: '1.2.3-beta' },
    'a version with a leading zero': { ...SOUND, version: '1.02.3' },
    'no English title': { ...SOUND, title: { es: 'Códigos' } },
    'an empty title': { ...SOUND, title: { en: ' ' } },
    'a fraction': { ...SOUND, numbers: { waitDays: 13.5 } },
    'a negative number': { ...SOUND, numbers: { waitDays: -1 } },
    'a number as a text': { ...SOUND, numbers: { waitDays: '14' } },
    'a number too large': { ...SOUND, numbers: { waitDays: 1_000_001 } },
    'a number that CertLogic cannot look up': { ...SOUND, numbers: { 'wait.days': 14 } },
    'a number named as a position': { ...SOUND, numbers: { '0': 14 } },
    'a number named __proto__': JSON.parse(JSON.stringify(SOUND).replace('waitDays', '__proto__')),
    'a vaccine without codes': { ...SOUND, vaccines: [{ ...vaccine, codes: [] }] },
    'a code without a system': { ...SOUND, vaccines: [{ ...vaccine, codes: ['207'] }] },
    'a series without doses': { ...SOUND, vaccines: [{ ...vaccine, dosesInSeries: 0 }] },
    'half a dose': { ...SOUND, vaccines: [{ ...vaccine, dosesInSeries: 1.5 }] },
    'a kind of test without codes': { ...SOUND, tests: { pcr: [] } },
    'a list': [SOUND],
    nothing: null,
    'a text': 'pratique-value-set-1',
  };
  for (const [what, json] of Object.entries(broken)) {
    test(what, () => {
      assert.throws(() => readValueSet(json), ShapeError);
    });
  }
});
