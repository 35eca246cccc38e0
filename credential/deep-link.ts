import { FormatError } from './errors.ts';
import { encodeCardFile, MAX_FILE_CHARS, parseCardFile } from './smart-health-card-file.ts';

/** True of a web address: whatever else it is, it is a deep link to cards or nothing that is read here. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/**
 * The compact JWS texts of a deep link `https://…#{"verifiableCredential":[…]}`, at least one, unread (SMART Health
 * Cards 1.4.0, "via Deep Link"). The cards stand in the fragment, which no browser sends; the address is not looked at.
 *
 * @throws {FormatError} UNSUPPORTED_FORMAT for an address that is not https or has no fragment of this kind; TOO_LARGE
 * beyond 5,000,000 characters, encoded; MALFORMED if the fragment does not hold cards.
 */
export function parseDeepLink(text: string): string[] {
  if (text.length > MAX_FILE_CHARS)
    throw new FormatError('TOO_LARGE', 'The link is longer than 5,000,000 characters.');
  // Without a # this is the whole address, which begins with no brace.
  const fragment = text.slice(text.indexOf('#') + 1);
  if (!/^https:\/\//i.test(text) || !/^(?:\{|%7B)/i.test(fragment)) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The address is no link to health cards.');
  }
  let json: string;
  try {
    json = decodeURIComponent(fragment);
  } catch {
    throw new FormatError('MALFORMED', 'The link is not URL-encoded.');
  }
  return parseCardFile(json);
}

/**
 * The deep link that hands the cards (compact JWS) to the wallet at that base address.
 *
 * @throws {FormatError} MALFORMED without a card, or unless the base is an https address without a fragment; TOO_LARGE
 * beyond 5,000,000 characters.
 */
export function encodeDeepLink(jws: readonly string[], base: string): string {
  if (!/^https:\/\/[^#\s]+$/.test(base)) {
    throw new FormatError('MALFORMED', 'The base of a deep link is an https address without a fragment.');
  }
  const link = `${base}#${encodeURIComponent(encodeCardFile(jws))}`;
  if (link.length > MAX_FILE_CHARS) throw new FormatError('TOO_LARGE', 'The cards do not fit into one link.');
  return link;
}
