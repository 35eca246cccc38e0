import type { Code, Decision, Outcome } from './decision.ts';
import { english } from './words/en.ts';
import { spanish } from './words/es.ts';
import type { Language } from './words/language.ts';
import type { WordTable } from './words/table.ts';
import { traditionalChinese } from './words/zh-Hant.ts';

export { languageFor } from './words/language.ts';

const TABLES: Readonly<Record<Language, WordTable>> = {
  en: english,
  'zh-Hant': traditionalChinese,
  es: spanish,
};

/** What stands beside each outcome's word in every language: colour alone is not seen by everyone. */
export const OUTCOME_SYMBOLS: Readonly<Record<Outcome, string>> = {
  accepted: '✓',
  rejected: '✗',
  undetermined: '?',
  unreadable: '–',
};

/** A reason of a decision for people. */
export interface Reason {
  readonly code: Code;
  readonly text: string;
}

/** Everything that is said to people in that language: one table for every edge, terminal, HTTP and page. */
export function wordsOf(language: Language): WordTable {
  return TABLES[language];
}

/** The reasons of a decision in that language, in the order of its codes. */
export function explain({ codes }: Pick<Decision, 'codes'>, language: Language): readonly Reason[] {
  const words = wordsOf(language);
  return codes.map((code) => ({ code, text: words.codes[code] }));
}
