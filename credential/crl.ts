import { FormatError } from './errors.ts';
import { isJsonObject } from './json.ts';
import { merkleRoot } from './merkle.ts';
import { BLOCK_BITS, indexFromRid, ridFromIndex, StatusList } from './status-list.ts';

/** A SMART Health Cards card revocation list (method `rid`), ready to be looked up. */
export interface Crl {
  readonly kid: string;
  readonly counter: number;
  /** By rid, the Unix seconds before which cards are revoked; undefined if all of that rid are. */
  readonly entries: ReadonlyMap<string, number | undefined>;
  /** The entries as published: what the root is made of. */
  readonly rids: readonly string[];
}

/** `rid` or `rid.<unix seconds>`; a rid has 1 to 24 characters of the base64url alphabet. */
const ENTRY = /^([A-Za-z0-9_-]{1,24})(?:\.(0|[1-9][0-9]{0,14}))?$/;

/**
 * Reads a card revocation list (SMART Health Cards, "Revocation"), taking the counter as a number or a numeric string:
 * real issuers publish both.
 *
 * Fails closed: one entry that cannot be read refuses the list, since dropping it would let a revoked card pass.
 *
 * @throws {FormatError} MALFORMED; UNSUPPORTED_FORMAT for a method other than `rid`.
 */
export function parseCrl(json: unknown): Crl {
  if (!isJsonObject(json)) throw malformed();
  const { kid, method, ctr, rids } = json;
  if (method !== 'rid') {
    throw new FormatError('UNSUPPORTED_FORMAT', 'Only revocation lists of the method rid are read.');
  }
  if (typeof kid !== 'string' || kid === '' || !Array.isArray(rids)) throw malformed();
  return crlFromRids(kid, counterOf(ctr), rids.map(textOf));
}

/**
 * The list of those entries under a key, `rids` in the published form (`rid` or `rid.<unix seconds>`).
 *
 * An entry may be repeated; if a rid stands with several timestamps the strictest holds.
 *
 * @throws {FormatError} MALFORMED if an entry or the counter is not well-formed.
 */
export function crlFromRids(kid: string, counter: number, rids: readonly string[]): Crl {
  if (!Number.isSafeInteger(counter) || counter < 0) throw malformed();
  const entries = new Map<string, number | undefined>();
  for (const entry of rids) {
    const match = ENTRY.exec(entry);
    const rid = match?.[1];
    if (rid === undefined) throw malformed();
    const before = match?.[2] === undefined ? undefined : Number(match[2]);
    entries.set(rid, entries.has(rid) ? stricter(entries.get(rid), before) : before);
  }
  return { kid, counter, entries, rids: [...rids] };
}

/** The list of the cards whose bits are on, by their rids in the order of the indices. */
export function crlFromStatusList(kid: string, counter: number, list: StatusList): Crl {
  return crlFromRids(kid, counter, Array.from(list.indices(), ridFromIndex));
}

/**
 * The status list of that many bits that says of each card what the entries do, in whatever order they stand.
 *
 * Throws RangeError unless the length is in whole blocks.
 *
 * @throws {FormatError} MALFORMED if an entry is not the rid of an index below the length, has a timestamp, which a bit
 * cannot say, or stands twice.
 */
export function statusListFromCrl({ rids }: Pick<Crl, 'rids'>, length: number): StatusList {
  const list = new StatusList(length / BLOCK_BITS);
  for (const rid of rids) {
    const index = indexFromRid(rid);
    if (index === undefined || index >= length || list.get(index)) {
      throw new FormatError('MALFORMED', 'An entry does not stand for one bit of the status list.');
    }
    list.toggle(index);
  }
  return list;
}

/** The list as its issuer publishes it, as JSON (SMART Health Cards, "Revocation"). */
export function encodeCrl({ kid, counter, rids }: Pick<Crl, 'kid' | 'counter' | 'rids'>): {
  readonly kid: string;
  readonly method: 'rid';
  readonly ctr: number;
  readonly rids: readonly string[];
} {
  return { kid, method: 'rid', ctr: counter, rids: [...rids] };
}

/**
 * The RFC 9162 Merkle tree hash over the entries as published: leaves are their bytes, sorted bytewise, each once;
 * of no entries, SHA-256 of nothing.
 *
 * Entries are ASCII: whoever passes text from elsewhere reads it with {@link parseCrl} first.
 */
export function crlRoot(rids: readonly string[]): Uint8Array {
  // The order of UTF-16 units, which is the one sorted by here, is the order of the bytes as long as all are ASCII.
  const unique = [...new Set(rids)].toSorted();
  return merkleRoot(bytesOf(unique));
}

/** One after the other: the bytes of a million entries take more room than the entries. */
function* bytesOf(texts: readonly string[]): Generator<Uint8Array, void> {
  const utf8 = new TextEncoder();
  for (const text of texts) yield utf8.encode(text);
}

/**
 * Whether a card of that `rid`, issued at `nbf` (Unix seconds, may be fractional), is revoked.
 *
 * With a timestamp only cards whose `nbf` is strictly before it are: the text of the specification, whose own examples
 * of versions 1.2 and 1.3 did not follow it.
 */
export function crlRevokes(crl: Crl, rid: string, nbf: number): boolean {
  if (!crl.entries.has(rid)) return false;
  const before = crl.entries.get(rid);
  // Written so that a nbf that is not a number revokes.
  return before === undefined || !(nbf >= before);
}

function stricter(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : Math.max(a, b);
}

function counterOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && /^[0-9]{1,15}$/.test(value)) return Number(value);
  throw malformed();
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw malformed();
  return value;
}

function malformed(): FormatError {
  return new FormatError('MALFORMED', 'The revocation list is not in the form of SMART Health Cards.');
}
