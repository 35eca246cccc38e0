import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingWords, preferredTag, speakerOf, WALLET_LANGUAGES } from '../../../wallet/web/wallet-words.ts';
import { english } from '../../../wallet/web/words/en.ts';
import type { WalletWords } from '../../../wallet/web/words/table.ts';

const KEYS = Object.keys(english.words) as (keyof WalletWords)[];
const bracesOf = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

test('the wallet speaks New York’s twelve languages, and three of them lack nothing', () => {
  assert.deepEqual(
    WALLET_LANGUAGES.map(({ tag }) => tag),
    ['en', 'zh-Hant', 'es', 'zh-Hans', 'ru', 'yi', 'ht', 'ko', 'bn', 'it', 'pl', 'ar'],
  );
  for (const language of WALLET_LANGUAGES.slice(0, 3))
    assert.deepEqual(missingWords(language), [], language.tag);
});

test('every language has the values of the English words, and no others', () => {
  for (const { tag, words } of WALLET_LANGUAGES) {
    for (const key of KEYS) {
      const text: string | undefined = words[key];
      if (text === undefined) continue;
      assert.deepEqual(bracesOf(text), bracesOf(english.words[key]), `${tag} ${key}`);
    }
  }
});

test('what a language lacks is said in its base, named as such', () => {
  const { say } = speakerOf('ar');
  assert.deepEqual(
    [say('erase').tag, say('erase').direction, speakerOf('zh-Hans').say('erase').tag],
    ['en', 'ltr', 'zh-Hant'],
  );
  assert.equal(preferredTag(['zh-TW', 'en']), 'zh-Hant');
});
