import { parseCrl } from '../../credential/crl.ts';
import { assertIss } from '../../credential/did-web.ts';
import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { isJsonObject } from '../../credential/json.ts';
import { parseIssuerJwk } from '../../credential/jwk.ts';
import type { P256Coordinates } from '../../credential/jwk.ts';
import { TrustError } from '../pipeline/trust-error.ts';

/** What is odd in a directory and was passed over; a closed list. */
export type OddityCode =
  | 'ISSUER_REFUSED'
  | 'ISSUER_DUPLICATE'
  | 'NAME_REFUSED'
  | 'NAME_CLEANED'
  | 'KEYS_MISSING'
  | 'KEY_REFUSED'
  | 'KEY_DUPLICATE'
  | 'CRL_MISSING'
  | 'CRL_REFUSED'
  | 'CRL_OF_NO_KEY';

/** One oddity by name: whose it is, and in a plain sentence what. */
export interface Oddity {
  readonly code: OddityCode;
  /** The `iss`, the place of an entry that has none, or the name of a file. */
  readonly of: string;
  readonly kid: string | null;
  readonly message: string;
}

/** One issuer of a directory with those of its keys that can be used. */
export interface DirectoryIssuer {
  readonly iss: string;
  readonly name: string;
  /** When the directory last reached it, Unix seconds; 0 if it does not say. */
  readonly lastRetrieved: number;
  readonly keys: readonly DirectoryKey[];
}

/** A key of a directory with its revocation lists. */
export interface DirectoryKey extends P256Coordinates {
  readonly kid: string;
  /** Whether the key says that it has a revocation list, or one was given. */
  readonly revocable: boolean;
  readonly crls: readonly PublishedCrl[];
}

/** A revocation list as published; `rids` is undefined if it cannot be read, so nobody knows whom it revokes. */
export interface PublishedCrl {
  readonly kid: string | null;
  readonly counter: number;
  readonly rids: readonly string[] | undefined;
}

/** The registry's bound for a name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 200;
/** What acts on whatever shows it: controls, marks of direction, and other characters that show nothing themselves. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

type Report = (code: OddityCode, message: string, kid?: string | null) => void;

/**
 * Read a VCI snapshot: what is sound of every issuer and key, and a report of what is not.
 *
 * Nothing odd in one entry costs another its place: a published private key loses that key, not its issuer.
 *
 * @throws TrustError DOCUMENT_MALFORMED if it is no snapshot at all
 */
export function readVciSnapshot(json: unknown): {
  /** When the snapshot was taken, Unix seconds; 0 if it does not say. */
  readonly time: number;
  readonly issuers: readonly DirectoryIssuer[];
  readonly oddities: readonly Oddity[];
} {
  if (!isJsonObject(json) || !Array.isArray(json['issuerInfo'])) {
    throw new TrustError('DOCUMENT_MALFORMED', 'The file is not a snapshot of a directory of issuers.');
  }
  const issuers = new Map<string, DirectoryIssuer>();
  const oddities: Oddity[] = [];
  for (const [index, info] of json['issuerInfo'].entries() as Iterable<[number, unknown]>) {
    const entry = isJsonObject(info) ? info : {};
    const { iss, name } = isJsonObject(entry['issuer']) ? entry['issuer'] : {};
    const of = isIss(iss) ? iss : `entry ${index + 1}`;
    const report: Report = (code, message, kid = null) => {
      oddities.push({ code, of, kid, message });
    };
    if (!isIss(iss)) report('ISSUER_REFUSED', 'The entry does not name an issuer by a usable https URL.');
    else if (issuers.has(iss)) report('ISSUER_DUPLICATE', 'The issuer stands in the directory twice.');
    else {
      const keys = addCrls(readKeys(entry['keys'], report), entry['crls'], report);
      const lastRetrieved = readTime(entry['lastRetrieved']);
      issuers.set(iss, { iss, name: readName(name, iss, report), lastRetrieved, keys });
    }
  }
  return { time: readTime(json['time']), issuers: [...issuers.values()], oddities };
}

/** A revocation list from JSON, with the kid as far as it can be read. */
export function readCrl(json: unknown): PublishedCrl {
  try {
    return parseCrl(json);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const kid = isJsonObject(json) && typeof json['kid'] === 'string' ? json['kid'] : null;
    return { kid, counter: 0, rids: undefined };
  }
}

/**
 * What the revocation lists of one key say together: that of the highest counter holds, of equal ones all entries.
 *
 * @returns undefined if there is none, or if one of them cannot be read: whom that one revoked nobody knows
 */
export function ridsOf(crls: readonly PublishedCrl[]): readonly string[] | undefined {
  if (crls.length === 0) return undefined;
  const newest = Math.max(...crls.map(({ counter }) => counter));
  const rids = new Set<string>();
  for (const crl of crls) {
    if (crl.rids === undefined) return undefined;
    if (crl.counter === newest) for (const rid of crl.rids) rids.add(rid);
  }
  return [...rids];
}

function isIss(value: unknown): value is string {
  try {
    if (typeof value === 'string') assertIss(value);
    return typeof value === 'string';
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

function readName(name: unknown, iss: string, report: Report): string {
  const shown = typeof name === 'string' ? shortened(name.replace(UNSHOWN, '').trim()) : '';
  if (shown === '') {
    report('NAME_REFUSED', 'The issuer has no name that can be shown; its URL stands in.');
    return shortened(iss);
  }
  if (shown !== name) {
    report('NAME_CLEANED', 'The name of the issuer is too long, or holds characters that are not shown.');
  }
  return shown;
}

/** At most so many bytes, and no half characters. */
function shortened(text: string): string {
  const bytes = new Uint8Array(MAX_NAME_BYTES);
  const { read } = new TextEncoder().encodeInto(text, bytes);
  return text.slice(0, read).trim();
}

/** Unix seconds of an ISO 8601 time; 0 if it is none. */
function readTime(text: unknown): number {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? 0 : Math.floor(time / 1000);
}

function readKeys(jwks: unknown, report: Report): readonly DirectoryKey[] {
  if (!Array.isArray(jwks) || jwks.length === 0) {
    report('KEYS_MISSING', 'The issuer publishes no keys.');
    return [];
  }
  const keys = new Map<string, DirectoryKey>();
  for (const jwk of jwks as readonly unknown[]) {
    const key = readKey(jwk, report);
    if (key === undefined) continue;
    const same = keys.get(key.kid);
    if (same !== undefined) report('KEY_DUPLICATE', 'The key stands in the set twice.', key.kid);
    keys.set(key.kid, { ...key, revocable: key.revocable || same?.revocable === true });
  }
  return [...keys.values()];
}

function readKey(jwk: unknown, report: Report): DirectoryKey | undefined {
  try {
    const { kid, x, y } = parseIssuerJwk(jwk);
    importEs256Key({ x, y }); // proves that the point is on the curve
    // Whatever its value, a key that speaks of a revocation list has one: without it its cards cannot be judged.
    return { kid, x, y, revocable: isJsonObject(jwk) && Object.hasOwn(jwk, 'crlVersion'), crls: [] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const kid = isJsonObject(jwk) && typeof jwk['kid'] === 'string' ? jwk['kid'] : null;
    report('KEY_REFUSED', error.message, kid);
    return undefined;
  }
}

function addCrls(keys: readonly DirectoryKey[], crls: unknown, report: Report): readonly DirectoryKey[] {
  const given: readonly unknown[] = crls === undefined ? [] : Array.isArray(crls) ? crls : [undefined];
  const published = given.map(readCrl);
  for (const { kid, rids } of published) {
    if (rids === undefined) report('CRL_REFUSED', 'A revocation list of the issuer cannot be read.', kid);
    else if (!keys.some((key) => key.kid === kid)) {
      report('CRL_OF_NO_KEY', 'The revocation list is of a key that the issuer does not have.', kid);
    }
  }
  return keys.map((key) => {
    // A broken list that does not say whose it is may be any key's.
    const own = published.filter(({ kid, rids }) => kid === key.kid || (kid === null && rids === undefined));
    return { ...key, revocable: key.revocable || own.length > 0, crls: own };
  });
}
