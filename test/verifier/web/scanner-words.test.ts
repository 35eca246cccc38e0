import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  missingWords,
  preferredTag,
  SCANNER_LANGUAGES,
  speakerOf,
} from '../../../verifier/web/scanner-words.ts';
import { english } from '../../../verifier/web/words/en.ts';
import type { ScannerWords } from '../../../verifier/web/words/table.ts';

const KEYS = Object.keys(english.words) as (keyof ScannerWords)[];
const bracesOf = (text: string): readonly string[] => (text.match(/\{\w+\}/g) ?? []).toSorted();

test('there are New York’s twelve languages, and three of them lack nothing', () => {
  assert.deepEqual(
    SCANNER_LANGUAGES.map(({ tag }) => tag),
    ['en', 'zh-Hant', 'es', 'zh-Hans', 'ru', 'yi', 'ht', 'ko', 'bn', 'it', 'pl', 'ar'],
  );
  const complete = SCANNER_LANGUAGES.filter((language) => missingWords(language).length === 0);
  assert.deepEqual(
    complete.map(({ tag }) => tag),
    ['en', 'zh-Hant', 'es'],
  );
});

test('what a language lacks is listed, and said in another that is named as such', (t) => {
  for (const language of SCANNER_LANGUAGES) {
    const missing = missingWords(language);
    if (missing.length > 0) t.diagnostic(`${language.tag} lacks ${missing.length} of ${KEYS.length}`);
    const { say } = speakerOf(language.tag);
    for (const key of KEYS) {
      const { text, tag, direction } = say(key);
      assert.notEqual(text, '');
      assert.equal(tag, missing.includes(key) ? language.base : language.tag, `${language.tag} ${key}`);
      assert.equal(direction, missing.includes(key) ? 'ltr' : language.direction);
    }
  }
});

test('values stand in the same places in every language', () => {
  for (const { tag, words } of SCANNER_LANGUAGES) {
    for (const [key, text] of Object.entries(words)) {
      assert.deepEqual(bracesOf(text), bracesOf(english.words[key as keyof ScannerWords]), `${tag} ${key}`);
    }
  }
});

test('Arabic and Yiddish run from right to left, and no other', () => {
  const rtl = SCANNER_LANGUAGES.filter(({ direction }) => direction === 'rtl').map(({ tag }) => tag);
  assert.deepEqual(rtl, ['yi', 'ar']);
});

test('each language has a word of its own for each outcome', () => {
  for (const { tag } of SCANNER_LANGUAGES) {
    const { outcome } = speakerOf(tag);
    const words = (['accepted', 'rejected', 'undetermined', 'unreadable'] as const).map(
      (one) => outcome(one).text,
    );
    assert.equal(new Set(words).size, 4, tag);
  }
});

test('the browser’s languages are asked in their order', () => {
  for (const [preferred, tag] of [
    [['ko-KR', 'en'], 'ko'],
    [['zh-TW'], 'zh-Hant'],
    [['zh-HK', 'en'], 'zh-Hant'],
    [['zh-CN', 'en'], 'zh-Hans'],
    [['zh-Hans-US'], 'zh-Hans'],
    [['de', 'es-MX'], 'es'],
    [['tlh'], 'en'],
    [[], 'en'],
  ] as const) {
    assert.equal(preferredTag(preferred), tag, preferred.join());
  }
});
