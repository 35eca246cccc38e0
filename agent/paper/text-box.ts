import { PaperError } from './paper-error.ts';
import { breakable, lineFragments } from './text-line.ts';
import type { Fragment } from './text-line.ts';

/** Draws text and knows how wide it is; in points. */
export interface TextPen {
  readonly width: (fragment: Fragment, size: number) => number;
  readonly draw: (
    fragment: Fragment,
    at: { readonly x: number; readonly y: number; readonly size: number },
  ) => void;
}

/** Where a text goes: its corner, how wide and high it may become, and between which sizes; in points. */
export interface TextBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly largest: number;
  readonly smallest: number;
}

/** From one line to the next, for scripts with marks above and below. */
const LINE_HEIGHT = 1.4;

/**
 * Write a text into its box: as large as fits, in as many lines as that takes.
 *
 * @returns the points from the top of the box to below its last line
 * @throws PaperError TEXT_TOO_LONG, GLYPH_MISSING
 */
export function writeText(text: string, box: TextBox, pen: TextPen): number {
  for (let size = box.largest; size >= box.smallest; size -= 0.25) {
    const lines = brokenLines(text, (line) => widthOf(lineFragments(line), size, pen) <= box.width);
    const height = lines === undefined ? Infinity : lines.length * size * LINE_HEIGHT;
    if (lines === undefined || height > box.height) continue;
    for (const [at, line] of lines.entries()) {
      let { x } = box;
      for (const fragment of lineFragments(line)) {
        pen.draw(fragment, { x, y: box.y + at * size * LINE_HEIGHT, size });
        x += pen.width(fragment, size);
      }
    }
    return height;
  }
  throw new PaperError('TEXT_TOO_LONG');
}

/** Broken in the order of reading, before any line is turned; undefined if one word alone is too wide. */
function brokenLines(text: string, fits: (line: string) => boolean): readonly string[] | undefined {
  const lines: string[] = [];
  let line = '';
  for (const word of breakable(text)) {
    if (fits((line + word).trimEnd())) {
      line += word;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = word;
    if (!fits(line.trimEnd())) return undefined;
  }
  return line === '' ? lines : [...lines, line.trimEnd()];
}

function widthOf(fragments: readonly Fragment[], size: number, pen: TextPen): number {
  return fragments.reduce((width, fragment) => width + pen.width(fragment, size), 0);
}
