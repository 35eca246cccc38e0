import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PublishedRules, TrustDocument } from '../../../../verifier/pipeline/trust-document.ts';
import { heldRules } from '../../../../verifier/pipeline/rules/held-rules.ts';
import type { Trust } from '../../../../verifier/pipeline/trust.ts';
import { anchoredTrust, JURISDICTION, trustDocument } from '../../../support/cards.ts';
import { published, rulesTrust, seconds } from '../../../support/rules.ts';
import { changed, ruleSetText, valueSetText } from '../../../support/rule-texts.ts';

const AT = seconds('2022-01-01T00:00:00Z');
const DAY = 86_400;
const rules = ruleSetText();
const values = valueSetText();

/** The version of the set, or why there is none. */
function held(trust: Trust, at = AT, name = 'NO/ENTRY'): string {
  const { ready } = heldRules(name, at, trust);
  return typeof ready === 'string' ? ready : ready.set.version;
}

/** Trust data with what is published and which files are here. */
function trustOf(
  rows: readonly PublishedRules[],
  ruleFiles: readonly string[],
  content: Partial<TrustDocument> = {},
): Trust {
  return rulesTrust([], { rules: rows, ruleFiles, ...content });
}

const ofValues = published(values);

describe('the set that is in force', () => {
  test('is what its jurisdiction published, by its digest', () => {
    assert.equal(held(rulesTrust([rules, values])), '1.0.0');
    assert.deepEqual(heldRules('ENTRY', AT, rulesTrust([rules, values])).name, 'NO/ENTRY');
  });

  test('is not there if nobody published it', () => {
    assert.equal(held(trustOf([ofValues], [rules, values])), 'NOT_PUBLISHED');
    for (const name of [
      'NO/OTHER',
      'OTHER',
      '',
      '/',
      'NO/',
      '/ENTRY',
      'NO/ENTRY/',
      'no/entry',
      '__proto__',
    ]) {
      assert.equal(held(rulesTrust([rules, values]), AT, name), 'NOT_PUBLISHED', name);
    }
  });

  test('is missing without its file', () => {
    assert.equal(held(trustOf([published(rules), ofValues], [values])), 'MISSING');
  });

  test('differs if another file of its name is here, by a space even', () => {
    assert.equal(held(trustOf([published(rules), ofValues], [`${rules} `, values])), 'DIFFERS');
    assert.equal(held(trustOf([published(rules), ofValues], [`${rules} `, rules, values])), '1.0.0');
  });

  test('is none before it begins', () => {
    const trust = trustOf([published(rules, { validFrom: AT + 1 }), ofValues], [rules, values]);
    assert.equal(held(trust), 'NOT_YET_IN_FORCE');
    assert.equal(held(trust, AT + 1), '1.0.0');
  });

  test('is none after its jurisdiction ended it', () => {
    const end = published(rules, { version: 2, validFrom: AT, digest: null, uri: '' });
    const trust = trustOf([published(rules), end, ofValues], [rules, values]);
    assert.equal(held(trust, AT - 1), '1.0.0');
    assert.equal(held(trust, AT), 'ENDED');
  });

  test('is none of a jurisdiction that is suspended', () => {
    const suspended = { code: 'NO', name: 'Nowhere', suspended: true };
    const trust = trustOf([published(rules), ofValues], [rules, values], {
      jurisdictions: [JURISDICTION, suspended],
    });
    assert.equal(held(trust), 'JURISDICTION_SUSPENDED');
  });

  test('is ambiguous by a short name that two jurisdictions have', () => {
    const other = changed(rules, { jurisdiction: 'ELSE', rules: [] });
    const trust = rulesTrust([rules, other, values]);
    assert.equal(held(trust, AT, 'ENTRY'), 'NAME_AMBIGUOUS');
    assert.equal(heldRules('ENTRY', AT, trust).name, 'ENTRY');
    assert.equal(held(trust), '1.0.0');
  });

  test('is faulty if what was published is a value set', () => {
    assert.equal(held(rulesTrust([rules, values]), AT, 'NO/VALUES'), 'FAULTY');
  });

  test('is faulty if it was published under another name than its own', () => {
    const trust = trustOf([published(rules, { id: 'OTHER' }), ofValues], [rules, values]);
    assert.equal(held(trust, AT, 'NO/OTHER'), 'FAULTY');
    const ofOthers = trustOf([published(rules, { jurisdiction: 'ELSE' }), ofValues], [rules, values]);
    assert.equal(held(ofOthers, AT, 'ELSE/ENTRY'), 'FAULTY');
  });

  test('is none outside of its own window', () => {
    const window = { validFrom: '2021-06-01T00:00:00Z', validTo: '2021-07-01T00:00:00Z' };
    const trust = rulesTrust([changed(rules, window), values]);
    assert.equal(held(trust, seconds('2021-07-01T00:00:00Z')), 'ENDED');
    assert.equal(held(trust, seconds('2021-06-30T23:59:59Z')), '1.0.0');
    assert.equal(held(trust, seconds('2021-06-01T00:00:00Z')), '1.0.0');
    assert.notEqual(held(trust, seconds('2021-05-31T23:59:59Z')), '1.0.0');
  });

  test('is none at a moment that is none', () => {
    for (const at of [NaN, Infinity, -Infinity])
      assert.notEqual(held(rulesTrust([rules, values]), at), '1.0.0');
  });
});

describe('of several versions', () => {
  const second = changed(rules, { version: '1.1.0' });
  const third = changed(rules, { version: '2.0.0' });
  const rows = [
    published(rules),
    published(second, { version: 2, validFrom: AT }),
    published(third, { version: 3, validFrom: AT + DAY }),
    ofValues,
  ];
  const moments: readonly (readonly [at: number, version: string])[] = [
    [AT - 1, '1.0.0'],
    [AT, '1.1.0'],
    [AT + DAY - 1, '1.1.0'],
    [AT + DAY, '2.0.0'],
    [AT + 9 * DAY, '2.0.0'],
    [AT - 9 * DAY, '1.0.0'],
  ];

  test('the one counts that is in force at the moment asked about', () => {
    for (const [at, version] of moments) {
      assert.equal(held(trustOf(rows, [rules, second, third, values]), at), version);
    }
  });

  test('what was found for one moment is not told of another, in whatever order they are asked about', () => {
    const trust = trustOf(rows, [rules, second, third, values]);
    for (const order of [moments, moments.toReversed(), [...moments, ...moments.toReversed()]]) {
      for (const [at, version] of order) assert.equal(held(trust, at), version);
    }
  });

  test('each is missing by itself', () => {
    const trust = trustOf(rows, [rules, third, values]);
    assert.equal(held(trust, AT - 1), '1.0.0');
    assert.equal(held(trust, AT), 'DIFFERS');
    assert.equal(held(trust, AT + DAY), '2.0.0');
  });

  test('a later one does not bear a lower or the same number', () => {
    for (const version of ['1.0.0', '0.9.9']) {
      const lower = changed(rules, { version, title: { en: 'Again' } });
      const trust = trustOf(
        [published(rules), published(lower, { version: 2, validFrom: AT }), ofValues],
        [rules, lower, values],
      );
      assert.equal(held(trust, AT - 1), '1.0.0');
      assert.equal(held(trust), 'VERSION_NOT_RISING', version);
    }
  });

  test('numbers are compared as numbers', () => {
    const ninth = changed(rules, { version: '1.9.0' });
    const tenth = changed(rules, { version: '1.10.0' });
    const trust = trustOf(
      [published(ninth), published(tenth, { version: 2 }), ofValues],
      [ninth, tenth, values],
    );
    assert.equal(held(trust), '1.10.0');
  });

  test('one that comes back after another was published in between is not rising', () => {
    const trust = trustOf(
      [published(rules), published(second, { version: 2 }), published(rules, { version: 3 }), ofValues],
      [rules, second, values],
    );
    assert.equal(held(trust), 'VERSION_NOT_RISING');
  });

  test('one that is published again by itself still stands', () => {
    const trust = trustOf([published(rules), published(rules, { version: 2 }), ofValues], [rules, values]);
    assert.equal(held(trust), '1.0.0');
  });
});

describe('without a chain the files that are here are the rules', () => {
  const unanchored = (...ruleFiles: readonly string[]) =>
    anchoredTrust(trustDocument({ source: { kind: 'unanchored', origin: 'test' }, ruleFiles }));

  test('of several versions the highest', () => {
    const ninth = changed(rules, { version: '1.9.0' });
    const tenth = changed(rules, { version: '1.10.0' });
    assert.equal(held(unanchored(tenth, ninth, values)), '1.10.0');
    assert.equal(held(unanchored(ninth, tenth, values)), '1.10.0');
  });

  test('a name that no file has is not published, and one whose files are broken is faulty', () => {
    assert.equal(held(unanchored(values)), 'MISSING');
    assert.equal(held(unanchored(values), AT, 'ENTRY'), 'NOT_PUBLISHED');
    assert.equal(held(unanchored(changed(rules, { timeZone: 7 }), values)), 'FAULTY');
  });

  test('a broken file of a name does not stand in the way of a sound one', () => {
    assert.equal(held(unanchored(changed(rules, { timeZone: 7, version: '9.0.0' }), rules, values)), '1.0.0');
  });
});

test('names that are made up are not remembered without end, nor mixed up', () => {
  const trust = rulesTrust([rules, values]);
  for (let n = 0; n < 200; n++) assert.equal(held(trust, AT, `NO/MADE-UP-${n}`), 'NOT_PUBLISHED');
  assert.equal(held(trust), '1.0.0');
});
