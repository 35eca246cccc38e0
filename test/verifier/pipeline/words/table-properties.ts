import assert from 'node:assert/strict';
import type { Language } from '../../../../verifier/pipeline/words/language.ts';

/** What a sentence of each language looks like. */
const SENTENCE: Readonly<Record<Language, RegExp>> = {
  en: /^[A-Z{][^。，；：！？]*[^.\s]\.$/,
  'zh-Hant': /^[^.,;!?]*(?:\d\.\d[^.,;!?]*)*[^。\s]。$/,
  es: /^[A-ZÁÉÍÓÚÑ{¿][^。，；：！？]*[^.\s]\.$/,
};

/** Every text in a table, by its path. */
export function textsOf(table: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof table === 'string') return new Map([[path, table]]);
  assert.ok(typeof table === 'object' && table !== null, path);
  return new Map(Object.entries(table).flatMap(([key, value]) => [...textsOf(value, `${path}.${key}`)]));
}

/** That a table has each row of another, says something in it, and without stray white space. */
export function assertComplete(table: unknown, model: unknown): void {
  const texts = textsOf(table);
  assert.deepEqual([...texts.keys()].toSorted(), [...textsOf(model).keys()].toSorted());
  for (const [key, text] of texts) {
    if (!key.endsWith('.comma')) assert.equal(text.trim().replaceAll(/\s+/g, ' '), text, key);
    assert.notEqual(text, '', key);
  }
}

/** That texts are sentences of that language, no two alike; what is quoted in them may have any marks. */
export function assertSentences(
  texts: ReadonlyMap<string, string>,
  language: Language,
  quoted?: RegExp,
): void {
  const seen = new Map<string, string>();
  for (const [key, text] of texts) {
    // What is to be filled in has a syntax of its own.
    const unquoted = quoted === undefined ? text : text.replaceAll(quoted, '{}');
    const plain = unquoted.replaceAll(/\{(?:[^{}]|\{[^{}]*\})*\}/g, '{}');
    assert.match(plain, SENTENCE[language], key);
    assert.equal(seen.get(text), undefined, `${key} says what ${seen.get(text)} says`);
    seen.set(text, key);
  }
}

/** That no text is the one of another language, and that Chinese is written in Chinese characters, traditional ones. */
export function assertOwnWords(
  texts: ReadonlyMap<string, string>,
  others: ReadonlyMap<string, string>,
  language: Language,
): void {
  for (const [key, text] of texts) {
    assert.notEqual(text, others.get(key), key);
    if (language !== 'zh-Hant') continue;
    assert.match(text, /\p{Script=Han}/u, key);
    assert.doesNotMatch(text, SIMPLIFIED, key);
  }
}

/** Characters of our subject that only simplified Chinese writes so. */
const SIMPLIFIED = /[这签发过无关证书码认验钥构数据时间请扫设备应开将载电脑浏览护称为与两个们张类读错误连]/u;
