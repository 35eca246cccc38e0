import { fileURLToPath } from 'node:url';
import { openSync } from 'fontkit';
import type { Font } from 'fontkit';
import { PaperError } from './paper-error.ts';

/** A font that is embedded where one of its characters is printed. */
export interface PaperFont {
  readonly name: string;
  readonly path: string;
  readonly has: (codePoint: number) => boolean;
}

/**
 * The first that has a character prints it. A script is one line: Latin with Greek, Cyrillic and Vietnamese; Arabic;
 * Hebrew; Chinese in traditional characters, with kana.
 */
const FONTS: readonly (readonly [file: string, packageAt: string])[] = [
  ['NotoSans-Medium.ttf', import.meta.resolve('@embedpdf/fonts-latin')],
  ['NotoNaskhArabic-Bold.ttf', import.meta.resolve('@embedpdf/fonts-arabic')],
  ['NotoSansHebrew-Bold.ttf', import.meta.resolve('@embedpdf/fonts-hebrew')],
  ['NotoSansHant-Medium.otf', import.meta.resolve('@embedpdf/fonts-tc')],
];

let opened: readonly PaperFont[] | undefined;

/** All fonts, opened once. */
export function paperFonts(): readonly PaperFont[] {
  opened ??= FONTS.map(([name, packageAt]) => {
    const path = fileURLToPath(new URL(`../fonts/${name}`, packageAt));
    const font: Font = openSync(path);
    return { name, path, has: (codePoint) => font.hasGlyphForCodePoint(codePoint) };
  });
  return opened;
}

/** Marks that join what stands before them, and spaces, which every font has. */
const FOLLOWS = /[\p{M}\u200c\u200d]/u;
/** Says something of direction or joining, and shows nothing. */
const INVISIBLE = /[\p{Cf}]/u;

/**
 * The font of each UTF-16 unit of a text; a mark goes with the letter before it.
 *
 * @throws PaperError GLYPH_MISSING
 */
export function fontsOf(text: string): readonly PaperFont[] {
  const fonts = paperFonts();
  const [first] = fonts;
  const found: PaperFont[] = [];
  for (const char of text) {
    const codePoint = char.codePointAt(0) ?? 0;
    const before = found.at(-1);
    const follows = FOLLOWS.test(char) && before?.has(codePoint) === true ? before : undefined;
    const font =
      follows ?? fonts.find(({ has }) => has(codePoint)) ?? (INVISIBLE.test(char) ? first : undefined);
    if (font === undefined) throw new PaperError('GLYPH_MISSING');
    for (let unit = 0; unit < char.length; unit++) found.push(font);
  }
  return found;
}
