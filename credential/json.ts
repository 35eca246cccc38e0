import { FormatError } from './errors.ts';

/** A card nests about ten deep; deeper text is an attack on whoever walks it. */
export const MAX_JSON_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Decodes UTF-8 strictly; a byte order mark is kept, so that `parseJson` refuses it (RFC 8259 §8.1).
 * @throws FormatError MALFORMED
 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new FormatError('MALFORMED', 'The bytes are not UTF-8.');
  }
}

/** True of a JSON object, false of an array and of null. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True of a JSON array; unlike Array.isArray it says nothing of the items. */
export function isJsonArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/**
 * Parses JSON and refuses what two readers could read differently (RFC 8259 §4, §8; RFC 7493):
 * duplicate member names, lone surrogates, a byte order mark, trailing text, nesting over `MAX_JSON_DEPTH`, and numbers
 * beyond a double's range, which JSON.parse takes for infinity and JSON cannot say (RFC 7493 §2.2).
 *
 * One scan of the text bounds the depth before anything recurses and counts the members; JSON.parse keeps one member
 * of each decoded name, so a smaller count of members in its result means that a name stood twice.
 * @throws FormatError MALFORMED
 */
export function parseJson(text: string): unknown {
  const written = scan(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message quotes the text.
    throw new FormatError('MALFORMED', 'The text is not JSON.');
  }
  if (countWithin(value, written.surrogateEscapes) !== written.members) {
    throw new FormatError('MALFORMED', 'A JSON object names a member twice.');
  }
  return value;
}

/** Counts the colons outside strings, bounds the depth, and notes escapes of the form \uDxxx. */
function scan(text: string): { members: number; surrogateEscapes: boolean } {
  if (!text.isWellFormed()) throw new FormatError('MALFORMED', 'The text holds half a surrogate pair.');
  let members = 0;
  let depth = 0;
  let surrogateEscapes = false;
  // Most texts escape nothing, and the engine finds the end of a string faster than any loop.
  const escapes = text.includes('\\');
  const end = text.length;
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE && !escapes) {
      const close = text.indexOf('"', i + 1);
      i = close < 0 ? end : close;
    } else if (c === QUOTE) {
      for (i++; i < end; i++) {
        const s = text.charCodeAt(i);
        if (s === QUOTE) break;
        if (s !== BACKSLASH) continue;
        // 0x20 folds D and d: every escaped surrogate begins with it.
        if (text.charCodeAt(i + 1) === 0x75 && (text.charCodeAt(i + 2) | 0x20) === 0x64)
          surrogateEscapes = true;
        i++;
      }
    } else if (c === COLON) members++;
    // '[' 5B and '{' 7B, ']' 5D and '}' 7D: 0x20 folds each pair.
    else if ((c | 0x20) === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) throw new FormatError('MALFORMED', 'The JSON text is nested too deep.');
    } else if ((c | 0x20) === 0x7d) depth--;
  }
  return { members, surrogateEscapes };
}

/**
 * Counts the members of all objects in the value, whose depth `scan` has bounded, and looks at what they hold.
 *
 * With `for in`, which makes no list of the names: what JSON.parse makes inherits nothing that it would come upon.
 */
function countMembers(value: object, checkStrings: boolean): number {
  let members = 0;
  if (isJsonArray(value)) {
    for (const item of value) members += countWithin(item, checkStrings);
    return members;
  }
  for (const name in value) {
    if (checkStrings) assertWellFormed(name);
    members += 1 + countWithin((value as Record<string, unknown>)[name], checkStrings);
  }
  return members;
}

function countWithin(value: unknown, checkStrings: boolean): number {
  if (typeof value === 'object') return value === null ? 0 : countMembers(value, checkStrings);
  if (typeof value === 'string') {
    if (checkStrings) assertWellFormed(value);
  } else if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new FormatError('MALFORMED', 'A JSON number is beyond the range of a double.');
  }
  return 0;
}

function assertWellFormed(text: string): void {
  if (!text.isWellFormed()) throw new FormatError('MALFORMED', 'A JSON string holds half a surrogate pair.');
}
