import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conclude } from '../../../verifier/pipeline/conclude.ts';
import { explain, wordsOf } from '../../../verifier/pipeline/words.ts';
import { LANGUAGES, type Language } from '../../../verifier/pipeline/words/language.ts';
import { assertComplete, assertOwnWords, assertSentences, textsOf } from './words/table-properties.ts';

const sentencesOf = (language: Language): ReadonlyMap<string, string> => {
  const { codes, warnings, steps, messages } = wordsOf(language);
  return textsOf({ codes, warnings, steps, messages });
};

for (const language of LANGUAGES) {
  describe(wordsOf(language).name, () => {
    test('says all that the first language says, and nothing of it is empty', () => {
      assertComplete(wordsOf(language), wordsOf(LANGUAGES[0]));
    });

    test('says reasons, warnings and steps in sentences that end as its own do, no two of them alike', () => {
      assertSentences(sentencesOf(language), language);
    });

    test('leaves nothing in English, nor anything to be filled in', () => {
      const { ages, messages, forms: _forms, profiles: _profiles, ...plain } = wordsOf(language);
      if (language !== 'en') assertOwnWords(sentencesOf(language), sentencesOf('en'), language);
      for (const [key, text] of textsOf(plain)) assert.doesNotMatch(text, /[{}]/, key);
      for (const [key, text] of textsOf({ ages })) {
        assert.deepEqual(text.match(/\{[^}]*\}/g) ?? [], key.endsWith('moments') ? [] : ['{count}'], key);
      }
      assert.ok(Object.keys(messages).length > 0);
    });

    test('tells one outcome from another, and a check’s results apart', () => {
      const { outcomes, checks, results, labels } = wordsOf(language);
      for (const group of [outcomes, checks, results, labels]) {
        const texts = Object.values(group);
        assert.equal(new Set(texts).size, texts.length);
      }
    });
  });
}

test('the reasons of a decision come in the order of its codes, in the language asked for', () => {
  const decision = conclude({ codes: ['EXPIRED', 'REVOKED'] });
  assert.deepEqual(explain(decision, 'es'), [
    { code: 'EXPIRED', text: 'La tarjeta ha vencido.' },
    { code: 'REVOKED', text: 'El emisor revocó la tarjeta.' },
  ]);
  assert.deepEqual(
    explain(decision, 'zh-Hant').map(({ text }) => text),
    ['此卡已過期。', '簽發機構已撤銷此卡。'],
  );
});
