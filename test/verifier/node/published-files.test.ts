import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdRuleFiles, MAX_RULE_FILES_BYTES } from '../../../verifier/node/published-files.ts';
import type { HeldRuleFiles, RuleSource } from '../../../verifier/node/published-files.ts';
import { MAX_RULE_FILE_BYTES } from '../../../verifier/pipeline/trust-document.ts';
import type { PublishedRules } from '../../../verifier/pipeline/trust-document.ts';
import { NOW } from '../../support/cards.ts';
import { changedText, publishedAs, ruleDigest, shippedText } from '../../support/published-rules.ts';

const ENTRY = shippedText('US-NY/ENTRY');
const VALUES = shippedText('US-NY/COVID-19');
const ALTERED = changedText(ENTRY, (json) => (json.version = '1.0.1'));
const RULES = [publishedAs(ENTRY), publishedAs(VALUES)];

const source = (name: string, content: string | Uint8Array): RuleSource => ({
  name,
  bytes: Buffer.from(content),
});
function hold(
  rules: readonly PublishedRules[],
  sources: readonly RuleSource[],
  texts: readonly string[] = [],
): HeldRuleFiles {
  return holdRuleFiles(rules, { sources, texts }, NOW);
}

describe('a rule file is held', () => {
  test('if its digest is published, in the order of the registry and once, wherever it came from', () => {
    const held = { texts: [ENTRY, VALUES], refused: [] };
    assert.deepEqual(hold(RULES, [source('b', VALUES), source('a', ENTRY), source('a', ENTRY)]), held);
    assert.deepEqual(hold(RULES, [source('a', ENTRY)], [VALUES, ENTRY]), held);
    assert.deepEqual(hold([...RULES, publishedAs(ENTRY, { version: 2 })], [], [VALUES, ENTRY]), held);
  });

  test('if an earlier version had it, since a card may be judged as of then', () => {
    const rules = [
      publishedAs(ENTRY),
      publishedAs(ALTERED, { version: 2, validFrom: NOW - 10 }),
      publishedAs(ENTRY, { version: 3, digest: null, validFrom: NOW - 5 }),
    ];
    assert.deepEqual(hold(rules, [], [ALTERED, ENTRY]).texts, [ENTRY, ALTERED]);
  });

  test('byte for byte: a byte order mark is part of it', () => {
    const marked = `\ufeff${ENTRY}`;
    const bytes = Buffer.from(marked);
    assert.equal(bytes.length, Buffer.byteLength(ENTRY) + 3);
    assert.deepEqual(hold(RULES, [source('marked', bytes)], []).texts, []);
    const [held = ''] = hold([publishedAs(ENTRY, { digest: ruleDigest(bytes) })], [source('x', bytes)]).texts;
    assert.deepEqual(Buffer.from(held), bytes);
  });

  test('whatever it is, if it was published: that it is no rule set is then the jurisdiction’s fault', () => {
    const other = '{"id":"VENUE-ENTRY"}';
    const rules = [publishedAs(ENTRY, { digest: ruleDigest(other) })];
    assert.deepEqual(hold(rules, [source('x', other)]), { texts: [other], refused: [] });
  });
});

describe('a rule file is refused', () => {
  const reasonOf = (content: string | Uint8Array, rules = RULES): unknown => {
    const { texts, refused } = hold(rules, [source('x', content)]);
    assert.deepEqual(texts, []);
    const [{ file, digest, reason } = { file: '', digest: '', reason: '' }] = refused;
    assert.deepEqual([refused.length, file, digest], [1, 'x', ruleDigest(content)]);
    return reason;
  };

  test('NOT_PUBLISHED if no version has its digest, be it altered by one character', () => {
    assert.equal(reasonOf(ALTERED), 'NOT_PUBLISHED');
    assert.equal(reasonOf(`${ENTRY} `), 'NOT_PUBLISHED');
    assert.equal(reasonOf(VALUES, [publishedAs(ENTRY)]), 'NOT_PUBLISHED');
    assert.equal(reasonOf(ENTRY, [publishedAs(ENTRY, { digest: null })]), 'NOT_PUBLISHED');
  });

  test('MALFORMED if it is no rule set and no value set, no UTF-8, or too large, even if published', () => {
    for (const content of ['', '{', '{}', `\ufeff${ENTRY}`]) assert.equal(reasonOf(content), 'MALFORMED');
    const latin = Buffer.from(ENTRY, 'latin1');
    const large = `${ENTRY}${' '.repeat(MAX_RULE_FILE_BYTES)}`;
    for (const content of [latin, large]) {
      assert.equal(reasonOf(content, [publishedAs(ENTRY, { digest: ruleDigest(content) })]), 'MALFORMED');
    }
  });

  test('NO_ROOM if more is published than a venue holds: what is in force comes first, then what is small', () => {
    const size = MAX_RULE_FILE_BYTES;
    const large = Array.from({ length: MAX_RULE_FILES_BYTES / size }, (_, index) =>
      `${index}`.padEnd(size - 1),
    );
    const named = (text: string, index: number): PublishedRules =>
      publishedAs(ENTRY, { id: `LARGE-${index}`, digest: ruleDigest(text) });
    const ended = (text: string, index: number): readonly PublishedRules[] => [
      named(text, index),
      { ...named(text, index), version: 2, digest: null },
    ];
    const sources = large.map((text, index) => source(`${index}`, text));

    const current = hold([...large.map(named), ...RULES], [...sources, source('e', ENTRY)], [VALUES]);
    assert.deepEqual(
      [current.texts.length, current.texts.slice(-2)],
      [large.length + 1, [ENTRY, VALUES]],
      'small ones are pushed out by nobody',
    );
    assert.deepEqual(
      current.refused.map(({ reason }) => reason),
      ['NO_ROOM'],
    );

    const nobodys = large.map((text) => text.slice(0, -2));
    assert.deepEqual(
      hold(large.flatMap(ended), sources, nobodys).refused,
      [],
      'what is nobody’s takes no room',
    );

    const past = hold([...large.flatMap(ended), named('x'.repeat(size), 99)], sources, ['x'.repeat(size)]);
    assert.ok(past.texts.includes('x'.repeat(size)), 'what is in force comes before what is past');
    assert.deepEqual(
      past.refused.map(({ reason }) => reason),
      ['NO_ROOM'],
    );
  });
});
