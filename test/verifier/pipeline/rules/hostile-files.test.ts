import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decideRecord, digestOf, dose, line, MET, PFIZER, rulesTrust } from '../../../support/rules.ts';
import {
  ALTERNATIVE,
  alternativesText,
  changed,
  RULE,
  ruleOf,
  ruleSetText,
  valueSetText,
} from '../../../support/rule-texts.ts';

// Files that a jurisdiction published, by their digest, and that are no rules: nothing is thrown, nobody is let in, and
// nobody waits.

const MAX_MS = 1500;
const values = valueSetText();
const DOSES = [dose(PFIZER, '2021-10-01'), dose(PFIZER, '2021-10-22')];
const published = (text: string, id: string) => ({
  jurisdiction: 'NO',
  id,
  version: 1,
  validFrom: 0,
  digest: digestOf(text),
  uri: '',
});

async function answer(rules: string, valueSet = values): Promise<string> {
  const trust = rulesTrust([], {
    ruleFiles: [rules, valueSet],
    rules: [published(rules, 'ENTRY'), published(valueSet, 'VALUES')],
  });
  const begun = performance.now();
  const answered = line(
    await decideRecord(DOSES, { rules: 'NO/ENTRY', at: '2021-12-01T12:00:00-05:00', trust }),
  );
  const took = performance.now() - begun;
  assert.ok(took < MAX_MS, `it took ${Math.round(took)} ms`);
  return answered;
}

const FAULTY = 'undetermined: RULES_UNAVAILABLE; FAULTY';
const sound = ruleSetText();
const withRule = (content: object) => ruleSetText({ rules: [{ ...RULE, ...content }] });
const withLogic = (Logic: unknown, AffectedFields: readonly string[] = []) =>
  alternativesText([{ ...ruleOf('0001', Logic, AffectedFields) }]);
const withWay = (content: object) =>
  ruleSetText({
    layers: [{ kind: 'any-of', title: { en: 'In' }, alternatives: [{ ...ALTERNATIVE, ...content }] }],
  });

test('what they are made of is sound', async () => {
  assert.equal(await answer(sound), MET);
});

describe('no document of a rule set', () => {
  const texts: Readonly<Record<string, string>> = {
    nothing: '',
    'white space': ' '.repeat(1000),
    prose: 'Let them in.',
    'a byte order mark': `\ufeff${sound}`,
    'half a surrogate pair': sound.replace('Entry', '\ud800'),
    'an escaped half': sound.replace('Entry', '\\ud800'),
    null: 'null',
    'a list': `[${sound}]`,
    'a text': JSON.stringify(sound),
    'two documents': sound + sound,
    'cut short': sound.slice(0, -1),
    'a member twice': sound.replace('"rules":', '"rules":[],"rules":'),
    'a member twice, once escaped': sound.replace('"rules":', '"rule\\u0073":[],"rules":'),
    'a member twice, deep inside': sound.replace('"allOf":', '"allOf":["VR-NO-0001"],"allOf":'),
    'nested deep': `${'['.repeat(500_000)}${']'.repeat(500_000)}`,
    'nested deep in the logic': sound.replace(
      /"Logic":\{.*?\]\}/,
      `"Logic":${'{"!":['.repeat(200)}true${']}'.repeat(200)}`,
    ),
    'a megabyte of white space': sound.replace('{', `{${' '.repeat(1_000_000)}`) + 'x',
    'a number beyond range': sound.replace('"rules"', '"more":1e999,"rules"'),
    'a member more': changed(sound, { until: 'ever' }),
    '__proto__ more': sound.replace('{', '{"__proto__":{"layers":[]},'),
    '__proto__ for a member': sound.replace('"title":', '"__proto__":'),
    'constructor more': changed(sound, { constructor: {} }),
  };
  for (const [what, text] of Object.entries(texts)) {
    test(what, async () => assert.equal(await answer(text), FAULTY));
  }
});

describe('a rule set that does not say what it must', () => {
  const texts: Readonly<Record<string, string>> = {
    'no layer': ruleSetText({ layers: [] }),
    'a layer without alternatives': ruleSetText({
      layers: [{ kind: 'any-of', title: { en: 'In' }, alternatives: [] }],
    }),
    'a layer of a kind that is none': ruleSetText({ layers: [{ kind: 'none-of', title: { en: 'In' } }] }),
    'a layer of the kind __proto__': ruleSetText({ layers: [{ kind: '__proto__' }] }),
    'nine layers': ruleSetText({
      layers: Array.from({ length: 9 }, () => (JSON.parse(sound) as { layers: object[] }).layers[0]),
    }),
    'an alternative without a rule': withWay({ allOf: [] }),
    'an alternative that takes nothing': withWay({ takes: { profiles: [], passTypes: [] } }),
    'an alternative that takes types of no Pass': withWay({
      takes: { profiles: ['pass-plus'], passTypes: ['pcr'] },
    }),
    'an alternative that takes a Pass of no type': withWay({
      takes: { profiles: ['pass', 'pass-plus'], passTypes: [] },
    }),
    'an alternative of a rule that is not there': withWay({ allOf: ['VR-NO-0001', 'VR-NO-0009'] }),
    'two alternatives of one name': ruleSetText({
      layers: [{ kind: 'any-of', title: { en: 'In' }, alternatives: [ALTERNATIVE, ALTERNATIVE] }],
    }),
    'no rules': ruleSetText({ rules: [] }),
    'a rule that no alternative names': ruleSetText({ rules: [RULE, { ...RULE, Identifier: 'VR-NO-0002' }] }),
    'a rule twice': ruleSetText({ rules: [RULE, RULE] }),
    'a rule of another jurisdiction': withRule({ Country: 'ELSE' }),
    'a rule whose identifier says another certificate': withRule({ CertificateType: 'Test' }),
    'a rule of another engine': withRule({ Engine: 'JSONLOGIC' }),
    'a rule that invalidates in another word': withRule({ Type: 'Refusal' }),
    'a rule without an end': withRule({ ValidTo: null }),
    'a rule whose window is never open': withRule({ ValidFrom: RULE.ValidTo, ValidTo: RULE.ValidFrom }),
    'a rule whose window has no zone': withRule({ ValidFrom: '2021-01-01T00:00:00' }),
    'a rule not said in English': withRule({ Description: { es: 'Debe haber una dosis.' } }),
    'a rule said twice in one language': withRule({ Description: [{ lang: 'en', desc: 'a' }, { lang: 'en', desc: 'b' }] }), // prettier-ignore
    'a rule that names a number that is not there': withRule({ Description: { en: 'Wait {years} years.' } }),
    'a rule that names what every object has by birth': withRule({
      Description: { en: 'Wait {constructor}.' },
    }),
    'a remedy with a value that it does not give': withRule({
      Remedy: { text: { en: 'From {from}.' }, values: {} },
    }),
    'a remedy of a field that is none': withRule({ Remedy: { text: { en: '{a}' }, values: { a: { of: 'payload.name', plusDays: null } } } }), // prettier-ignore
    'a remedy of a number that is not there': withRule({ Remedy: { text: { en: '{a}' }, values: { a: { of: 'external.today', plusDays: 'toString' } } } }), // prettier-ignore
    'fields affected that the logic does not look at': withRule({
      AffectedFields: ['vaccination.doses', 'age'],
    }),
    'fields looked at that are not said': withRule({ AffectedFields: [] }),
    'a version of a label': ruleSetText({ version: '1.0.0-rc' }),
    'a window that is never open': ruleSetText({
      validFrom: '2022-01-01T00:00:00Z',
      validTo: '2022-01-01T00:00:00Z',
    }),
  };
  for (const [what, text] of Object.entries(texts)) {
    test(what, async () => assert.equal(await answer(text), FAULTY));
  }
});

describe('logic that is none, or looks at what is not there', () => {
  const logics: Readonly<Record<string, readonly [logic: unknown, fields?: readonly string[]]>> = {
    'an empty object': [{}],
    'two operators': [{ '===': [1, 1], '!': [false] }],
    'or, which CertLogic does not have': [{ or: [true, false] }],
    'an operator that every object has by birth': [{ constructor: [true] }],
    __proto__: [JSON.parse('{"__proto__":[true]}')],
    'a field that is none': [{ if: [{ var: 'payload.name' }, true, true] }, ['name']],
    'a field below one that has none': [
      { '!': [{ var: 'payload.vaccination.doses.length' }] },
      ['vaccination.doses.length'],
    ],
    'a place in a list': [{ '!': [{ var: 'payload.doses.0.date' }] }, ['doses.0.date']],
    everything: [{ '!': [{ var: '' }] }],
    'the payload': [{ '!': [{ var: 'payload' }] }],
    'what every object has by birth': [
      { if: [{ var: 'payload.constructor' }, true, false] },
      ['constructor'],
    ],
    'a prototype': [{ if: [{ var: 'payload.__proto__' }, true, false] }, ['__proto__']],
    'what every number has': [{ if: [{ var: 'external.numbers.toString' }, true, false] }],
    'a number that is not there': [{ '!': [{ var: 'external.numbers.validDays' }] }],
    'a kind of test that is not there': [
      { '!': [{ var: 'payload.tests.lateral.negative' }] },
      ['tests.lateral.negative'],
    ],
    'a field of no item': [
      { reduce: [{ var: 'payload.doses' }, { '!': [{ var: 'current.lot' }] }, true] },
      ['doses'],
    ],
    'the payload within a reduce': [
      { reduce: [{ var: 'payload.doses' }, { '!': [{ var: 'payload.age' }] }, true] },
      ['doses'],
    ],
    'a list that is hidden from us': [{ reduce: [{ if: [true, { var: 'payload.doses' }, []] }, { '!': [{ var: 'current.date' }] }, true] }, ['doses']], // prettier-ignore
    'a path that is no text': [{ '!': [{ var: ['payload.age'] }] }],
    'a fraction': [{ '>': [1.5, 1] }],
  };
  for (const [what, [logic, fields]] of Object.entries(logics)) {
    test(what, async () => assert.equal(await answer(withLogic(logic, fields)), FAULTY));
  }
});

describe('a megabyte of anything is answered in time', () => {
  const MANY = 8000;
  /** What is large and adds up. */
  const sums = ['rules', 'alternatives', 'rules of an alternative', 'as long a loop as there may be'];
  const texts: Readonly<Record<string, () => string>> = {
    rules: () =>
      ruleSetText({ rules: Array.from({ length: 2000 }, (_, n) => ({ ...RULE, Version: `1.0.${n}` })) }),
    alternatives: () =>
      ruleSetText({
        layers: [
          {
            kind: 'any-of',
            title: { en: 'In' },
            alternatives: Array.from({ length: 6000 }, (_, n) => ({ ...ALTERNATIVE, name: `w${n}` })),
          },
        ],
      }),
    'rules of an alternative': () => withWay({ allOf: Array.from({ length: 60_000 }, () => 'VR-NO-0001') }),
    'fields affected': () => withRule({ AffectedFields: Array.from({ length: 100_000 }, (_, n) => `f${n}`) }),
    'fields looked at': () => {
      const paths = Array.from({ length: MANY }, (_, n) => `payload.f${n}`);
      return withLogic({ and: paths.map((path) => ({ var: path })) }, paths.map((path) => path.slice(8))); // prettier-ignore
    },
    languages: () => {
      const languages = Array.from({ length: MANY }, (_, n) => [`aa-b${n}x`, '{waitDays}']);
      return withRule({ Description: { en: 'x', ...(Object.fromEntries(languages) as object) } });
    },
    'languages and values of a remedy': () => {
      const languages = Array.from({ length: MANY }, (_, n) => [`aa-b${n}x`, 'x']);
      const given = Array.from({ length: MANY }, (_, n) => [
        `v${n}`,
        { of: 'external.today', plusDays: null },
      ]);
      return withRule({ Remedy: { text: { en: 'x', ...Object.fromEntries(languages) as object }, values: Object.fromEntries(given) as object } }); // prettier-ignore
    },
    braces: () =>
      withRule({ Description: { en: '{'.repeat(1000), es: '{}'.repeat(500), fr: '}{'.repeat(500) } }),
    'an operand': () => withLogic({ '===': ['x'.repeat(1_000_000), 'y'] }),
    'a long and': () => withLogic({ and: Array.from({ length: 100_000 }, () => true) }),
    'as long a loop as there may be': () =>
      withLogic({ reduce: [Array.from({ length: 2400 }, () => 1), { and: Array.from({ length: 900 }, () => true) }, false] }), // prettier-ignore
    'a reduce of reduces': () => {
      const ones = Array.from({ length: 1000 }, () => 1);
      const inner = (body: unknown) => ({ reduce: [ones, body, 0] });
      return withLogic({ '===': [inner(inner(inner({ '+': [{ var: 'accumulator' }, 1] }))), 1] });
    },
  };
  for (const [what, text] of Object.entries(texts)) {
    test(what, async () => assert.equal(await answer(text()), sums.includes(what) ? MET : FAULTY));
  }

  test('codes of a value set', async () => {
    const codes = Array.from({ length: 60_000 }, (_, n) => `cvx|${n}`);
    const vaccines = [{ product: 'Any', codes, dosesInSeries: 2, daysBetween: 17 }];
    assert.equal(await answer(sound, valueSetText({ vaccines })), MET);
  });
});
