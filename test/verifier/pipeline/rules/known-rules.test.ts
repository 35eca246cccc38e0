import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKnown, knownRules } from '../../../../verifier/pipeline/rules/known-rules.ts';
import { findAmong } from '../../../../verifier/pipeline/rules/published.ts';
import { ruleFilesOf } from '../../../../verifier/pipeline/rules/rule-files.ts';
import type { PublishedRules, TrustDocument } from '../../../../verifier/pipeline/trust-document.ts';
import { anchoredTrust, NOW, trustDocument } from '../../../support/cards.ts';
import { draftSet, draftValueSet } from '../../../support/draft-rules.ts';

const [set, values] = [JSON.stringify(draftSet()), JSON.stringify(draftValueSet())];
const shipped = ruleFilesOf([set, values]);
const digests = shipped.map(({ digest }) => digest);

function published(id: string, content: Partial<PublishedRules>): PublishedRules {
  return { jurisdiction: 'US-NO', id, version: 1, validFrom: 5, digest: null, uri: '', ...content };
}
const BOTH = [
  published('ENTRY', { digest: digests[0] ?? '' }),
  published('COVID-19', { digest: digests[1] ?? '' }),
];

/** Name, state and fault of everything that is known under such trust data. */
function states(content?: Partial<TrustDocument>): readonly (string | null)[][] {
  const trust = content && anchoredTrust(trustDocument({ ruleFiles: [set, values], ...content }));
  return knownRules(trust, shipped, NOW).map(({ name, state, fault }) => [name, state, fault]);
}
const entry = (content: Partial<TrustDocument>): readonly (string | null)[] | undefined =>
  states(content)
    .find(([name]) => name === 'US-NO/ENTRY')
    ?.slice(1);

test('without trust data there is what comes with the program, by name', () => {
  assert.deepEqual(states(), [
    ['US-NO/COVID-19', 'shipped-only', null],
    ['US-NO/ENTRY', 'shipped-only', null],
  ]);
  assert.deepEqual(states({ rules: [], ruleFiles: [] }), states());
});

test('what is published, in force and here is told so, with the digest that the registry has', () => {
  assert.deepEqual(states({ rules: BOTH }), [
    ['US-NO/COVID-19', 'in-force', null],
    ['US-NO/ENTRY', 'in-force', null],
  ]);
  const known = knownRules(anchoredTrust(trustDocument({ rules: BOTH, ruleFiles: [set, values] })), [], NOW);
  assert.deepEqual(
    known.map(({ digest }) => digest),
    digests.toReversed(),
  );
});

test('what was published and cannot be used is told with its reason', () => {
  const rules = (content: Partial<PublishedRules>): Partial<TrustDocument> => ({
    rules: [published('ENTRY', { digest: digests[0] ?? '', ...content }), ...BOTH.slice(1)],
  });
  const other = `0x${'12'.repeat(32)}`;
  assert.deepEqual(entry(rules({ digest: other })), ['unusable', 'DIFFERS']);
  assert.deepEqual(entry({ ...rules({}), ruleFiles: [values] }), ['unusable', 'MISSING']);
  assert.deepEqual(entry(rules({ digest: null })), ['unusable', 'ENDED']);
  assert.deepEqual(entry(rules({ validFrom: NOW + 1 })), ['unusable', 'NOT_YET_IN_FORCE']);
  assert.deepEqual(entry({ rules: BOTH.slice(0, 1) }), ['unusable', 'VALUE_SET_UNAVAILABLE']);
  const ofOther = knownRules(anchoredTrust(trustDocument(rules({ digest: other }))), shipped, NOW);
  assert.equal(ofOther.find(({ name }) => name === 'US-NO/ENTRY')?.digest, other);
});

test('under trust data without a chain what is here is told to be anchored nowhere', () => {
  assert.deepEqual(states({ source: { kind: 'unanchored', origin: 'a test' } }), [
    ['US-NO/COVID-19', 'unanchored', null],
    ['US-NO/ENTRY', 'unanchored', null],
  ]);
});

test('what is in force is found before what comes with the program, and a published one that is not here is not', () => {
  const ahead = JSON.stringify({ ...draftSet(), version: '1.1.0' });
  const [file] = ruleFilesOf([ahead]);
  const rules = [published('ENTRY', { digest: file?.digest ?? '' }), ...BOTH.slice(1)];
  const trust = anchoredTrust(trustDocument({ rules, ruleFiles: [ahead, values] }));
  const { found } = findKnown(trust, shipped, NOW)('US-NO/ENTRY');
  assert.equal(typeof found === 'string' ? found : found.content?.version, '1.1.0');
  assert.equal(findKnown(undefined, shipped, NOW)('US-NO/ENTRY').found, shipped[0]);
});

test('a draft is found before a later version that comes with the program, and nothing sound in place of one that is not', () => {
  const later = JSON.stringify({ ...draftSet(), version: '9.0.0' });
  const { found } = findAmong(shipped, ruleFilesOf([later]))('US-NO/ENTRY');
  assert.equal(found, shipped[0]);
  const spoilt = ruleFilesOf([JSON.stringify({ ...draftSet(), rules: 1 })]);
  assert.equal(findAmong(spoilt, shipped)('US-NO/ENTRY').found, 'FAULTY');
  assert.equal(findAmong(shipped)('US-NO/EXIT').found, 'MISSING');
});
