import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PaperSize } from '../../../agent/paper/paper-size.ts';
import type { PaperLanguages } from '../../../verifier/pipeline/words/paper-text.ts';
import { printCards } from '../../../agent/paper/print-cards.ts';
import type { PrintableCard } from '../../../agent/paper/printable-card.ts';

const run = promisify(execFile);

const found = await run('pdftoppm', ['-v']).then(
  () => true,
  () => false,
);

/** For `skip`: why a test that looks at paper does not run, or false. */
export const withoutPoppler = !found && 'No pdftoppm on the PATH: install Debian’s package poppler-utils.';

/** How cards are printed unless a test says otherwise. */
export interface Style {
  readonly size?: PaperSize;
  readonly languages?: PaperLanguages;
  /** Go on after a card that is refused. */
  readonly goOn?: boolean;
}

/** Print, and hand the path of the PDF over. */
export async function withPaper<T>(
  cards: readonly PrintableCard[],
  { size = 'a4', languages = ['en', 'zh-Hant'], goOn = false }: Style,
  look: (pdf: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-paper-'));
  try {
    const pdf = join(folder, 'cards.pdf');
    const printing = printCards(createWriteStream(pdf), { size, languages, timeZone: 'America/New_York' });
    for (const card of cards) {
      try {
        printing.add(card);
      } catch (error) {
        if (!goOn) throw error;
      }
    }
    await printing.end();
    return await look(pdf);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The pages as PNG pictures, at so many dots an inch; only black and white, as a fax or an old printer has it, if asked. */
export async function picturesOf(
  pdf: string,
  { dpi = 200, mono = false }: { readonly dpi?: number; readonly mono?: boolean } = {},
): Promise<readonly Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-pages-'));
  try {
    await run('pdftoppm', ['-png', '-r', String(dpi), ...(mono ? ['-mono'] : []), pdf, join(folder, 'page')]);
    const names = (await readdir(folder)).toSorted((one, other) => (one < other ? -1 : 1));
    return await Promise.all(names.map((name) => readFile(join(folder, name))));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What one of poppler's programs says of a PDF. */
export async function toldBy(program: 'pdffonts' | 'pdfinfo' | 'pdftotext', pdf: string): Promise<string> {
  const args = program === 'pdftotext' ? ['-layout', pdf, '-'] : [pdf];
  return (await run(program, args)).stdout;
}
