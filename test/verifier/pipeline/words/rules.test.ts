import { describe, test } from 'node:test';
import { LANGUAGES } from '../../../../verifier/pipeline/words/language.ts';
import { rulesWordsOf } from '../../../../verifier/pipeline/words/rules.ts';
import { wordsOf } from '../../../../verifier/pipeline/words.ts';
import { assertComplete, assertOwnWords, assertSentences, textsOf } from './table-properties.ts';

for (const language of LANGUAGES) {
  describe(wordsOf(language).name, () => {
    test('says of rule sets all that the first language says', () => {
      assertComplete(rulesWordsOf(language), rulesWordsOf(LANGUAGES[0]));
    });

    test('says what a rule set asks in sentences of its own', () => {
      const { states, window, zone, valueSet, needsEvent } = rulesWordsOf(language);
      const sentences = textsOf({ states, window, zone, valueSet, needsEvent });
      assertSentences(sentences, language);
      if (language !== 'en')
        assertOwnWords(textsOf(rulesWordsOf(language)), textsOf(rulesWordsOf('en')), language);
    });
  });
}
