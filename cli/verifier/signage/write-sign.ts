import { once } from 'node:events';
import type { Writable } from 'node:stream';
import Pdf from 'pdfkit';
import { paperFonts } from '../../../agent/paper/paper-fonts.ts';
import { PaperError } from '../../../agent/paper/paper-error.ts';
import { MM, PAPER_SIZES } from '../../../agent/paper/paper-size.ts';
import type { PaperLayout } from '../../../agent/paper/paper-size.ts';
import { pdfPen } from '../../../agent/paper/pdf-pen.ts';
import { writeText } from '../../../agent/paper/text-box.ts';
import type { TextPen } from '../../../agent/paper/text-box.ts';
import type { Sign, SignLine } from './sign-text.ts';

/** How a sign came out. */
export interface Written {
  readonly pages: number;
  /** Of the letters of its text. */
  readonly points: number;
}

/** Of the text; smaller is not read by whoever stands in a queue. */
const SMALLEST = 11;
const LARGEST = 24;
const STEP = 0.5;
/** Every printer leaves so much. */
const MARGIN = 12 * MM;
/** From one language to the next, with the line between them, in letters. */
const BETWEEN = 1.6;

/** How each rank differs from text: its size, how far it is set in, and the room above it, in letters of the text. */
const RANKS: Readonly<
  Record<SignLine['kind'], { readonly size: number; readonly inset: number; readonly above: number }>
> = {
  title: { size: 1.7, inset: 0, above: 0 },
  heading: { size: 1.3, inset: 0, above: 0.4 },
  text: { size: 1, inset: 0, above: 0.25 },
  choice: { size: 1, inset: 1.1, above: 0.25 },
  detail: { size: 0.9, inset: 1.1, above: 0 },
};

/**
 * Write a sign as PDF, on as few pages as its smallest letters allow and then in the largest that these bear; the text
 * of one language stands on one page.
 *
 * @throws PaperError GLYPH_MISSING, TEXT_TOO_LONG; a text is never cut
 */
export async function writeSign(sign: Sign, to: Writable, paper: 'a4' | 'letter'): Promise<Written> {
  const layout = { ...PAPER_SIZES[paper], margin: MARGIN };
  const document = new Pdf({
    size: [layout.width, layout.height],
    margin: 0,
    autoFirstPage: false,
    info: { Title: 'Pratique', CreationDate: new Date(0) },
  });
  for (const { name, path } of paperFonts()) document.registerFont(name, path);
  const ended = once(to, 'finish');
  document.pipe(to);
  try {
    const pen = pdfPen(document);
    const { pages, points } = arranged(sign, layout, { ...pen, draw: () => undefined });
    for (const parts of pages) {
      document.addPage();
      let y = writeHead(sign, { points, layout, pen });
      writeFoot(sign, layout, pen);
      for (const [at, part] of parts.entries()) {
        if (at > 0) {
          const line = y + (BETWEEN / 2) * points;
          document
            .moveTo(layout.margin, line)
            .lineTo(layout.width - layout.margin, line)
            .lineWidth(1.5)
            .stroke();
          y += BETWEEN * points;
        }
        y += writePart(part, { y, points, layout, pen });
      }
    }
    return { pages: pages.length, points };
  } finally {
    document.end();
    await ended;
  }
}

interface Arranged {
  readonly points: number;
  readonly pages: readonly Sign['parts'][];
}

function arranged(sign: Sign, layout: PaperLayout, pen: TextPen): Arranged {
  writeFoot(sign, layout, pen);
  const bottom = layout.height - layout.margin - footHeight(sign);
  for (let most = 1; most <= sign.parts.length; most++) {
    for (let points = LARGEST; points >= SMALLEST; points -= STEP) {
      const room = bottom - writeHead(sign, { points, layout, pen });
      const pages = filledPages(sign.parts, { points, room, layout, pen });
      if (pages !== undefined && pages.length <= most) return { points, pages };
    }
  }
  throw new PaperError('TEXT_TOO_LONG');
}

/** Undefined if one of the parts is larger than a page, or a word of it wider. */
function filledPages(
  parts: Sign['parts'],
  about: {
    readonly points: number;
    readonly room: number;
    readonly layout: PaperLayout;
    readonly pen: TextPen;
  },
): readonly Sign['parts'][] | undefined {
  const { points, room } = about;
  const pages: SignLine[][][] = [];
  let left = 0;
  for (const part of parts) {
    const height = heightOf(part, about);
    if (height === undefined || height > room) return undefined;
    const page = pages.at(-1);
    if (page !== undefined && height + BETWEEN * points <= left) {
      page.push([...part]);
      left -= height + BETWEEN * points;
    } else {
      pages.push([[...part]]);
      left = room - height;
    }
  }
  return pages;
}

function heightOf(
  part: readonly SignLine[],
  about: { readonly points: number; readonly layout: PaperLayout; readonly pen: TextPen },
): number | undefined {
  try {
    return writePart(part, { ...about, y: 0 });
  } catch (error) {
    if (error instanceof PaperError && error.code === 'TEXT_TOO_LONG') return undefined;
    throw error;
  }
}

function writePart(
  part: readonly SignLine[],
  {
    y: top,
    points,
    layout,
    pen,
  }: { readonly y: number; readonly points: number; readonly layout: PaperLayout; readonly pen: TextPen },
): number {
  const { width, margin } = layout;
  let y = top;
  for (const { kind, text } of part) {
    const { size, inset, above } = RANKS[kind];
    const x = margin + inset * points;
    y += above * points;
    const box = { y, height: Infinity, largest: size * points, smallest: size * points };
    // A mark of its own, so that lines below it begin where the first one does.
    if (kind === 'choice') writeText('•', { ...box, x: margin, width: points }, pen);
    y += writeText(text, { ...box, x, width: width - margin - x }, pen);
  }
  return y - top;
}

/** @returns where what follows begins */
function writeHead(
  { venue }: Sign,
  { points, layout, pen }: { readonly points: number; readonly layout: PaperLayout; readonly pen: TextPen },
): number {
  const { width, margin } = layout;
  if (venue === null) return margin;
  const box = { x: margin, y: margin, width: width - 2 * margin, height: 80 };
  return margin + writeText(venue, { ...box, largest: 2.2 * points, smallest: SMALLEST }, pen) + points / 2;
}

const FOOT = 8;

function footHeight({ rules }: Sign): number {
  return rules === null ? 0 : FOOT * 2;
}

function writeFoot({ rules }: Sign, { width, height, margin }: PaperLayout, pen: TextPen): void {
  if (rules === null) return;
  const size = { largest: FOOT, smallest: FOOT };
  writeText(
    rules,
    { x: margin, y: height - margin - FOOT * 1.4, width: width - 2 * margin, height: FOOT * 1.4, ...size },
    pen,
  );
}
