import { once } from 'node:events';
import type { Writable } from 'node:stream';
import Pdf from 'pdfkit';
import { drawCardQr } from '../../credential/qr.ts';
import { paperText } from '../../verifier/pipeline/words/paper-text.ts';
import type { PaperLanguages, PaperText } from '../../verifier/pipeline/words/paper-text.ts';
import { paperFonts } from './paper-fonts.ts';
import { PAPER_SIZES } from './paper-size.ts';
import type { PaperLayout, PaperSize } from './paper-size.ts';
import { pdfPen } from './pdf-pen.ts';
import type { PrintableCard } from './printable-card.ts';
import { writeText } from './text-box.ts';
import type { TextBox, TextPen } from './text-box.ts';

/** How cards are printed. */
export interface PrintStyle {
  readonly size: PaperSize;
  readonly languages: PaperLanguages;
  /** IANA name. */
  readonly timeZone: string;
}

/** Cards on paper, one a page. */
export interface Printing {
  /**
   * Add a page. Nothing of a card that is refused stands on it.
   *
   * @throws PaperError GLYPH_MISSING, TEXT_TOO_LONG
   */
  readonly add: (card: PrintableCard) => void;
  /** Resolves when everything is with the one who takes it. */
  readonly end: () => Promise<void>;
}

/** Begin a PDF. It says nothing of a person beside what stands on its pages, and not when it was made. */
export function printCards(to: Writable, { size, languages, timeZone }: PrintStyle): Printing {
  const layout = PAPER_SIZES[size];
  const document = new Pdf({
    size: [layout.width, layout.height],
    margin: 0,
    autoFirstPage: false,
    lang: languages[0],
    info: { Title: 'Pratique', CreationDate: new Date(0) },
  });
  for (const { name, path } of paperFonts()) document.registerFont(name, path);
  const ended = once(to, 'finish');
  document.pipe(to);
  return {
    add: (card) => {
      const text = paperText(card, languages, timeZone);
      // Written with a pen without ink first: a page cannot be taken back.
      drawText(text, layout, { ...pdfPen(document), draw: () => undefined });
      document.addPage();
      drawCode(document, card, layout);
      drawText(text, layout, pdfPen(document));
    },
    end: async () => {
      document.end();
      await ended;
    },
  };
}

/** One path for all modules, pure black on the paper: neighbours leave no seam, and no printer screens a grey. */
function drawCode(document: PDFKit.PDFDocument, { jws, scheme }: PrintableCard, layout: PaperLayout): void {
  const { size, quiet, dark } = drawCardQr(jws, scheme);
  const module = layout.code / (size - 2 * quiet);
  const { x: left, y: top } = codeCorner(layout, size * module);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!dark(x, y)) continue;
      const start = x;
      while (dark(x, y)) x++;
      document.rect(left + start * module, top + y * module, (x - start) * module, module);
    }
  }
  document.fill('black');
}

/** Where the code begins, with the light around it: in the middle of a page, or at the left of a card. */
function codeCorner({ width, height, margin, beside }: PaperLayout, side: number): { x: number; y: number } {
  return beside ? { x: 0, y: (height - side) / 2 } : { x: (width - side) / 2, y: margin + 40 };
}

function drawText({ kind, name, facts, notes }: PaperText, layout: PaperLayout, pen: TextPen): void {
  const { width, height, margin, code, beside } = layout;
  // At most nine quiet modules of 57 and more: a code with its light is never wider than this.
  const side = code * (1 + 8 / 49);
  const left = beside ? side : margin;
  const right = width - margin;
  let y = beside ? margin : margin + 40 + side + 10;
  const write = (text: string, [largest, smallest]: readonly [number, number], most: number): void => {
    const box: TextBox = {
      x: left,
      y,
      width: right - left,
      height: Math.min(most, height - margin - y),
      largest,
      smallest,
    };
    y += writeText(text, box, pen);
  };
  if (!beside) {
    y = margin;
    write(kind, [20, 10], 40);
    y = margin + 40 + side + 10;
  } else {
    write(kind, layout.text, 3 * layout.text[0] * 1.4);
  }
  write(name, layout.name, 3 * layout.name[0] * 1.4);
  for (const { label, value } of facts) {
    y += beside ? 1 : 6;
    write(label, [layout.text[0] * 0.85, layout.text[1] * 0.85], 2 * layout.text[0] * 1.4);
    write(value, layout.text, 3 * layout.text[0] * 1.4);
  }
  if (!layout.notes) return;
  y += 16;
  for (const note of notes) write(note, layout.text, 4 * layout.text[0] * 1.4);
}
