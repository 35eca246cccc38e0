import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PublishedRules } from '../../../../verifier/pipeline/trust-document.ts';
import { heldRules } from '../../../../verifier/pipeline/rules/held-rules.ts';
import type { Trust } from '../../../../verifier/pipeline/trust.ts';
import { published, rulesTrust, seconds } from '../../../support/rules.ts';
import { changed, ruleSetText, valueSetText } from '../../../support/rule-texts.ts';

const AT = seconds('2022-01-01T00:00:00Z');
const rules = ruleSetText();
const values = valueSetText();

/** The version of the set, or why there is none. */
function held(trust: Trust, at = AT, name = 'NO/ENTRY'): string {
  const { ready } = heldRules(name, at, trust);
  return typeof ready === 'string' ? ready : ready.set.version;
}

/** Trust data with what is published and which files are here. */
const trustOf = (rows: readonly PublishedRules[], ruleFiles: readonly string[]): Trust =>
  rulesTrust([], { rules: rows, ruleFiles });

const ofValues = published(values);

describe('the value set of the rules', () => {
  test('is published and here, or the rules are not usable', () => {
    assert.equal(held(trustOf([published(rules)], [rules, values])), 'VALUE_SET_UNAVAILABLE');
    assert.equal(held(trustOf([published(rules), ofValues], [rules])), 'VALUE_SET_UNAVAILABLE');
    assert.equal(held(trustOf([published(rules), ofValues], [rules, `${values} `])), 'VALUE_SET_UNAVAILABLE');
    const end = published(values, { version: 2, digest: null, uri: '' });
    assert.equal(held(trustOf([published(rules), ofValues, end], [rules, values])), 'VALUE_SET_UNAVAILABLE');
  });

  test('is a value set', () => {
    const pointing = changed(rules, { valueSet: { jurisdiction: 'NO', id: 'ENTRY', version: '1.0.0' } });
    assert.equal(held(rulesTrust([pointing, values])), 'VALUE_SET_UNAVAILABLE');
  });

  test('may be of a later version, and not of an earlier one or another first number', () => {
    const written = changed(rules, { valueSet: { jurisdiction: 'NO', id: 'VALUES', version: '1.2.3' } });
    for (const [version, expected] of [
      ['1.2.3', '1.0.0'],
      ['1.2.4', '1.0.0'],
      ['1.10.0', '1.0.0'],
      ['1.2.2', 'FAULTY'],
      ['1.1.9', 'FAULTY'],
      ['2.0.0', 'FAULTY'],
      ['0.9.0', 'FAULTY'],
    ] as const) {
      assert.equal(held(rulesTrust([written, changed(values, { version })])), expected, version);
    }
  });

  test('begins when it begins: the rules before are of the one before', () => {
    const later = changed(values, { version: '2.0.0' });
    const trust = trustOf(
      [published(rules), ofValues, published(later, { version: 2, validFrom: AT })],
      [rules, values, later],
    );
    for (const at of [AT, AT - 1, AT, AT - 1]) assert.equal(held(trust, at), at < AT ? '1.0.0' : 'FAULTY');
  });
});

describe('the base of a rule set', () => {
  const onBase = (jurisdiction: string, id: string, own: object = {}) =>
    changed(rules, { id: 'STATE', layers: [{ kind: 'rule-set', jurisdiction, id }], rules: [], ...own });

  test('is held to all that the set itself is', () => {
    const state = onBase('NO', 'ENTRY');
    const rows = [published(state), published(rules), ofValues];
    assert.equal(held(rulesTrust([state, rules, values]), AT, 'NO/STATE'), '1.0.0');
    const without = (...files: readonly string[]) => held(trustOf(rows, files), AT, 'NO/STATE');
    assert.equal(without(state, values), 'MISSING');
    assert.equal(without(state, `${rules} `, values), 'DIFFERS');
    assert.equal(
      held(trustOf([published(state), ofValues], [state, rules, values]), AT, 'NO/STATE'),
      'NOT_PUBLISHED',
    );
    const closed = changed(rules, { validTo: '2021-07-01T00:00:00Z' });
    assert.equal(held(rulesTrust([state, closed, values]), AT, 'NO/STATE'), 'ENDED');
  });

  test('begins when it begins', () => {
    const state = onBase('NO', 'ENTRY');
    const trust = trustOf(
      [published(state), published(rules, { validFrom: AT }), ofValues],
      [state, rules, values],
    );
    for (const at of [AT, AT - 1, AT, AT - 1]) {
      assert.equal(held(trust, at, 'NO/STATE'), at < AT ? 'NOT_YET_IN_FORCE' : '1.0.0');
    }
  });

  test('is not itself, by no detour', () => {
    assert.equal(held(rulesTrust([onBase('NO', 'STATE'), values]), AT, 'NO/STATE'), 'FAULTY');
    const one = onBase('NO', 'OTHER');
    const other = changed(one, {
      id: 'OTHER',
      layers: [{ kind: 'rule-set', jurisdiction: 'NO', id: 'STATE' }],
    });
    assert.equal(held(rulesTrust([one, other, values]), AT, 'NO/STATE'), 'FAULTY');
  });

  test('is not a value set', () => {
    assert.equal(held(rulesTrust([onBase('NO', 'VALUES'), values]), AT, 'NO/STATE'), 'FAULTY');
  });
});

test('a zone that does not exist makes the rules faulty', () => {
  for (const timeZone of ['America/Nowhere', 'NYC', 'UTC/UTC']) {
    assert.equal(held(rulesTrust([changed(rules, { timeZone }), values])), 'FAULTY', timeZone);
  }
});

describe('a rule of the set', () => {
  const { rules: own } = JSON.parse(rules) as { readonly rules: readonly object[] };
  const window = (ValidFrom: string, ValidTo: string, more: object = {}) => ({
    ...own[0],
    ValidFrom,
    ValidTo,
    ...more,
  });

  test('whose window is over leaves the set without an answer: it is not left out', () => {
    const trust = rulesTrust([
      changed(rules, { rules: [window('2021-01-01T00:00:00Z', '2022-01-01T00:00:00Z')] }),
      values,
    ]);
    for (const at of [AT, AT - 1, AT, AT - 1]) assert.equal(held(trust, at), at < AT ? '1.0.0' : 'ENDED');
  });

  test('may have another version for another time', () => {
    const set = changed(rules, {
      rules: [
        window('2021-01-01T00:00:00Z', '2022-01-01T00:00:00Z'),
        window('2022-01-01T00:00:00Z', '2023-01-01T00:00:00Z', { Version: '1.1.0' }),
      ],
    });
    const ruleAt = (at: number): string | undefined => {
      const { ready } = heldRules('NO/ENTRY', at, trust);
      const [layer] = typeof ready === 'string' ? [] : ready.layers;
      return layer?.kind === 'any-of' ? layer.alternatives[0]?.rules[0]?.rule.Version : undefined;
    };
    const trust = rulesTrust([set, values]);
    for (const at of [AT - 1, AT, AT - 1]) assert.equal(ruleAt(at), at < AT ? '1.0.0' : '1.1.0');
  });

  test('of two versions at once the higher one counts', () => {
    const set = changed(rules, {
      rules: [
        { ...own[0], Version: '1.10.0' },
        { ...own[0], Version: '1.9.0' },
      ],
    });
    const { ready } = heldRules('NO/ENTRY', AT, rulesTrust([set, values]));
    assert.ok(typeof ready !== 'string' && ready.layers[0]?.kind === 'any-of');
    assert.equal(ready.layers[0].alternatives[0]?.rules[0]?.rule.Version, '1.10.0');
  });
});
