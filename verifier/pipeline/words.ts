import type { Code, Decision, Outcome, Sentences } from './decision.ts';
import { english } from './words/en.ts';
import { spanish } from './words/es.ts';
import { lookUp } from './words/language.ts';
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

type Explained = Pick<Decision, 'codes' | 'rules' | 'unmet' | 'unwanted'>;

/** The reasons of a decision in that language, in the order of its codes; a rule that is not met is named. */
export function explain(decision: Explained, language: Language): readonly Reason[] {
  return sentencesOf(decision, language).map(({ code, sentences }) => ({
    code,
    text: sentences.join(SPACES[language]),
  }));
}

/** The same with each sentence by itself, for who has a line for each. */
export function sentencesOf(
  decision: Explained,
  language: Language,
): readonly { readonly code: Code; readonly sentences: readonly string[] }[] {
  return decision.codes.map((code) => ({ code, sentences: reasonOf(code, decision, language) }));
}

function reasonOf(code: Code, { rules, unmet, unwanted }: Explained, language: Language): readonly string[] {
  const words = wordsOf(language);
  if (code === 'RULES_UNAVAILABLE' && rules !== null && rules.fault !== null) {
    return [words.rulesFaults[rules.fault]];
  }
  if (code !== 'RULES_NOT_MET') return [words.codes[code]];
  return [
    words.codes[code],
    ...unwanted.map((what) => words.unwanted[what]),
    ...unmet.flatMap(({ rule, asks, remedy }) =>
      rule === null
        ? `${words.notTaken} (${sentenceIn(asks, language)})`
        : [
            `${sentenceIn(asks, language)} (${rule})`,
            ...(remedy === null ? [] : [sentenceIn(remedy, language)]),
          ],
    ),
  ];
}

/** What stands between two sentences. */
const SPACES: Readonly<Record<Language, string>> = { en: ' ', 'zh-Hant': '', es: ' ' };

/** In that language or, as rules are made by others, in English, which they are always in. */
export function sentenceIn(sentences: Sentences | ReadonlyMap<string, string>, language: Language): string {
  const said: ReadonlyMap<string, string> = isMap(sentences) ? sentences : new Map(Object.entries(sentences));
  const tag = [...said.keys()].find((one) => lookUp(one) === language);
  return said.get(language) ?? said.get(tag ?? 'en') ?? '';
}

function isMap(sentences: Sentences | ReadonlyMap<string, string>): sentences is ReadonlyMap<string, string> {
  return sentences instanceof Map;
}
