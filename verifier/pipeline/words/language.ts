/** Languages that everything is said in; the first is the one to fall back on. */
export const LANGUAGES = ['en', 'zh-Hant', 'es'] as const;

/** A language tag (BCP 47) that there is a table of words for. */
export type Language = (typeof LANGUAGES)[number];

/**
 * Tags that stand for one of ours although they do not begin with it. Whoever reads Chinese reads either script before
 * English; Cantonese is written as Chinese.
 */
const STANDS_FOR: ReadonlyMap<string, Language> = new Map(
  ['zh', 'yue', 'cmn'].map((tag) => [tag, 'zh-Hant']),
);

/** A header may hold anything; nobody speaks more languages, and no tag in use has more subtags. */
const MAX_RANGES = 32;
const MAX_SUBTAGS = 8;

/** The language to speak to whoever asked for these: an Accept-Language header, or the locale of a machine (`LANG`). */
export function languageFor(asked: string | undefined): Language {
  for (const range of rangesOf(asked ?? '')) {
    const found = lookUp(range);
    if (found !== undefined) return found;
  }
  return LANGUAGES[0];
}

/** Our language for one tag, such as zh-TW or es_MX.UTF-8; undefined if it is none of ours (RFC 4647 section 3.4, lookup). */
export function lookUp(tag: string): Language | undefined {
  // POSIX writes language_TERRITORY.codeset@modifier.
  const subtags = tag
    .trim()
    .toLowerCase()
    .replace(/[.@].*$/, '')
    .replaceAll('_', '-')
    .split('-', MAX_SUBTAGS);
  for (; subtags.length > 0; subtags.pop()) {
    // A single letter announces what follows it and means nothing at the end.
    if (subtags.at(-1)?.length === 1) continue;
    const shorter = subtags.join('-');
    const found = LANGUAGES.find((language) => language.toLowerCase() === shorter) ?? STANDS_FOR.get(shorter);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The ranges of an Accept-Language header by their weight (RFC 9110 section 12.5.4), those of weight 0 left out. */
function rangesOf(header: string): readonly string[] {
  return header
    .split(',', MAX_RANGES)
    .map((part) => {
      const [range = '', ...parameters] = part.split(';');
      const weight = parameters.map((parameter) => /^\s*q=([\d.]+)\s*$/i.exec(parameter)?.[1]).find(Boolean);
      return { range, weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ range }) => range);
}
