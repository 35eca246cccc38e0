import type { Outcome } from '../../pipeline/decision.ts';
import { wordsOf } from '../../pipeline/words.ts';
import { filled } from '../../pipeline/words/filled.ts';
import { languageFor, lookUp } from '../../pipeline/words/language.ts';
import type { Language } from '../../pipeline/words/language.ts';

/** A language of a page: what it lacks is said in the one that it falls back on. */
export interface PageLanguage<Words> {
  /** BCP 47. */
  readonly tag: string;
  /** Its name for itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** The language of the reasons, and of everything that it lacks. */
  readonly base: Language;
  /** The words of the four outcomes; without them those of the base. */
  readonly outcomes?: Readonly<Record<Outcome, string>>;
  readonly words: Partial<Words>;
}

/** What is said, and the language that it is said in: a fallback is marked for whoever has it read aloud. */
export interface Said {
  readonly text: string;
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
}

/** Says a page's words in one language. */
export interface PageSpeaker<Words> {
  readonly language: PageLanguage<Words>;
  readonly say: (key: keyof Words, values?: Readonly<Record<string, string>>) => Said;
  readonly outcome: (outcome: Outcome) => Said;
}

/** A page's languages, the complete ones first, with English among them. */
export interface PageLanguages<Words> {
  readonly all: readonly PageLanguage<Words>[];
  /** Speak that language, by its tag; another than ours becomes the nearest of those that everything is said in. */
  readonly speakerOf: (tag: string | undefined) => PageSpeaker<Words>;
  /** The language of a browser's list of preferences that there is, in full or begun. */
  readonly preferredTag: (preferred: readonly string[]) => string;
  /** What a language lacks, by the names of its keys. */
  readonly missingWords: (language: PageLanguage<Words>) => readonly string[];
}

/** The languages of a page. */
export function pageLanguages<Words extends { readonly [key in keyof Words]: string }>(
  all: readonly PageLanguage<Words>[],
  english: PageLanguage<Words> & { readonly words: Words },
): PageLanguages<Words> {
  const withTag = (tag: string): PageLanguage<Words> | undefined => all.find((one) => one.tag === tag);
  return {
    all,
    speakerOf: (asked) => {
      const language = all.find(({ tag }) => tag === asked) ?? withTag(languageFor(asked)) ?? english;
      const { tag, direction, base, words, outcomes } = language;
      const baseWords = withTag(base)?.words;
      return {
        language,
        say: (key, values = {}) => {
          const text: string | undefined = words[key];
          return text === undefined
            ? { text: filled(baseWords?.[key] ?? english.words[key], values), tag: base, direction: 'ltr' }
            : { text: filled(text, values), tag, direction };
        },
        outcome: (outcome) =>
          outcomes === undefined
            ? { text: wordsOf(base).outcomes[outcome], tag: base, direction: 'ltr' }
            : { text: outcomes[outcome], tag, direction },
      };
    },
    preferredTag: (preferred) => {
      for (const tag of preferred) {
        const found = all.find((one) => isOrBegins(tag, one.tag))?.tag ?? lookUp(tag);
        if (found !== undefined) return found;
      }
      return english.tag;
    },
    missingWords: ({ words }) =>
      Object.keys(english.words).filter((key) => words[key as keyof Words] === undefined),
  };
}

/** RFC 4647 section 3.3.1: a range is the tag or begins it. Chinese is told apart by its script, and by where it is written. */
function isOrBegins(asked: string, ours: string): boolean {
  const [wanted, own] = [asked.toLowerCase(), ours.toLowerCase()];
  if (own === 'zh-hans') return /^zh-(?:hans|cn|sg)\b/.test(wanted);
  return wanted === own || wanted.startsWith(`${own}-`);
}
