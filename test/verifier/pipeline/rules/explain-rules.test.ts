import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { shippedRules } from '../../../../verifier/node/shipped-rules.ts';
import { explainRules } from '../../../../verifier/pipeline/rules/explain-rules.ts';
import type { Explanation } from '../../../../verifier/pipeline/rules/explain-rules.ts';
import { findAmong } from '../../../../verifier/pipeline/rules/published.ts';
import { readySet } from '../../../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../../../verifier/pipeline/rules/rule-files.ts';
import { LANGUAGES } from '../../../../verifier/pipeline/words/language.ts';
import type { Language } from '../../../../verifier/pipeline/words/language.ts';
import { NOW } from '../../../support/cards.ts';

const files = ruleFilesOf(shippedRules().map(({ text }) => text));

function explained(name: string, language: Language = 'en'): Explanation {
  const { ready } = readySet(name, NOW, findAmong(files));
  assert.ok(typeof ready !== 'string', name);
  return explainRules(ready, language);
}

test('a set is told with its window, its zone, what it counts by, and each alternative with its cards and rules', () => {
  const { layers, ...about } = explained('US-NY/ENTRY');
  assert.deepEqual(about, {
    set: 'US-NY/ENTRY',
    version: '1.0.0',
    title: 'Vaccinated or tested (New York)',
    notes: [
      'It holds from 2021-01-01T00:00:00Z to before 2036-01-01T00:00:00Z.',
      'Days are those of the time zone America/New_York.',
      'Its codes and numbers are those of US-NY/COVID-19, version 1.0.0.',
    ],
    needsEvent: false,
    allOf: null,
  });
  const [layer] = layers;
  assert.ok(layer?.kind === 'any-of');
  assert.deepEqual([layer.oneOf, layer.alternatives.length], ['One of these is enough:', 6]);
  assert.deepEqual(layer.alternatives[3], {
    name: 'vaccination-pass',
    title: 'Vaccination Pass',
    takes: 'Card: Vaccination Pass',
    rules: [
      {
        identifier: 'GR-US-NY-0001',
        version: '1.0.0',
        asks: 'The Pass must have been issued no more than 365 days ago.',
      },
    ],
  });
});

test('a set on a base says that both must hold, and tells the base', () => {
  const { allOf, layers } = explained('US-NY/OUT-OF-STATE');
  assert.equal(allOf, 'All of these must hold:');
  const [base, own] = layers;
  assert.ok(base?.kind === 'rule-set' && own?.kind === 'any-of');
  assert.equal(base.base, 'The rules of US/FULLY-VACCINATED, version 1.0.0, must hold as well:');
  assert.equal(base.set.set, 'US/FULLY-VACCINATED');
  assert.equal(own.oneOf, 'What is asked:');
});

test('a set that counts back from an event says that its beginning is needed', () => {
  const { needsEvent, notes } = explained('US-NY/EVENT-72H');
  assert.ok(needsEvent);
  assert.equal(notes.at(-1), 'It counts back from an event: say when the event begins.');
});

describe('every shipped set is told', () => {
  const sets = files.flatMap(({ name, content }) =>
    name !== undefined && content?.format === 'pratique-rule-set-1' ? name : [],
  );
  for (const language of LANGUAGES) {
    test(`in ${language}, with nothing left to be filled in and nothing in another language`, () => {
      assert.equal(sets.length, 6);
      for (const name of sets) {
        const told = textsIn(explained(name, language));
        assert.ok(told.length > 8, name);
        const english = new Set(textsIn(explained(name, 'en')));
        for (const text of told) {
          assert.doesNotMatch(text, /[{}]/, text);
          if (language === 'zh-Hant') assert.match(text, /\p{Script=Han}/u);
          if (language !== 'en') assert.ok(!english.has(text) || text === 'Tarjeta: Pase Plus', text);
        }
      }
    });
  }
});

/** Every sentence and title. */
function textsIn({ title, notes, allOf, layers }: Explanation): readonly string[] {
  return [
    title,
    ...notes,
    ...(allOf === null ? [] : [allOf]),
    ...layers.flatMap((layer) =>
      layer.kind === 'rule-set'
        ? [layer.base, ...textsIn(layer.set)]
        : [
            layer.title,
            layer.oneOf,
            ...layer.alternatives.flatMap((one) => [
              one.title,
              one.takes,
              ...one.rules.map(({ asks }) => asks),
            ]),
          ],
    ),
  ];
}
