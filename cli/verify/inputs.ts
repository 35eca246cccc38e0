import { isWebAddress, parseDeepLink } from '../../credential/deep-link.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8 } from '../../credential/json.ts';
import { joinChunks, parseCardUri } from '../../credential/shc-uri.ts';
import type { CardUri } from '../../credential/shc-uri.ts';
import { parseCardFile } from '../../credential/smart-health-card-file.ts';
import type { FailureCode } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import { isPicture, MAX_TEXT_BYTES, readFile, readStdin } from './input-bytes.ts';

/** One credential found in an input, or why none could be. */
export interface InputItem {
  readonly source: string;
  readonly content: Evidence | { readonly code: FailureCode };
}

/** Found in an input: a credential, why there is none, or one chunk of a code. */
type Found = InputItem['content'] | { readonly chunk: CardUri };

/** Nobody holds that many; each costs a decision. */
const MAX_CREDENTIALS_PER_INPUT = 1_000;
/** A blank line between every two. */
const MAX_LINES = 2 * MAX_CREDENTIALS_PER_INPUT;
/** No file system takes a longer name. */
const MAX_FILE_NAME_CHARS = 255;

/**
 * Read every input into credentials, in order; an input that holds none becomes one item with its code.
 *
 * Chunks (`shc:/n/m/…`) that follow each other, within an input or over several, make one card.
 */
export async function readInputs(inputs: readonly string[]): Promise<readonly InputItem[]> {
  const pieces: { readonly source: string; readonly found: Found }[] = [];
  for (const [place, input] of inputs.entries()) {
    // Text is never named as a source: the answer must not carry the credential back.
    const source = isText(input) ? `argument ${place + 1}` : input;
    for (const found of await readInput(input)) pieces.push({ source, found });
  }
  return joinPieces(pieces);
}

/**
 * Text itself rather than a path: it begins as a code, a link, a JWS or a card file does, or no file could have such a name.
 */
function isText(input: string): boolean {
  const text = trimSpace(input);
  return /^(?:(?:shc|pratique|https?):\/|eyJ|\{)/i.test(text) || text.split('/').some(isNoFileName);
}

/** Without the white space that editors and shells leave around text; a byte order mark is no white space. */
function trimSpace(text: string): string {
  return text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
}

function isNoFileName(part: string): boolean {
  return part.length > MAX_FILE_NAME_CHARS || part.includes('\n');
}

async function readInput(input: string): Promise<readonly Found[]> {
  try {
    const found = isText(input) ? readText(input) : await readBytes(input);
    return found.length > MAX_CREDENTIALS_PER_INPUT ? [{ code: 'TOO_LARGE' }] : found;
  } catch (error) {
    return [{ code: codeOf(error) }];
  }
}

async function readBytes(input: string): Promise<readonly Found[]> {
  const bytes = input === '-' ? await readStdin() : await readFile(input);
  if (bytes === 'not-found') return [{ code: 'INPUT_NOT_FOUND' }];
  if (bytes === 'too-large') return [{ code: 'TOO_LARGE' }];
  return isPicture(bytes) ? readPicture(bytes) : readText(decodeUtf8(bytes));
}

async function readPicture(picture: Uint8Array): Promise<readonly Found[]> {
  const [{ readQrCodes }, { loadQrWasm }] = await Promise.all([
    import('../../credential/qr-reader.ts'),
    import('../../credential/qr-reader-node.ts'),
  ]);
  const texts = await readQrCodes(picture, loadQrWasm);
  return texts.length === 0 ? [{ code: 'UNSUPPORTED_FORMAT' }] : texts.flatMap(readLine);
}

/** A card file, or lines of which each is a credential, a chunk, or a link to cards. */
function readText(untrimmed: string): readonly Found[] {
  if (untrimmed.length > MAX_TEXT_BYTES) return [{ code: 'TOO_LARGE' }];
  const text = trimSpace(untrimmed);
  if (text === '') return [{ code: 'MALFORMED' }];
  if (text.startsWith('{')) return parseCardFile(text).map((jws) => ({ text: jws }));
  const lines = text.split('\n').map(trimSpace);
  // Counted before any is read: each that is none costs an error.
  if (lines.length > MAX_LINES) return [{ code: 'TOO_LARGE' }];
  return lines.filter((line) => line !== '').flatMap(readLine);
}

function readLine(line: string): readonly Found[] {
  if (!line.includes(':/')) return [{ text: line }];
  try {
    if (isWebAddress(line)) return parseDeepLink(line).map((jws) => ({ text: jws }));
    const uri = parseCardUri(line);
    return [uri.chunk === undefined ? { text: uri.text, scheme: uri.scheme } : { chunk: uri }];
  } catch (error) {
    return [{ code: codeOf(error) }];
  }
}

/**
 * A run of chunks ends where another kind of piece, another total, or other content under an index seen before
 * begins; a code that was scanned twice is one chunk.
 */
function joinPieces(
  pieces: readonly { readonly source: string; readonly found: Found }[],
): readonly InputItem[] {
  const items: InputItem[] = [];
  let run: { readonly source: string; readonly chunks: CardUri[] } | undefined;
  const endRun = (): void => {
    if (run !== undefined) items.push({ source: run.source, content: joinRun(run.chunks) });
    run = undefined;
  };
  for (const { source, found } of pieces) {
    if (!('chunk' in found)) {
      endRun();
      items.push({ source, content: found });
      continue;
    }
    const { chunk } = found;
    if (run?.chunks.every((other) => isOfOneCard(other, chunk)) !== true) endRun();
    run ??= { source, chunks: [] };
    run.chunks.push(chunk);
  }
  endRun();
  return items;
}

function isOfOneCard(one: CardUri, other: CardUri): boolean {
  if (one.chunk?.total !== other.chunk?.total) return false;
  return one.chunk?.index !== other.chunk?.index || one.text === other.text;
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
