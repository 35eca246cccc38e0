import { createRequire } from 'node:module';
import type { Bidi } from 'bidi-js';
import { fontsOf } from './paper-fonts.ts';
import type { PaperFont } from './paper-fonts.ts';

/** A piece of a line, in one font, to be drawn after the one before it. */
export interface Fragment {
  /** In the order of reading; the font's shaper turns what is read from the right. */
  readonly text: string;
  readonly font: PaperFont;
}

/** Its types are those of its module for browsers: what Node loads is the factory itself. */
const bidi = (createRequire(import.meta.url)('bidi-js') as () => Bidi)();

/**
 * The pieces of a line from the left to the right as they stand on paper (Unicode Standard Annex #9): what is read from
 * the right stands turned, word by word, so that each is shaped whole.
 *
 * @throws PaperError GLYPH_MISSING
 */
export function lineFragments(line: string): readonly Fragment[] {
  const fonts = fontsOf(line);
  const embedding = bidi.getEmbeddingLevels(line);
  const { levels } = embedding;
  const order = bidi.getReorderedIndices(line, embedding);
  const mirrored = bidi.getMirroredCharactersMap(line, levels);
  const fragments: { units: number[]; font: PaperFont; backwards: boolean }[] = [];
  for (const at of order) {
    const [last, font, backwards] = [fragments.at(-1), fonts[at], isBackwards(levels[at])];
    if (font === undefined) continue;
    const before = last?.units.at(-1);
    const isNext = before !== undefined && at === before + (backwards ? -1 : 1);
    const isWord = line[at] !== ' ' && before !== undefined && line[before] !== ' ';
    if (last !== undefined && isNext && isWord && last.font === font && last.backwards === backwards) {
      last.units.push(at);
    } else {
      fragments.push({ units: [at], font, backwards });
    }
  }
  return fragments.map(({ units, font, backwards }) => {
    const read = backwards ? units.toReversed() : units;
    return { text: read.map((at) => mirrored.get(at) ?? line.charAt(at)).join(''), font };
  });
}

function isBackwards(level: number | undefined): boolean {
  return (level ?? 0) % 2 === 1;
}

/**
 * Where a line may be broken: after spaces, and between characters of scripts without spaces, of which the marks that
 * open and close stay with what they stand at.
 */
export function breakable(text: string): readonly string[] {
  return (
    text.match(
      /[（「『]*[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}][、。，：；！？）」』]*|[^\s\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}（「『]+\s*|[（「『]|\s+/gu,
    ) ?? []
  );
}
