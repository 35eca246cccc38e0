import { FormatError } from './errors.ts';
import { isJsonObject, parseJson } from './json.ts';

/** The longest file text that is read, in UTF-16 units; thousands of cards fit. */
export const MAX_FILE_CHARS = 5_000_000;

/**
 * The compact JWS texts of a `.smart-health-card` file, at least one, unread (HL7 SMART Health Cards STU1, "via file
 * download"); members other than `verifiableCredential` are ignored.
 *
 * @throws {FormatError} TOO_LARGE beyond 5,000,000 characters; MALFORMED if it is not such a file.
 */
export function parseCardFile(text: string): string[] {
  if (text.length > MAX_FILE_CHARS) throw new FormatError('TOO_LARGE', 'The file is larger than 5 MB.');
  const json = parseJson(text);
  const cards = isJsonObject(json) ? json['verifiableCredential'] : undefined;
  if (!isCardList(cards)) {
    throw new FormatError('MALFORMED', 'The file does not hold a list of cards as verifiableCredential.');
  }
  return cards;
}

/**
 * The text of a `.smart-health-card` file with those cards (compact JWS), to be served as `application/smart-health-card`.
 *
 * @throws {FormatError} MALFORMED without a card; TOO_LARGE beyond 5,000,000 characters.
 */
export function encodeCardFile(jws: readonly string[]): string {
  if (!isCardList(jws)) throw new FormatError('MALFORMED', 'A card file holds at least one card.');
  const text = JSON.stringify({ verifiableCredential: jws });
  if (text.length > MAX_FILE_CHARS) {
    throw new FormatError('TOO_LARGE', 'The cards do not fit into one file of 5 MB.');
  }
  return text;
}

function isCardList(value: unknown): value is string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((card) => typeof card === 'string' && card !== '')
  );
}
