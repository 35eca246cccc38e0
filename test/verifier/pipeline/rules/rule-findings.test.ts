import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readValueSet } from '../../../../credential/value-set.ts';
import { findingsOf } from '../../../../verifier/pipeline/rules/rule-findings.ts';
import type { RuleFinding } from '../../../../verifier/pipeline/rules/rule-findings.ts';
import { readRuleSet } from '../../../../verifier/pipeline/rules/rule-set-reader.ts';
import { about, draftRule, draftSet, draftValueSet, SPOILT } from '../../../support/draft-rules.ts';
import type { DraftRule, DraftSet } from '../../../support/draft-rules.ts';

const findings = (set: DraftSet, values = draftValueSet()): readonly RuleFinding[] =>
  findingsOf(readRuleSet(set), readValueSet(values));
const faults = (set: DraftSet, values?: Record<string, unknown>): readonly string[] => [
  ...new Set(findings(set, values).map(({ fault }) => fault)),
];
const ofRule = (content: Partial<DraftRule>): readonly RuleFinding[] =>
  findings({ ...draftSet(), rules: [draftRule(content)] });

test('nothing is wrong with a set that adds up', () => {
  assert.deepEqual(findings(draftSet()), []);
});

describe('each fault is found by itself', () => {
  for (const [fault, spoil] of Object.entries(SPOILT)) {
    test(fault, () => {
      const set = draftSet();
      spoil(set);
      assert.deepEqual(faults(set), [fault]);
    });
  }
});

test('a finding names the rule or alternative, and what it is about', () => {
  const found = (fault: string): RuleFinding | undefined => {
    const set = draftSet();
    SPOILT[fault]?.(set);
    return findings(set)[0];
  };
  assert.deepEqual(found('RULE_MISSING'), {
    fault: 'RULE_MISSING',
    where: 'vaccinated',
    what: 'VR-US-NO-0002',
  });
  assert.deepEqual(found('NUMBER_UNKNOWN'), {
    fault: 'NUMBER_UNKNOWN',
    where: 'VR-US-NO-0001',
    what: 'waitDay',
  });
  assert.deepEqual(found('VALUE_SET_DIFFERS'), {
    fault: 'VALUE_SET_DIFFERS',
    where: '',
    what: 'US-NO/COVID-19 1.0.1',
  });
});

describe('a field that rules are not given is unknown, whatever every object has by birth', () => {
  for (const field of [
    'constructor',
    'doses.0',
    'doses.length',
    'vaccination.completd',
    'vaccination.__proto__',
    'vaccination.doses.toFixed',
    'tests.antigen.negative',
    'tests.pcr.hasOwnProperty',
    'issuer.attested.toString',
    'issuer.attested.print',
    // Always there: to forget the last name would be a rule that everybody meets.
    'vaccination',
    'tests',
    'tests.pcr',
    'issuer.attested',
    'unread',
    'bundle',
  ]) {
    test(`payload.${field}`, () => {
      assert.deepEqual(ofRule(about(field)), [
        { fault: 'FIELD_UNKNOWN', where: 'VR-US-NO-0001', what: `payload.${field}` },
      ]);
    });
  }

  for (const path of [
    'external.numbers.toString',
    'external.numbers.waitDay',
    'external.numbers',
    'external.now',
    'payload',
    '',
  ]) {
    test(path === '' ? 'the empty path, which is all' : path, () => {
      const { where, ...rest } =
        ofRule({ AffectedFields: [], Logic: { if: [{ var: path }, true, false] } })[0] ?? {};
      assert.deepEqual(rest, { fault: 'FIELD_UNKNOWN', what: path });
      assert.equal(where, 'VR-US-NO-0001');
    });
  }
});

describe('fields that rules are given are known', () => {
  for (const field of [
    'form',
    'profile',
    'passType',
    'birthDate',
    'age',
    'issued.daysSince',
    'issuer.jurisdiction',
    'issuer.attested.vaccine-policy',
    'vaccination.next',
    'doses',
    'tests.pcr.negative',
    'tests.pcr.negativeBeforeEvent',
    'tests.pcr.negativeBeforeEvent.hoursBefore',
    'unread.tests',
  ]) {
    test(`payload.${field}`, () => assert.deepEqual(ofRule(about(field)), []));
  }
});

describe('within a reduce', () => {
  const over = (list: string, path: string): Partial<DraftRule> => ({
    AffectedFields: [list],
    Logic: {
      '>': [
        { reduce: [{ var: `payload.${list}` }, { if: [{ var: path }, { var: 'accumulator' }, 1] }, 0] },
        0,
      ],
    },
  });

  test('fields of an item and the accumulator are known', () => {
    for (const path of ['current', 'current.date', 'current.product', 'accumulator']) {
      assert.deepEqual(ofRule(over('doses', path)), [], path);
    }
    assert.deepEqual(ofRule(over('results', 'current.kinds.pcr')), []);
  });

  test('a typo, the other list’s fields, a kind of test that is not listed and the payload are not', () => {
    for (const [list, path] of [
      ['doses', 'current.dat'],
      ['doses', 'current.result'],
      ['doses', 'current.constructor'],
      ['doses', 'payload.age'],
      ['doses', 'external.today'],
      ['results', 'current.kinds.antigen'],
      ['results', 'current.kinds.toString'],
      ['results', 'current.kinds'],
      ['results', 'current.product'],
    ] as const) {
      const found = ofRule(over(list, path)).filter(({ fault }) => fault === 'FIELD_UNKNOWN');
      assert.deepEqual(
        found.map(({ what }) => what),
        [path],
      );
    }
  });
});

test('a remedy may look only where rules may, and add only days that the value set has', () => {
  const remedy = (of: string, plusDays: string | null): readonly (readonly string[])[] =>
    ofRule({ Remedy: { text: { en: 'From {from}.' }, values: { from: { of, plusDays } } } }).map(
      ({ fault, what }) => [fault, what],
    );
  assert.deepEqual(remedy('payload.vaccination.completed', 'waitDays'), []);
  assert.deepEqual(remedy('payload.vaccination.complete', null), [
    ['FIELD_UNKNOWN', 'payload.vaccination.complete'],
  ]);
  assert.deepEqual(remedy('payload.vaccination.completed', 'constructor'), [
    ['NUMBER_UNKNOWN', 'constructor'],
  ]);
});

test('a value set of the next major version, of an earlier version or of another name does not go with the rules', () => {
  assert.deepEqual(faults(draftSet(), draftValueSet({ version: '1.4.0' })), []);
  for (const content of [
    { version: '2.0.0' },
    { version: '0.9.9' },
    { id: 'COVID' },
    { jurisdiction: 'US' },
  ]) {
    assert.deepEqual(
      faults(draftSet(), draftValueSet(content)),
      ['VALUE_SET_DIFFERS'],
      JSON.stringify(content),
    );
  }
});
