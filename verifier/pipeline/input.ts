import { isWebAddress, parseDeepLink } from '../../credential/deep-link.ts';
import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8 } from '../../credential/json.ts';
import { isPicture } from '../../credential/picture.ts';
import { parseCardUri } from '../../credential/shc-uri.ts';
import type { CardUri } from '../../credential/shc-uri.ts';
import { MAX_FILE_CHARS, parseCardFile } from '../../credential/smart-health-card-file.ts';
import type { FailureCode } from './decision.ts';
import type { Evidence } from './evidence.ts';

/** Found in an input: a credential, why there is none, or one chunk of a card. */
export type Piece = Evidence | { readonly code: FailureCode } | { readonly chunk: CardUri };

/** The texts of all QR codes in a picture; throws FormatError for one that cannot be read. */
export type ReadPicture = (picture: Uint8Array) => Promise<readonly string[]>;

/** Nobody holds that many; each costs a decision. */
const MAX_CREDENTIALS = 1_000;
/** A blank line between every two. */
const MAX_LINES = 2 * MAX_CREDENTIALS;

/** A scheme (RFC 3986 §3.1). No compact JWS has a colon in it. */
const URI = /^[a-z][a-z0-9+.-]*:/i;
/** A JWS begins with the base64url of a brace, whatever the white space after it. */
const JWS = /^e[w-z0-3]/;

/**
 * Reads what a file holds, whatever its name: a picture of QR codes, a card file, or lines of text.
 *
 * In their order, at least one: what holds no credential is one piece with its code.
 */
export async function readBytes(bytes: Uint8Array, readPicture: ReadPicture): Promise<readonly Piece[]> {
  try {
    return isPicture(bytes) ? readCodes(await readPicture(bytes)) : readText(decodeUtf8(bytes));
  } catch (error) {
    return [refused(error)];
  }
}

/** Reads a card file, or lines of which each is a credential, the text of a QR code, or a link to cards. */
export function readText(untrimmed: string): readonly Piece[] {
  if (untrimmed.length > MAX_FILE_CHARS) return [{ code: 'TOO_LARGE' }];
  const text = trimSpace(untrimmed);
  if (text.startsWith('{')) return bounded(attempt(() => parseCardFile(text).map((jws) => ({ text: jws }))));
  const lines = text.split('\n').map(trimSpace);
  // Counted before any is read: each that is none costs an error.
  if (lines.length > MAX_LINES) return [{ code: 'TOO_LARGE' }];
  // A letter of many lines is one thing that is no credential, not as many.
  if (!lines.some((line) => URI.test(line) || JWS.test(line))) return [{ code: 'MALFORMED' }];
  return bounded(lines.filter((line) => line !== '').flatMap(readLine));
}

/** Reads the texts of QR codes, in the order of scanning. */
export function readCodes(codes: readonly string[]): readonly Piece[] {
  return codes.length === 0 ? [{ code: 'UNSUPPORTED_FORMAT' }] : bounded(codes.flatMap(readLine));
}

/**
 * Without the white space that editors and shells leave around text; a byte order mark is no white space.
 *
 * By hand: an expression for the white space at the end takes hours over five million blanks in the middle.
 */
export function trimSpace(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Space, tab, line feed, carriage return. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function readLine(line: string): readonly Piece[] {
  if (!URI.test(line)) return [{ text: line }];
  return attempt(() => {
    if (isWebAddress(line)) return parseDeepLink(line).map((jws) => ({ text: jws }));
    const uri = parseCardUri(line);
    return [uri.chunk === undefined ? { text: uri.text, scheme: uri.scheme } : { chunk: uri }];
  });
}

function bounded(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.length > MAX_CREDENTIALS ? [{ code: 'TOO_LARGE' }] : pieces;
}

function attempt(read: () => readonly Piece[]): readonly Piece[] {
  try {
    return read();
  } catch (error) {
    return [refused(error)];
  }
}

function refused(error: unknown): Piece {
  if (error instanceof FormatError) return { code: error.code };
  throw error;
}
