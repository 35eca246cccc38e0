import type { Language } from '../../verifier/pipeline/words/language.ts';
import { english } from './words/en.ts';
import { spanish } from './words/es.ts';
import type { DeskWords } from './words/table.ts';
import { traditionalChinese } from './words/zh-Hant.ts';

/** The words of the desk, which no other page carries (decision 0027). */
export const DESK_WORDS: Readonly<Record<Language, DeskWords>> = {
  en: english,
  'zh-Hant': traditionalChinese,
  es: spanish,
};

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  'zh-Hant': '繁體中文',
  es: 'Español',
};
