import type { Input } from './decide-input.ts';

/** Longer text may hold so many cards that everybody else would wait for them. */
const MAX_TEXT_HERE = 16 * 1024;
/** More lines, or commas in a card file, as well; a family's cards are fewer. */
const MAX_SEPARATORS_HERE = 20;

/** A picture, or text that may hold many cards: long, or cut into many pieces, which a line of three letters may be. */
export function isHeavy(input: Input): boolean {
  if ('text' in input) {
    return input.text.length > MAX_TEXT_HERE || hasMany(input.text, '\n') || hasMany(input.text, ',');
  }
  const { bytes } = input;
  const [first = 0] = bytes;
  // PNG and JPEG begin with a byte that text in ASCII does not have.
  return first >= 0x80 || bytes.length > MAX_TEXT_HERE || hasMany(bytes, 0x0a) || hasMany(bytes, 0x2c);
}

/** Lines of text, or members of a card file, between which these stand. */
function hasMany<T>(
  within: { readonly indexOf: (separator: T, from: number) => number },
  separator: T,
): boolean {
  let at = -1;
  for (let found = 0; found <= MAX_SEPARATORS_HERE; found++) {
    at = within.indexOf(separator, at + 1);
    if (at === -1) return false;
  }
  return true;
}
