import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesStanding, standingLines } from '../../../cli/verifier/rules-standing.ts';
import type { Trust } from '../../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../../verifier/pipeline/verify.ts';
import { anchoredTrust, JURISDICTION, NOW, trustDocument } from '../../support/cards.ts';
import { publishedAs, shippedText } from '../../support/published-rules.ts';

const [entry, values] = [shippedText('US-NY/ENTRY'), shippedText('US-NY/COVID-19')];
const published = [publishedAs(entry), publishedAs(values)];
const jurisdictions = [JURISDICTION, { ...JURISDICTION, code: 'US-NY' }];
const trustWith = (ruleFiles: readonly string[]): Trust =>
  anchoredTrust(trustDocument({ jurisdictions, rules: published, ruleFiles }));

function standingOf(rules: string, trust: Trust | NoTrust): ReturnType<typeof rulesStanding> {
  const terms = { now: NOW, allowUnanchored: false, rules };
  return rulesStanding({ trust: () => trust, terms: () => terms });
}

test('the rules of a venue are named with their version where they can be used', () => {
  const standing = standingOf('ENTRY', trustWith([entry, values]));
  assert.deepEqual(standing, { set: 'US-NY/ENTRY', version: '1.0.0', fault: null });
  assert.deepEqual(standingLines(standing), ['  rules      US-NY/ENTRY 1.0.0']);
});

test('it is said why they cannot be used, and what that means', () => {
  for (const [rules, files, fault, words] of [
    ['ENTRY', [], 'MISSING', /are not here; synchronise, or bring their file/],
    ['ENTRY', [entry], 'VALUE_SET_UNAVAILABLE', /codes and numbers .* are not here/],
    ['ENTRANCE', [entry], 'NOT_PUBLISHED', /No jurisdiction has published/],
  ] as const) {
    const standing = standingOf(rules, trustWith(files));
    assert.equal(standing?.fault, fault);
    const text = standingLines(standing).join('\n');
    assert.match(text, words);
    assert.match(text, /every card is undetermined \(RULES_UNAVAILABLE\)/);
  }
});

test('nothing is said where no rules are asked for, or no trust data is there to ask', () => {
  assert.deepEqual(standingLines(standingOf('none', trustWith([]))), []);
  for (const nothing of ['missing', 'invalid'] as const) {
    assert.equal(standingOf('ENTRY', nothing), null);
  }
});

test('a name made of control characters reaches no terminal', () => {
  const [line = ''] = standingLines(standingOf('\u001b[2J', trustWith([])));
  assert.doesNotMatch(line, /\p{Cc}/u);
});
