import type { TextPen } from './text-box.ts';

/** Writes into a PDF in which the fonts of paper are registered by their names. */
export function pdfPen(document: PDFKit.PDFDocument): TextPen {
  return {
    width: ({ text, font }, size) => document.font(font.name).fontSize(size).widthOfString(text),
    draw: ({ text, font }, { x, y, size }) => {
      // By the line that letters stand on, which differs from font to font.
      document
        .font(font.name)
        .fontSize(size)
        .text(text, x, y + size, { lineBreak: false, baseline: 'alphabetic' });
    },
  };
}
