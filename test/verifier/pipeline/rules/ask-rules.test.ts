import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  decideRecord,
  dose,
  line,
  MET,
  PFIZER,
  result,
  rulesTrust,
  unavailable,
  unmet,
} from '../../../support/rules.ts';
import type { Asked } from '../../../support/rules.ts';
import {
  ALTERNATIVE,
  alternativesText,
  changed,
  RULE,
  ruleOf,
  ruleSetText,
  valueSetText,
} from '../../../support/rule-texts.ts';

const values = valueSetText();
const AT = '2021-12-01T12:00:00-05:00';
const DOSES = [dose(PFIZER, '2021-10-01'), dose(PFIZER, '2021-10-22')];
const FAILED = unavailable('RULE_FAILED');

/** The answer of a set to a card with two doses and a negative test of the day before. */
async function answer(
  set: string,
  event?: string,
  resources = [...DOSES, result('pcr', 'negative', '2021-11-30')],
) {
  const asked: Asked = { rules: 'NO/ENTRY', at: AT, trust: rulesTrust([set, values]) };
  return line(await decideRecord(resources, event === undefined ? asked : { ...asked, event }));
}

const yes = RULE;
const no = ruleOf('0002', { '<': [{ var: 'payload.vaccination.doses' }, 0] }, ['vaccination.doses']);
/** Sound by all that can be known without a card: a text plus a number. */
const throwing = ruleOf('0003', { '+': [{ var: 'payload.vaccination.product' }, 1] }, [
  'vaccination.product',
]);
const aboutEvent = ruleOf('0004', { if: [{ var: 'payload.tests.pcr.negativeBeforeEvent' }, true, false] }, [
  'tests.pcr.negativeBeforeEvent',
]);
const EVENT = '2021-12-01T20:00:00-05:00';

test('one rule that is met is met, and one that is not is not', async () => {
  assert.equal(await answer(alternativesText([yes])), MET);
  assert.equal(await answer(alternativesText([no])), unmet('VR-NO-0002'));
});

test('of an alternative all rules must be met, of a layer one alternative', async () => {
  assert.equal(await answer(alternativesText([yes, no])), unmet('VR-NO-0002'));
  assert.equal(await answer(alternativesText([no, yes])), unmet('VR-NO-0002'));
  assert.equal(await answer(alternativesText([no], [yes])), MET);
  assert.equal(await answer(alternativesText([yes], [no])), MET);
});

test('the rule is named that the card comes nearest to, else the one that its authors put first', async () => {
  const other = ruleOf('0005', { '!': [{ var: 'payload.vaccination.completed' }] }, [
    'vaccination.completed',
  ]);
  assert.equal(await answer(alternativesText([no], [yes, other])), unmet('VR-NO-0005'));
  assert.equal(await answer(alternativesText([no, yes], [other, yes])), unmet('VR-NO-0002'));
});

describe('a rule that throws decides nothing', () => {
  const ways: Readonly<Record<string, string>> = {
    'by itself': alternativesText([throwing]),
    'behind one that is met': alternativesText([yes, throwing]),
    'in an alternative after one that is met': alternativesText([yes], [throwing]),
    'in an alternative before one that is met': alternativesText([throwing], [yes]),
    'beside an alternative that is not met': alternativesText([no], [throwing]),
    'beside one that needs an event': alternativesText([aboutEvent], [throwing]),
  };
  for (const [where, set] of Object.entries(ways)) {
    test(where, async () => assert.equal(await answer(set), FAILED));
  }

  test('in a base, though the state’s own layer is not met', async () => {
    const base = changed(alternativesText([throwing]), { id: 'BASE' });
    const state = changed(alternativesText([no]), {
      layers: [
        {
          kind: 'any-of',
          title: { en: 'Ways in' },
          alternatives: [{ ...ALTERNATIVE, allOf: ['VR-NO-0002'] }],
        },
        { kind: 'rule-set', jurisdiction: 'NO', id: 'BASE' },
      ],
    });
    const trust = rulesTrust([state, base, values]);
    assert.equal(line(await decideRecord(DOSES, { rules: 'NO/ENTRY', at: AT, trust })), FAILED);
  });

  test('and is not reached behind one that is not met, which it may rest on', async () => {
    assert.equal(await answer(alternativesText([no, throwing])), unmet('VR-NO-0002'));
    assert.equal(await answer(alternativesText([no, throwing], [yes])), MET);
  });
});

describe('a rule that says neither true nor false decides nothing', () => {
  const truthy: readonly unknown[] = [
    'yes',
    '',
    1,
    0,
    ['yes'],
    [],
    { var: 'payload.vaccination.product' },
    { var: 'payload.vaccination.doses' },
    { var: 'payload.vaccination' },
    { var: 'payload.doses' },
    { var: 'payload.vaccination.next' },
    { '+': [1, 1] },
    { plusTime: ['2021-12-01', 0, 'day'] },
    { and: [true, 'yes'] },
    { if: [true, 'true', false] },
    { reduce: [[1], 1, 0] },
  ];
  for (const logic of truthy) {
    test(JSON.stringify(logic), async () => {
      const expression =
        typeof logic === 'object' && !Array.isArray(logic) ? logic : { if: [true, logic, false] };
      const paths = /payload\.([a-z.]+)/.exec(JSON.stringify(logic));
      const rule = ruleOf('0006', expression, paths === null ? [] : [paths[1] ?? '']);
      for (const set of [alternativesText([rule]), alternativesText([yes], [rule])]) {
        const answered = await answer(set);
        assert.match(answered, /^undetermined: RULES_UNAVAILABLE; (?:RULE_FAILED|FAULTY)$/);
      }
    });
  }
});

describe('a rule about the event', () => {
  test('needs one', async () => {
    assert.equal(await answer(alternativesText([aboutEvent])), unavailable('EVENT_NEEDED'));
    assert.equal(await answer(alternativesText([aboutEvent]), EVENT), MET);
  });

  test('is not needed where another alternative is met, nor behind a rule that is not', async () => {
    assert.equal(await answer(alternativesText([aboutEvent], [yes])), MET);
    assert.equal(await answer(alternativesText([no, aboutEvent])), unmet('VR-NO-0002'));
    assert.equal(await answer(alternativesText([no], [aboutEvent])), unavailable('EVENT_NEEDED'));
  });

  test('is one if it looks at the event itself, however deep', async () => {
    const deep = ruleOf('0007', {
      if: [{ '!': [{ and: [true, { after: [{ plusTime: [{ var: 'external.event' }, 0, 'day'] }, { plusTime: [{ var: 'external.validationClock' }, 0, 'day'] }] }] }] }, false, true], // prettier-ignore
    });
    assert.equal(await answer(alternativesText([deep])), unavailable('EVENT_NEEDED'));
    assert.equal(await answer(alternativesText([deep]), EVENT), MET);
    assert.equal(await answer(alternativesText([deep]), '2021-11-01T00:00:00Z'), unmet('VR-NO-0007'));
  });
});

test('layers all hold, and each that does not is named', async () => {
  const layer = (allOf: string) => ({ kind: 'any-of', title: { en: allOf }, alternatives: [{ ...ALTERNATIVE, allOf: [allOf] }] }); // prettier-ignore
  const set = (...names: readonly string[]) =>
    ruleSetText({ layers: names.map(layer), rules: [yes, no, aboutEvent].filter(({ Identifier }) => names.includes(Identifier)) }); // prettier-ignore
  assert.equal(await answer(set('VR-NO-0001', 'VR-NO-0001')), MET);
  assert.equal(await answer(set('VR-NO-0001', 'VR-NO-0002')), unmet('VR-NO-0002'));
  assert.equal(await answer(set('VR-NO-0002', 'VR-NO-0002')), `${unmet('VR-NO-0002')}; VR-NO-0002`);
  // No event makes up for a layer that does not hold.
  assert.equal(await answer(set('VR-NO-0004', 'VR-NO-0002')), unmet('VR-NO-0002'));
  assert.equal(await answer(set('VR-NO-0004', 'VR-NO-0001')), unavailable('EVENT_NEEDED'));
});

test('a rule over all results sees no sample of tomorrow, but for a positive one', async () => {
  const counting = (meaning: string) =>
    ruleOf(
      '0008',
      {
        '===': [
          {
            reduce: [
              { var: 'payload.results' },
              {
                '+': [
                  { var: 'accumulator' },
                  {
                    if: [
                      {
                        and: [{ var: 'current.kinds.pcr' }, { '===': [{ var: 'current.result' }, meaning] }],
                      },
                      1,
                      0,
                    ],
                  },
                ],
              },
              0,
            ],
          },
          1,
        ],
      },
      ['results'],
    );
  const ask = async (meaning: 'negative' | 'positive', when: string) =>
    answer(alternativesText([counting(meaning)]), undefined, [result('pcr', meaning, when)]);
  assert.equal(await ask('negative', '2021-12-01'), MET);
  assert.equal(await ask('negative', '2021-12-02'), unmet('VR-NO-0008'));
  assert.equal(await ask('negative', '2021-12-01T12:00:01-05:00'), unmet('VR-NO-0008'));
  assert.equal(await ask('positive', '2021-12-02'), MET);
});

test('a kind of test named as what every object has by birth is true of no other result', async () => {
  const logic = {
    reduce: [{ var: 'payload.results' }, { if: [{ var: 'current.kinds.constructor' }, true, { var: 'accumulator' }] }, false], // prettier-ignore
  };
  const set = alternativesText([ruleOf('0009', logic, ['results'])]);
  const tests = { pcr: ['loinc|94500-6'], constructor: ['loinc|94558-4'] };
  const trust = rulesTrust([set, valueSetText({ tests })]);
  const ask = async (kind: 'pcr' | 'antigen') =>
    line(await decideRecord([result(kind, 'negative', '2021-11-30')], { rules: 'NO/ENTRY', at: AT, trust }));
  assert.equal(await ask('pcr'), unmet('VR-NO-0009'));
  assert.equal(await ask('antigen'), MET);
});

test('a set that takes no card of this kind names itself', async () => {
  const alternative = { ...ALTERNATIVE, takes: { profiles: ['pass'], passTypes: ['pcr'] } };
  const set = ruleSetText({
    layers: [{ kind: 'any-of', title: { en: 'Ways in' }, alternatives: [alternative] }],
  });
  assert.equal(await answer(set), unmet('NO/ENTRY takes none'));
});
