import type { Outcome } from '../pipeline/decision.ts';
import { wordsOf } from '../pipeline/words.ts';
import { filled } from '../pipeline/words/filled.ts';
import { languageFor, lookUp } from '../pipeline/words/language.ts';
import { arabic } from './words/ar.ts';
import { bengali } from './words/bn.ts';
import { ENGLISH, english } from './words/en.ts';
import { spanish } from './words/es.ts';
import { haitianCreole } from './words/ht.ts';
import { italian } from './words/it.ts';
import { korean } from './words/ko.ts';
import { polish } from './words/pl.ts';
import { russian } from './words/ru.ts';
import { yiddish } from './words/yi.ts';
import { simplifiedChinese } from './words/zh-Hans.ts';
import { traditionalChinese } from './words/zh-Hant.ts';
import type { ScannerLanguage, ScannerWords } from './words/table.ts';

/** New York's languages; the first three are complete, the others say in their base what they lack. */
export const SCANNER_LANGUAGES: readonly ScannerLanguage[] = [
  english,
  traditionalChinese,
  spanish,
  simplifiedChinese,
  russian,
  yiddish,
  haitianCreole,
  korean,
  bengali,
  italian,
  polish,
  arabic,
];

/** What is said, and the language that it is said in: a fallback is marked for whoever has it read aloud. */
export interface Said {
  readonly text: string;
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
}

/** Says the scanner's words in one language. */
export interface Speaker {
  readonly language: ScannerLanguage;
  readonly say: (key: keyof ScannerWords, values?: Readonly<Record<string, string>>) => Said;
  readonly outcome: (outcome: Outcome) => Said;
}

/** Speak that language, by its tag; another than ours becomes the nearest of those that everything is said in. */
export function speakerOf(tag: string | undefined): Speaker {
  const language =
    SCANNER_LANGUAGES.find((one) => one.tag === tag) ?? languageWithTag(languageFor(tag)) ?? english;
  const { tag: own, direction, base, words, outcomes } = language;
  const baseWords = languageWithTag(base)?.words;
  return {
    language,
    say: (key, values = {}) => {
      const text = words[key];
      return text === undefined
        ? { text: filled(baseWords?.[key] ?? ENGLISH[key], values), tag: base, direction: 'ltr' }
        : { text: filled(text, values), tag: own, direction };
    },
    outcome: (outcome) =>
      outcomes === undefined
        ? { text: wordsOf(base).outcomes[outcome], tag: base, direction: 'ltr' }
        : { text: outcomes[outcome], tag: own, direction },
  };
}

/** The language of a browser's list of preferences that we have, in full or begun. */
export function preferredTag(preferred: readonly string[]): string {
  for (const tag of preferred) {
    const found = SCANNER_LANGUAGES.find((one) => isOrBegins(tag, one.tag))?.tag ?? lookUp(tag);
    if (found !== undefined) return found;
  }
  return english.tag;
}

/** What a language lacks, by the names of its keys. */
export function missingWords({ words }: ScannerLanguage): readonly string[] {
  return Object.keys(ENGLISH).filter((key) => words[key as keyof ScannerWords] === undefined);
}

function languageWithTag(tag: string): ScannerLanguage | undefined {
  return SCANNER_LANGUAGES.find((one) => one.tag === tag);
}

/** RFC 4647 section 3.3.1: a range is the tag or begins it. Chinese is told apart by its script, and by where it is written. */
function isOrBegins(asked: string, ours: string): boolean {
  const [wanted, own] = [asked.toLowerCase(), ours.toLowerCase()];
  if (own === 'zh-hans') return /^zh-(?:hans|cn|sg)\b/.test(wanted);
  return wanted === own || wanted.startsWith(`${own}-`);
}
