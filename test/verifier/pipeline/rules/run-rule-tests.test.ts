import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { parseJson } from '../../../../credential/json.ts';
import { shippedRules } from '../../../../verifier/node/shipped-rules.ts';
import { testsMissing } from '../../../../verifier/pipeline/rules/lint-rules.ts';
import { findAmong } from '../../../../verifier/pipeline/rules/published.ts';
import { isRuleSet } from '../../../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../../../verifier/pipeline/rules/rule-files.ts';
import { readRuleTests } from '../../../../verifier/pipeline/rules/rule-tests.ts';
import type { RuleTests } from '../../../../verifier/pipeline/rules/rule-tests.ts';
import { runRuleTests } from '../../../../verifier/pipeline/rules/run-rule-tests.ts';
import type { RuleTestResult, Verdict } from '../../../../verifier/pipeline/rules/run-rule-tests.ts';
import { draftRule, draftSet, draftTests, draftValueSet } from '../../../support/draft-rules.ts';
import type { DraftSet } from '../../../support/draft-rules.ts';

const shipped = shippedRules();
const texts = shipped.map(({ text }) => text);
const testsOf = (path: string): RuleTests =>
  readRuleTests(parseJson(readFileSync(path.replace(/json$/, 'tests.json'), 'utf8')));
const failures = (results: readonly RuleTestResult[]): readonly string[] =>
  results.filter(({ passed }) => !passed).map(({ test: { name } }) => name);

describe('every shipped set', () => {
  for (const [at, { content, name }] of ruleFilesOf(texts).entries()) {
    if (content === undefined || !isRuleSet(content)) continue;
    const tests = testsOf(shipped[at]?.path ?? '');
    const results = runRuleTests(tests, findAmong(ruleFilesOf(texts)));

    test(`${name} says what its tests expect, and each of its rules is met and not met in one`, () => {
      assert.equal(tests.set, name);
      assert.ok(results.length > 10);
      assert.deepEqual(failures(results), []);
      const coverage = results.map(({ asked }) => asked);
      assert.deepEqual(testsMissing(content, coverage), []);
    });
  }
});

test('each number of each value set is held by a test: one more or one less, and one fails', () => {
  for (const { content, text, name } of ruleFilesOf(texts)) {
    if (content === undefined || isRuleSet(content)) continue;
    const own = shipped.filter(
      ({ text: rules }) => rules.includes('"rules"') && nameOf(rules) === content.jurisdiction,
    );
    for (const [number, value] of content.numbers) {
      for (const other of [value - 1, value + 1]) {
        const json = JSON.parse(text) as { numbers: Record<string, number> };
        const spoilt = JSON.stringify({ ...json, numbers: { ...json.numbers, [number]: other } });
        const find = findAmong(ruleFilesOf([spoilt]), ruleFilesOf(texts));
        const failed = own.flatMap(({ path }) => failures(runRuleTests(testsOf(path), find)));
        assert.notEqual(failed.length, 0, `${name} ${number} ${other}`);
      }
    }
  }
});

function nameOf(text: string): string {
  return (JSON.parse(text) as { jurisdiction: string }).jurisdiction;
}

/** What comes of the draft's two tests over a set that was changed, or beside another value set. */
function verdicts(
  change: (set: DraftSet) => void = () => undefined,
  values = draftValueSet(),
): readonly Verdict[] {
  const set = draftSet();
  change(set);
  return resultsOf(set, values, draftTests()).map(({ got }) => got);
}

function resultsOf(set: DraftSet, values: object, tests: unknown): readonly RuleTestResult[] {
  const files = ruleFilesOf([set, values].map((json) => JSON.stringify(json)));
  return runRuleTests(readRuleTests(tests), findAmong(files));
}

const MET = { answer: 'met', rule: null, remedy: null, fault: null };
const WAIT = { answer: 'unmet', rule: 'VR-US-NO-0001', remedy: 'It counts from 2021-03-15.', fault: null };

test('a test says what the set answers, the rule that is not met and its remedy', () => {
  assert.deepEqual(verdicts(), [MET, WAIT]);
  assert.deepEqual(failures(resultsOf(draftSet(), draftValueSet(), draftTests())), []);
});

test('another answer, another rule or another remedy is not as expected', () => {
  for (const other of [
    { expect: 'met', rule: null, remedy: null },
    { rule: 'VR-US-NO-0002' },
    { rule: null },
    { remedy: 'It counts from 2021-03-16.' },
    { remedy: null },
  ]) {
    const tests = draftTests();
    Object.assign(tests.tests[1] ?? {}, other);
    assert.deepEqual(
      failures(resultsOf(draftSet(), draftValueSet(), tests)),
      ['day 13'],
      JSON.stringify(other),
    );
  }
});

test('a set that does not hold, or a rule that fails, is never as expected, even where nothing is', () => {
  const tests = draftTests();
  for (const one of tests.tests) Object.assign(one, { expect: 'undetermined', rule: null, remedy: null });
  const fails = draftSet();
  fails.rules = [
    draftRule({
      AffectedFields: ['birthDate'],
      Logic: { after: [{ plusTime: [{ var: 'payload.birthDate' }, 1, 'day'] }, { var: 'external.today' }] },
    }),
  ];
  for (const one of tests.tests) (one['card'] as { birthDate: string | null }).birthDate = null;
  const results = resultsOf(fails, draftValueSet(), tests);
  assert.deepEqual(
    results.map(({ got }) => got.fault),
    ['RULE_FAILED', 'RULE_FAILED'],
  );
  assert.deepEqual(failures(results), ['day 14', 'day 13']);
  const without = runRuleTests(readRuleTests(tests), findAmong(ruleFilesOf([JSON.stringify(draftSet())])));
  assert.deepEqual(
    without.map(({ got, passed }) => [got.fault, passed]),
    [
      ['VALUE_SET_UNAVAILABLE', false],
      ['VALUE_SET_UNAVAILABLE', false],
    ],
  );
});

test('outside of its window a set is expected to say nothing', () => {
  const results = resultsOf({ ...draftSet(), validFrom: '2022-01-01T00:00:00Z' }, draftValueSet(), {
    ...draftTests(),
    tests: [{ ...draftTests().tests[0], expect: 'undetermined' }],
  });
  assert.deepEqual(
    results.map(({ got, passed }) => [got.fault, passed]),
    [['NOT_YET_IN_FORCE', true]],
  );
});

test('which rules were met and which not is known of each alternative that takes the card', () => {
  const [met, unmet] = resultsOf(draftSet(), draftValueSet(), draftTests());
  assert.deepEqual([[...(met?.asked.met ?? [])], [...(met?.asked.unmet ?? [])]], [['VR-US-NO-0001'], []]);
  assert.deepEqual([[...(unmet?.asked.met ?? [])], [...(unmet?.asked.unmet ?? [])]], [[], ['VR-US-NO-0001']]);
});
