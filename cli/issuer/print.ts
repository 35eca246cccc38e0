import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { PaperError } from '../../agent/paper/paper-error.ts';
import { printableCard } from '../../agent/paper/printable-card.ts';
import type { PrintTerms } from '../../agent/paper/printable-card.ts';
import type { PaperSize } from '../../agent/paper/paper-size.ts';
import { printCards } from '../../agent/paper/print-cards.ts';
import type { Printing } from '../../agent/paper/print-cards.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { FormatError } from '../../credential/errors.ts';
import { isJsonObject, parseJson } from '../../credential/json.ts';
import { loadTrust } from '../../verifier/node/load-trust.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import { readPicture } from '../../verifier/node/read-picture.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import { readBytes } from '../../verifier/pipeline/input.ts';
import type { Language } from '../../verifier/pipeline/words/language.ts';
import type { Config } from '../config.ts';
import { EXIT } from '../exit.ts';
import { report } from './session.ts';

export interface PrintOptions {
  readonly out: string;
  readonly paper: PaperSize;
  readonly languages: readonly Language[];
  readonly zone: string;
  readonly store?: string;
  readonly trust?: string;
  readonly exporter?: string;
  readonly allowUnanchored?: boolean;
  readonly json?: boolean;
}

/** A card that is not on paper: where it stood, and why. */
interface Refused {
  readonly source: string;
  readonly codes: readonly string[];
}

type Found = { readonly source: string } & ({ readonly evidence: Evidence } | { readonly code: string });

/** A printer takes so much at a time, and so does whoever looks through it. */
const CARDS_PER_FILE = 1000;
const MAX_FILE_BYTES = 6_000_000;
/** The files hold personal data. */
const PRIVATE = 0o600;

/** `pratique issuer print`: exit 65 if a card was refused; the others are printed. */
export async function runPrint(
  paths: readonly string[],
  options: PrintOptions,
  config: Config,
): Promise<void> {
  const trust = await loadTrust(
    options.trust === undefined
      ? { store: options.store ?? config.trustStore }
      : { bundle: options.trust, exporter: options.exporter },
  );
  const terms = { trust, now: Date.now() / 1000, allowUnanchored: options.allowUnanchored === true };
  const refused: Refused[] = [];
  const files = paperFiles(options);
  try {
    for (const path of paths) {
      for await (const found of cardsIn(path)) {
        const codes = await print(found, terms, files);
        if (codes.length > 0) refused.push({ source: found.source, codes });
      }
    }
    const { printed, written } = await files.end();
    if (refused.length > 0) process.exitCode = EXIT.refused;
    report(options, { printed, files: written, refused }, [
      `${printed} cards printed.`,
      ...written.map((file) => `  ${file}`),
      ...refused.map(({ source, codes }) => `  refused ${source}: ${codes.join(', ')}`),
    ]);
  } finally {
    await files.giveUp();
  }
}

/** Empty if it stands on paper now. */
async function print(found: Found, terms: PrintTerms, files: PaperFiles): Promise<readonly string[]> {
  if ('code' in found) return [found.code];
  try {
    await files.add(await printableCard(found.evidence, terms));
    return [];
  } catch (error) {
    if (error instanceof PaperError) return [error.code, ...error.decided];
    throw error;
  }
}

interface PaperFiles {
  readonly add: (card: Parameters<Printing['add']>[0]) => Promise<void>;
  readonly end: () => Promise<{ readonly printed: number; readonly written: readonly string[] }>;
  /** Leave nothing behind that is not whole. */
  readonly giveUp: () => Promise<void>;
}

function paperFiles({ out, paper, languages, zone }: PrintOptions): PaperFiles {
  const [first = 'en', second = first] = languages;
  const style = { size: paper, languages: [first, second] as const, timeZone: zone };
  const written: string[] = [];
  let printed = 0;
  let open: { readonly path: string; readonly printing: Printing; count: number } | undefined;
  const nameOf = (part: number): string =>
    part === 1 ? out : `${out.replace(/\.pdf$/i, '')}-${String(part).padStart(4, '0')}.pdf`;
  async function close(): Promise<void> {
    if (open === undefined) return;
    await open.printing.end();
    await rename(`${open.path}.part`, open.path);
    written.push(open.path);
    open = undefined;
  }
  return {
    add: async (card) => {
      if (open !== undefined && open.count >= CARDS_PER_FILE) await close();
      if (open === undefined) {
        const path = nameOf(written.length + 1);
        const stream = createWriteStream(`${path}.part`, { mode: PRIVATE });
        open = { path, printing: printCards(stream, style), count: 0 };
      }
      open.printing.add(card);
      open.count++;
      printed++;
    },
    end: async () => {
      await close();
      return { printed, written };
    },
    giveUp: async () => {
      if (open !== undefined) await rm(`${open.path}.part`, { force: true });
    },
  };
}

/** A file of a bulk line by line; anything else as a venue reads it. */
async function* cardsIn(path: string): AsyncGenerator<Found> {
  if (path.endsWith('.ndjson')) {
    yield* bulkCards(path);
    return;
  }
  const bytes = await readable(readFileUpTo(path, MAX_FILE_BYTES));
  const pieces = bytes === 'too-large' ? [{ code: 'TOO_LARGE' }] : await readBytes(bytes, readPicture);
  for (const piece of pieces) {
    if ('chunk' in piece) yield { source: path, code: 'INCOMPLETE_QR' };
    else if ('code' in piece) yield { source: path, code: piece.code };
    else yield { source: path, evidence: piece };
  }
}

async function* bulkCards(path: string): AsyncGenerator<Found> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      number++;
      const text = jwsOf(line);
      const source = `${path}:${number}`;
      yield text === undefined ? { source, code: 'MALFORMED' } : { source, evidence: { text } };
    }
  } catch (error) {
    if (isMissing(error)) throw unreadable();
    throw error;
  }
}

function jwsOf(line: string): string | undefined {
  try {
    const json = parseJson(line);
    return isJsonObject(json) && typeof json['jws'] === 'string' ? json['jws'] : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch {
    throw unreadable();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES');
}

function unreadable(): IssuerError {
  return new IssuerError('INPUT_UNREADABLE', 'A file of cards cannot be read.');
}
