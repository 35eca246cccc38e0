import { isJsonArray, isJsonObject } from '../../credential/json.ts';

/** A name as somebody says it: all family names, all given names. Either may be empty, not both. */
export interface NameSaid {
  readonly family: string;
  readonly given: string;
}

/** Letters that no decomposition makes plain, as the machine-readable zone of a passport writes them (ICAO 9303-3 §6). */
const PLAIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ё: 'е',
};
const PLAIN_LETTERS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/**
 * Marks that a reader of the script may leave out: accents of Latin and Greek, points of Hebrew, vowels of Arabic. The
 * vowels of Bengali or Devanagari and the voicing of kana are marks too, and without them it is somebody else's name.
 */
const ACCENTS = /([\p{Script=Latin}\p{Script=Greek}])\p{M}+/gu;
const POINTS = /[\u0591-\u05C7\u064B-\u0655\u0670\u0640]/gu;
const ASCII = /^[\x20-\x7e]*$/;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
/** Modifier letters that stand for an apostrophe are letters to Unicode. */
const APOSTROPHES = /['’‘ʼʻ`´′＇]/gu;

const TITLES = new Set(
  'mr mrs ms miss mx dr prof professor rev hon sir dame lady sr sra srta senor senora'.split(' '),
);
const SUFFIXES = new Set('jr sr ii iii iv md do phd dds rn esq junior senior'.split(' '));
const HAN_TITLES = /(?<=.)(?:先生|女士|小姐|太太|醫生|醫師)$/u;

/** Uses of FHIR R4 HumanName that name nobody. */
const NAMES_NOBODY = new Set<unknown>(['anonymous', 'temp']);
/** A record with more names, or a name with more parts, is no person's. */
const MAX_NAMES = 20;
const MAX_PARTS = 10;
/** UTF-16 code units; a longer one is an attack on whoever folds it. */
const MAX_LENGTH = 400;

/**
 * The one form of a name, equal for equal names: case, accents, titles, suffixes, hyphens, apostrophes, spaces, middle
 * initials and the order of family and given names aside. Undefined of a name without a letter.
 *
 * Forms are compared for equality and nothing else: a distance of letters would hand a stranger's record to whoever
 * bears nearly his name.
 */
export function nameForm({ family, given }: NameSaid): string | undefined {
  const parts = [partForm(family), partForm(given)].filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.toSorted().join('|');
}

/**
 * All forms by which the person of a FHIR Patient is known: each name listed, in each script, with all given names or
 * without the later ones.
 */
export function nameFormsOf(patient: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  const names = isJsonArray(patient['name']) ? patient['name'].slice(0, MAX_NAMES) : [];
  const forms = names.flatMap((name) => {
    if (!isJsonObject(name) || NAMES_NOBODY.has(name['use'])) return [];
    const family = typeof name['family'] === 'string' ? name['family'] : '';
    const given = isJsonArray(name['given']) ? name['given'].filter((one) => typeof one === 'string') : [];
    if (family !== '' || given.length > 0) return formsOfParts(family, given.slice(0, MAX_PARTS));
    return typeof name['text'] === 'string' ? formsOfText(name['text']) : [];
  });
  return new Set(forms.filter((form) => form !== undefined));
}

function formsOfParts(family: string, given: readonly string[]): readonly (string | undefined)[] {
  if (given.length === 0) return [nameForm({ family, given: '' })];
  return given.map((_, at) => nameForm({ family, given: given.slice(0, at + 1).join(' ') }));
}

/** A name in one text may be parted anywhere between its words; a Chinese or Korean one between its characters. */
function formsOfText(text: string): readonly (string | undefined)[] {
  const words = wordsOf(text);
  const [only] = words;
  const units =
    words.length === 1 && only !== undefined && /^[\p{Script=Han}\p{Script=Hangul}]+$/u.test(only)
      ? [...only]
      : words;
  if (units.length > MAX_PARTS) return [];
  if (units.length < 2) return [nameForm({ family: text, given: '' })];
  const join = units === words ? ' ' : '';
  return units
    .slice(1)
    .map((_, at) =>
      nameForm({ family: units.slice(0, at + 1).join(join), given: units.slice(at + 1).join(join) }),
    );
}

function partForm(text: string): string {
  const words = wordsOf(text);
  while (words.length > 1 && TITLES.has(words[0] ?? '')) words.shift();
  while (words.length > 1 && SUFFIXES.has(words.at(-1) ?? '')) words.pop();
  return words
    .filter((word, at) => at === 0 || !/^[a-z]$/.test(word))
    .join('')
    .replace(HAN_TITLES, '');
}

function wordsOf(text: string): string[] {
  if (text.length > MAX_LENGTH) return [];
  return text
    .normalize('NFKC')
    .replace(HIDDEN, '')
    .replace(APOSTROPHES, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(foldWord)
    .filter((word) => word !== '');
}

/**
 * A word without what its writer may leave out: case, accents, vowel points. What makes it another name stays: the vowels
 * of scripts that write them as marks.
 */
export function foldWord(word: string): string {
  const lower = word.toLowerCase();
  // Most words of most names, which millions of cards are tagged by.
  if (ASCII.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(ACCENTS, '$1')
    .replace(POINTS, '')
    .normalize('NFC')
    .replace(PLAIN_LETTERS, (letter) => PLAIN[letter] ?? letter);
}
