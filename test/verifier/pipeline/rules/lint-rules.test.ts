import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lintContent, notRising, testsMissing } from '../../../../verifier/pipeline/rules/lint-rules.ts';
import type { LintFinding } from '../../../../verifier/pipeline/rules/lint-rules.ts';
import { lintSentence } from '../../../../verifier/pipeline/rules/lint-words.ts';
import { findAmong } from '../../../../verifier/pipeline/rules/published.ts';
import { readRuleSet } from '../../../../verifier/pipeline/rules/rule-set-reader.ts';
import { ruleFilesOf } from '../../../../verifier/pipeline/rules/rule-files.ts';
import { readValueSet } from '../../../../credential/value-set.ts';
import { about, draftRule, draftSet, draftValueSet, SPOILT } from '../../../support/draft-rules.ts';
import type { DraftSet } from '../../../support/draft-rules.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z') / 1000;

/** What is found in a draft beside its value set and other files. */
function lint(
  change: Partial<DraftSet> = {},
  beside: readonly object[] = [draftValueSet()],
): readonly LintFinding[] {
  const find = findAmong(ruleFilesOf(beside.map((json) => JSON.stringify(json))));
  return lintContent(readRuleSet({ ...draftSet(), ...change }), find, NOW);
}
const brief = (findings: readonly LintFinding[]): readonly string[] =>
  findings.map(({ code, refused, where, what }) =>
    [refused ? 'refused' : 'advice', code, where, what].join(' '),
  );

describe('refused is', () => {
  for (const [fault, spoil] of Object.entries(SPOILT)) {
    test(`${fault}, in a sentence`, () => {
      const set = draftSet();
      spoil(set);
      const found = lint(set);
      assert.ok(found.length > 0);
      for (const one of found) {
        assert.deepEqual([one.code, one.refused], [fault, true]);
        assert.match(lintSentence(one), /^[A-Z].*\.$/);
        assert.ok(one.what === '' || lintSentence(one).includes(one.what));
      }
    });
  }

  test('a time zone that there is not', () => {
    assert.deepEqual(brief(lint({ timeZone: 'America/Nowhere' })), [
      'refused ZONE_UNKNOWN timeZone America/Nowhere',
    ]);
  });

  test('a value set that is not here, or is none', () => {
    const expected = ['refused VALUE_SET_UNAVAILABLE  US-NO/COVID-19'];
    assert.deepEqual(brief(lint({}, [])), expected);
    assert.deepEqual(brief(lint({}, [draftValueSet({ numbers: 1 })])), expected);
    assert.deepEqual(brief(lint({}, [{ ...draftSet(), id: 'COVID-19' }])), expected);
  });

  test('a base that is not here, does not hold, or rests on itself', () => {
    const base = { kind: 'rule-set', jurisdiction: 'US', id: 'BASE' };
    const layers = [base, ...draftSet().layers];
    const expected = ['refused BASE_UNAVAILABLE  US/BASE'];
    const sound = { ...draftSet(), jurisdiction: 'US', id: 'BASE' };
    assert.deepEqual(brief(lint({ layers }, [draftValueSet(), sound])), []);
    assert.deepEqual(brief(lint({ layers })), expected);
    assert.deepEqual(
      brief(lint({ layers }, [draftValueSet(), { ...sound, rules: [draftRule(about('ag'))] }])),
      expected,
    );
    assert.deepEqual(brief(lint({ layers }, [draftValueSet(), { ...sound, layers }])), expected);
    assert.deepEqual(
      brief(lint({ layers }, [draftValueSet(), { ...sound, validFrom: '2099-01-01T00:00:00Z' }])),
      expected,
    );
  });
});

describe('advised is', () => {
  test('a language that some sentences are said in and others are not', () => {
    const rule = draftRule({
      Description: { en: 'At least {waitDays} days.', es: 'Al menos {waitDays} días.' },
    });
    assert.deepEqual(brief(lint({ title: { en: 'Entry', es: 'Entrada' }, rules: [rule] })), [
      'advice LANGUAGE_MISSING layer “Vaccinated” es',
      'advice LANGUAGE_MISSING vaccinated es',
      'advice LANGUAGE_MISSING VR-US-NO-0001 Remedy es',
    ]);
  });

  test('an end within sixty days, or past; not that of a version of a rule that another follows', () => {
    const [soon, later] = ['2026-03-01T23:59:59Z', '2026-03-02T00:00:00Z'];
    assert.deepEqual(brief(lint({ validTo: soon })), [`advice ENDS_SOON  ${soon}`]);
    assert.deepEqual(brief(lint({ validTo: later })), []);
    const [rule, next] = [draftRule({ ValidTo: soon }), draftRule({ Version: '1.1.0' })];
    assert.deepEqual(brief(lint({ rules: [rule] })), [`advice ENDS_SOON VR-US-NO-0001 ${soon}`]);
    assert.deepEqual(brief(lint({ rules: [rule, next] })), []);
  });

  test('a rule that no test shows met, or not met', () => {
    const set = readRuleSet(draftSet());
    const [one, none] = [new Set(['VR-US-NO-0001']), new Set<string>()];
    assert.deepEqual(brief(testsMissing(set, [])), [
      'advice TEST_MISSING VR-US-NO-0001 met',
      'advice TEST_MISSING VR-US-NO-0001 not met',
    ]);
    assert.deepEqual(brief(testsMissing(set, [{ met: one, unmet: none }])), [
      'advice TEST_MISSING VR-US-NO-0001 not met',
    ]);
    const both = [
      { met: one, unmet: none },
      { met: none, unmet: one },
    ];
    assert.deepEqual(testsMissing(set, both), []);
  });
});

describe('after the version before', () => {
  const after = (change: Partial<DraftSet>, before: Partial<DraftSet> = {}): readonly string[] =>
    brief(notRising(readRuleSet({ ...draftSet(), ...change }), readRuleSet({ ...draftSet(), ...before })));
  const VERSION = ['refused VERSION_NOT_RISING  1.9.0'];

  test('the version must be higher, number by number', () => {
    assert.deepEqual(after({ version: '1.10.0' }, { version: '1.9.0' }), []);
    assert.deepEqual(after({ version: '1.9.0' }, { version: '1.9.0' }), VERSION);
    assert.deepEqual(after({ version: '1.8.9' }, { version: '1.9.0' }), VERSION);
  });

  test('a rule that says something else must be of a higher version', () => {
    const other = about('vaccination.completed');
    const refused = ['refused RULE_VERSION_NOT_RISING VR-US-NO-0001 1.0.0'];
    const next = (content: object): readonly string[] =>
      after({ version: '1.1.0', rules: [draftRule({ ...other, ...content })] });
    assert.deepEqual(next({}), refused);
    assert.deepEqual(next({ Version: '0.9.0' }), refused);
    assert.deepEqual(next({ Version: '1.0.1' }), []);
    // The version before stays for its own window.
    assert.deepEqual(
      after({ version: '1.1.0', rules: [draftRule(), draftRule({ ...other, Version: '1.1.0' })] }),
      [],
    );
    assert.deepEqual(
      after({ version: '1.1.0' }, { rules: [draftRule(), draftRule({ ...other, Version: '1.1.0' })] }),
      [],
    );
  });

  test('it must be the same document', () => {
    assert.deepEqual(after({ version: '1.1.0' }, { id: 'EXIT' }), ['refused NAME_DIFFERS  US-NO/EXIT']);
    const values = readValueSet(draftValueSet({ id: 'ENTRY' }));
    assert.deepEqual(brief(notRising(readRuleSet(draftSet()), values)), [
      'refused NAME_DIFFERS  US-NO/ENTRY',
    ]);
  });

  test('a value set rises as well', () => {
    const of = (version: string) => readValueSet(draftValueSet({ version }));
    assert.deepEqual(brief(notRising(of('1.0.1'), of('1.0.0'))), []);
    assert.deepEqual(brief(notRising(of('1.0.0'), of('1.0.0'))), ['refused VERSION_NOT_RISING  1.0.0']);
  });
});

test('of a value set its languages are looked at', () => {
  assert.deepEqual(lintContent(readValueSet(draftValueSet()), findAmong(), NOW), []);
});
