import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8 } from '../../credential/json.ts';
import { joinChunks, parseCardUri } from '../../credential/shc-uri.ts';
import type { CardUri } from '../../credential/shc-uri.ts';
import { parseCardFile } from '../../credential/smart-health-card-file.ts';
import type { FailureCode } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';

/** One credential found in an input, or why none could be. */
export interface InputItem {
  readonly source: string;
  readonly content: Evidence | { readonly code: FailureCode };
}

/** Text found in an input: a JWS, a whole code, or one chunk of a code. */
type Piece = { readonly source: string } & (
  { readonly content: InputItem['content'] } | { readonly chunk: CardUri }
);

/** A file of cards, a picture and a list of codes are all far smaller. */
const MAX_INPUT_BYTES = 5_000_000;

/**
 * Read every input into credentials, in order; an input that holds none becomes one item with its code.
 *
 * Chunks (`shc:/n/m/…`) that follow each other, within an input or over several, make one card.
 */
export async function readInputs(inputs: readonly string[]): Promise<readonly InputItem[]> {
  const pieces: Piece[] = [];
  for (const [place, input] of inputs.entries()) {
    const source = isText(input) ? `argument ${place + 1}` : input;
    try {
      pieces.push(...(await readInput(input, source)));
    } catch (error) {
      pieces.push({ source, content: { code: codeOf(error) } });
    }
  }
  return joinPieces(pieces);
}

/** Text itself rather than a path: a URI of our schemes, a JWS, or the JSON of a card file. */
function isText(input: string): boolean {
  return /^(?:shc|pratique):\//i.test(input) || /^eyJ[^/\\]*\.[^/\\]*\./.test(input) || input.startsWith('{');
}

async function readInput(input: string, source: string): Promise<readonly Piece[]> {
  if (isText(input)) {
    return input.length > MAX_INPUT_BYTES ? [tooLarge(source)] : readText(input, source);
  }
  const bytes = input === '-' ? await readStdin() : await readFile(input);
  if (bytes === 'not-found') return [{ source, content: { code: 'INPUT_NOT_FOUND' } }];
  if (bytes === 'too-large') return [tooLarge(source)];
  if (isPicture(bytes)) return readPicture(bytes, source);
  return readText(decodeUtf8(bytes).trim(), source);
}

function tooLarge(source: string): Piece {
  return { source, content: { code: 'TOO_LARGE' } };
}

async function readFile(path: string): Promise<Uint8Array | 'not-found' | 'too-large'> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stat = await file.stat();
    if (stat.isDirectory()) return 'not-found';
    if (stat.size > MAX_INPUT_BYTES) return 'too-large';
    return await collect(file.createReadStream());
  } catch {
    return 'not-found';
  } finally {
    await file?.close();
  }
}

async function readStdin(): Promise<Uint8Array | 'too-large'> {
  return collect(process.stdin);
}

/** Read to the end, or to the limit: a pipe does not tell its size beforehand. */
async function collect(stream: AsyncIterable<unknown>): Promise<Uint8Array | 'too-large'> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of stream) {
    const bytes = Buffer.from(part as Uint8Array);
    size += bytes.length;
    if (size > MAX_INPUT_BYTES) return 'too-large';
    parts.push(bytes);
  }
  return Buffer.concat(parts);
}

function isPicture(bytes: Uint8Array): boolean {
  const png = bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
  return png || jpeg;
}

async function readPicture(picture: Uint8Array, source: string): Promise<readonly Piece[]> {
  const [{ readQrCodes }, { loadQrWasm }] = await Promise.all([
    import('../../credential/qr-reader.ts'),
    import('../../credential/qr-reader-node.ts'),
  ]);
  const texts = await readQrCodes(picture, loadQrWasm);
  if (texts.length === 0) return [{ source, content: { code: 'UNSUPPORTED_FORMAT' } }];
  return texts.map((text) => readLine(text, source));
}

function readText(text: string, source: string): readonly Piece[] {
  if (text === '') return [{ source, content: { code: 'MALFORMED' } }];
  if (text.startsWith('{')) {
    return parseCardFile(text).map((jws) => ({ source, content: { text: jws } }));
  }
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '').map((line) => readLine(line, source));
}

function readLine(line: string, source: string): Piece {
  if (!line.includes(':/')) return { source, content: { text: line } };
  try {
    const uri = parseCardUri(line);
    if (uri.chunk !== undefined) return { source, chunk: uri };
    return { source, content: { text: uri.text, scheme: uri.scheme } };
  } catch (error) {
    return { source, content: { code: codeOf(error) } };
  }
}

/** A run of chunks ends where another kind of piece, another total, or an index seen before begins. */
function joinPieces(pieces: readonly Piece[]): readonly InputItem[] {
  const items: InputItem[] = [];
  let run: { readonly source: string; readonly chunks: CardUri[] } | undefined;
  const endRun = (): void => {
    if (run !== undefined) items.push({ source: run.source, content: joinRun(run.chunks) });
    run = undefined;
  };
  for (const piece of pieces) {
    if ('content' in piece) {
      endRun();
      items.push(piece);
      continue;
    }
    const { chunk } = piece.chunk;
    const fits = run?.chunks.every(
      (other) => other.chunk?.total === chunk?.total && other.chunk?.index !== chunk?.index,
    );
    if (fits !== true) endRun();
    run ??= { source: piece.source, chunks: [] };
    run.chunks.push(piece.chunk);
  }
  endRun();
  return items;
}

function joinRun(chunks: readonly CardUri[]): InputItem['content'] {
  try {
    return { text: joinChunks(chunks), scheme: 'shc' };
  } catch (error) {
    return { code: codeOf(error) };
  }
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof FormatError) return error.code;
  throw error;
}
