import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SETUP_WORDS } from '../../../../verifier/node/tls/setup-page.ts';
import { LANGUAGES } from '../../../../verifier/pipeline/words/language.ts';
import {
  assertComplete,
  assertOwnWords,
  assertSentences,
  textsOf,
} from '../../pipeline/words/table-properties.ts';

/** Headings, and names of menus, files and devices, are no sentences. */
const isSentence = (key: string): boolean =>
  /\.(?:purpose|validUntil|why|code|points\.\d|install\.\d|windows\.remove)$/.test(key);
/** What stands in a sentence as it is written elsewhere, whatever marks it has. */
const QUOTED = /「[^」]*」|“[^”]*”|«[^»]*»|https?:\S+|chrome:\S*r|[\w-]+\.(?:crt|msc)|certmgr\.msc/g;

for (const language of LANGUAGES) {
  describe(`the setup page in ${language}`, () => {
    const texts = textsOf(SETUP_WORDS[language]);
    const english = textsOf(SETUP_WORDS.en);

    test('says all that it says in English, step by step', () => {
      assertComplete(SETUP_WORDS[language], SETUP_WORDS.en);
    });

    test('names in each step what it names in English', () => {
      for (const [key, text] of texts) {
        const namesOf = (one: string) =>
          (one.match(/\{\w+\}|pratique-ca\.\w+|chrome:\S*r|certmgr\.msc/g) ?? []).toSorted();
        assert.deepEqual(namesOf(text), namesOf(english.get(key) ?? ''), key);
      }
    });

    test('is written in sentences of its own language', () => {
      // The last step is the same on several devices.
      const sentences = [...texts].filter(([key, text]) => isSentence(key) && !text.includes('{origin}'));
      assert.ok(sentences.length > 20);
      assertSentences(new Map(sentences), language, QUOTED);
      if (language !== 'en') assertOwnWords(new Map(sentences), english, language);
    });

    test('quotes the buttons of the page as they are written on it', () => {
      const { download, install } = SETUP_WORDS[language];
      assert.ok(install.devices.apple.install[0]?.includes(download.apple));
      for (const device of ['android', 'chromebook', 'windows'] as const) {
        assert.ok(install.devices[device].install[0]?.includes(download.others), device);
      }
    });
  });
}
