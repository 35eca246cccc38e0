import { FormatError } from './errors.ts';

/*
 * Host of labels, optional port, then path segments, nothing of it empty: the part of an `iss` that did:web can say. The
 * same grammar stands in contracts/DidWeb.sol: what the registry takes and a reader refuses would make everybody's trust
 * data unreadable.
 */
const ISS =
  /^https:\/\/([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?::([1-9][0-9]{0,4}))?((?:\/[A-Za-z0-9._+~-]+)*)$/;
const DID_WEB =
  /^did:web:([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)(?:%3A([1-9][0-9]{0,4}))?((?::(?:[A-Za-z0-9._-]|%2B|%7E)+)*)$/;

/** A URL parser resolves these away, so that two texts would name one issuer. */
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;

const MAX_ISS_CHARS = 256;
/** Three characters for one where it is escaped. */
const MAX_DID_CHARS = 3 * MAX_ISS_CHARS;
const MAX_PORT = 65_535;
/** Said by leaving it out, so that one place has one spelling. */
const DEFAULT_PORT = 443;

/**
 * Holds an issuer's `iss` to the form that is trusted and mapped: https, ASCII, an optional port but 443, no trailing
 * slash, no query, no fragment, no percent escapes, at most 256 characters (SMART Health Cards, "iss").
 * @throws FormatError MALFORMED
 */
export function assertIss(iss: string): void {
  issParts(iss);
}

/**
 * The did:web of an `iss` (did:web method, "Method-specific identifier").
 *
 * One `iss` has one DID and back: `/` becomes `:`, the port's `:` `%3A`, `+` `%2B`, `~` `%7E`.
 * @throws FormatError MALFORMED
 */
export function didWebFromIss(iss: string): string {
  const [host, port, path] = issParts(iss);
  const segments = path.replaceAll('/', ':').replaceAll('+', '%2B').replaceAll('~', '%7E');
  return `did:web:${host}${port === undefined ? '' : `%3A${port}`}${segments}`;
}

/**
 * The `iss` of a did:web that `didWebFromIss` makes.
 * @throws FormatError UNSUPPORTED_FORMAT for another DID method, MALFORMED for another spelling
 */
export function issFromDidWeb(did: string): string {
  const match = did.length > MAX_DID_CHARS ? null : DID_WEB.exec(did);
  if (match === null) {
    if (/^did:(?!web:)[a-z0-9]+:./.test(did)) {
      throw new FormatError('UNSUPPORTED_FORMAT', 'The DID is not a did:web.');
    }
    throw new FormatError('MALFORMED', 'The DID is not the did:web of an issuer.');
  }
  const [, host = '', port, segments = ''] = match;
  const path = segments.replaceAll(':', '/').replaceAll('%2B', '+').replaceAll('%7E', '~');
  const iss = `https://${host}${port === undefined ? '' : `:${port}`}${path}`;
  assertIss(iss);
  return iss;
}

function issParts(iss: string): readonly [host: string, port: string | undefined, path: string] {
  const match = iss.length > MAX_ISS_CHARS ? null : ISS.exec(iss);
  if (match === null)
    throw new FormatError('MALFORMED', 'The issuer is not an https URL of the permitted form.');
  const [, host = '', port, path = ''] = match;
  if (DOT_SEGMENT.test(path) || Number(port) > MAX_PORT || Number(port) === DEFAULT_PORT) {
    throw new FormatError('MALFORMED', 'The issuer is not an https URL of the permitted form.');
  }
  return [host, port, path];
}
