import { FormatError } from './errors.ts';

/** `shc` is a SMART Health Card's QR text, `pratique` that of a Pass: no health-card reader takes one for the other. */
export type CardScheme = 'shc' | 'pratique';

/** What a QR text says: a whole JWS, or (deprecated, `shc:/` only) one chunk of it. */
export interface CardUri {
  readonly scheme: CardScheme;
  readonly chunk: { readonly index: number; readonly total: number } | undefined;
  /** The decoded JWS, or the part of it that this chunk carries. */
  readonly text: string;
}

/** A text longer than this (UTF-16 units) is no card: the largest payload we inflate needs a seventh of it. */
const MAX_URI_CHARS = 5_000_000;

const PREFIXES: readonly (readonly [string, CardScheme])[] = [
  ['shc:/', 'shc'],
  ['pratique:/', 'pratique'],
];

/** Digits are two per character, the character code less 45, the code of '-': so '-' is 00 and 'z' is 77. */
const OFFSET = 45;
const HIGHEST = 77;

/** Which of the 78 two-digit numbers stand for a character of a compact JWS: the base64url alphabet and '.'. */
const IN_JWS: readonly boolean[] = Array.from({ length: HIGHEST + 1 }, (_, pair) =>
  /[A-Za-z0-9_.-]/.test(String.fromCharCode(pair + OFFSET)),
);

const utf8 = new TextEncoder();

/**
 * By the codes of two digits, as one number of two bytes in the machine's own order, the code of the character they stand
 * for; 0 if none.
 */
const CODE_OF_DIGITS = new Uint8Array(2 ** 16);
for (const [pair, allowed] of IN_JWS.entries()) {
  const [both] = pairsOf(utf8.encode(String(pair).padStart(2, '0')));
  if (allowed && both !== undefined) CODE_OF_DIGITS[both] = pair + OFFSET;
}

const ascii = new TextDecoder();

/** Where the texts of QR codes are taken apart, each at once: memory of its own for every card costs more than that. */
const room = new Uint8Array(3 * 8192);

/**
 * Writes a compact JWS as the text of a QR code: scheme, then two decimal digits a character (SMART Health Cards,
 * "Encoding Chunks as QR Codes").
 *
 * @throws {FormatError} MALFORMED if the text is empty or holds anything but base64url characters and '.'.
 */
export function encodeCardUri(jws: string, scheme: CardScheme): string {
  return `${scheme}:/${encodeDigits(jws)}`;
}

/**
 * Two decimal digits for each character of a compact JWS, or of several joined by dots.
 *
 * @throws {FormatError} MALFORMED if the text is empty or holds anything else.
 */
export function encodeDigits(jws: string): string {
  if (jws.length === 0) throw new FormatError('MALFORMED', 'There is no card to write as a QR text.');
  let text = '';
  for (let i = 0; i < jws.length; i++) {
    const pair = jws.charCodeAt(i) - OFFSET;
    if (IN_JWS[pair] !== true) {
      throw new FormatError('MALFORMED', 'A card holds a character that a compact JWS does not allow.');
    }
    text += pair < 10 ? `0${pair}` : `${pair}`;
  }
  return text;
}

/**
 * Reads the text of a QR code: `shc:/`, `pratique:/` (both lower case) or a deprecated `shc:/n/m/` chunk.
 *
 * Takes time linear in the text, which is not trimmed: white space in it is refused.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT for another scheme, TOO_LARGE beyond 5,000,000 characters, MALFORMED for
 * anything else that is not exactly the form.
 */
export function parseCardUri(text: string): CardUri {
  const prefix = PREFIXES.find(([start]) => text.startsWith(start));
  if (prefix === undefined) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The text does not start with shc:/ or pratique:/.');
  }
  if (text.length > MAX_URI_CHARS) {
    throw new FormatError('TOO_LARGE', 'The text is longer than any card can be.');
  }
  const [start, scheme] = prefix;
  // Only the head is matched, so that a long run of digits costs the expression nothing.
  const head = text.slice(start.length, start.length + 6);
  if (!head.includes('/')) return { scheme, chunk: undefined, text: decodeDigits(text, start.length) };

  const position = /^([1-9][0-9]?)\/([1-9][0-9]?)\//.exec(head);
  const index = Number(position?.[1]);
  const total = Number(position?.[2]);
  if (scheme !== 'shc' || position === null || index > total) {
    throw new FormatError('MALFORMED', 'The text is not a well-formed part of a card.');
  }
  return { scheme, chunk: { index, total }, text: decodeDigits(text, start.length + position[0].length) };
}

/**
 * Joins the chunks of one card, given in any order; the same chunk read twice is harmless.
 *
 * @throws {FormatError} INCOMPLETE_QR if a chunk is missing; MALFORMED if one is a whole card, if they disagree about
 * how many there are, or if two claim the same place with different content.
 */
export function joinChunks(chunks: readonly CardUri[]): string {
  const parts: (string | undefined)[] = [];
  let total: number | undefined;
  for (const { chunk, text } of chunks) {
    if (chunk === undefined) {
      throw new FormatError('MALFORMED', 'A whole card stands among the parts of another.');
    }
    total ??= chunk.total;
    const known = parts[chunk.index];
    // Never guess which parts belong together: the parts of two cards would make a third.
    if (chunk.total !== total || (known !== undefined && known !== text)) {
      throw new FormatError('MALFORMED', 'These parts are not of one card.');
    }
    parts[chunk.index] = text;
  }
  let jws = '';
  for (let index = 1; index <= (total ?? 1); index++) {
    const part = parts[index];
    if (part === undefined) {
      throw new FormatError('INCOMPLETE_QR', 'A part of the card is missing: scan all its QR codes.');
    }
    jws += part;
  }
  return jws;
}

/**
 * What `encodeDigits` wrote, from that place in the text on. Over bytes, two at a time, and in place: less than half the
 * time of going through the text.
 *
 * @throws {FormatError} MALFORMED for anything else.
 */
export function decodeDigits(text: string, from: number): string {
  const digits = text.slice(from);
  // UTF-8 takes up to three bytes for a UTF-16 unit.
  const bytes =
    3 * digits.length > room.length
      ? utf8.encode(digits)
      : room.subarray(0, utf8.encodeInto(digits, room).written);
  if (bytes.length === 0 || bytes.length % 2 !== 0) {
    throw new FormatError('MALFORMED', 'A card’s QR text needs an even number of digits, at least two.');
  }
  const pairs = pairsOf(bytes);
  let none = false;
  for (let i = 0; i < pairs.length; i++) {
    const code = CODE_OF_DIGITS[pairs[i] ?? 0] ?? 0;
    none ||= code === 0;
    bytes[i] = code;
  }
  if (none) {
    throw new FormatError(
      'MALFORMED',
      'A card’s QR text holds something that stands for no character of a card.',
    );
  }
  return ascii.decode(bytes.subarray(0, pairs.length));
}

function pairsOf(bytes: Uint8Array): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
}
