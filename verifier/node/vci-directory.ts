import { parseCrl } from '../../credential/crl.ts';
import { assertIss } from '../../credential/did-web.ts';
import { FormatError } from '../../credential/errors.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { isJsonObject } from '../../credential/json.ts';
import { parseIssuerJwk } from '../../credential/jwk.ts';
import type { P256Coordinates } from '../../credential/jwk.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { OddityList } from './vci-oddities.ts';
import type { OddityCode, PeculiarityCode } from './vci-oddities.ts';
import { peculiaritiesOf } from './vci-peculiarities.ts';

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

/** The real directory has 651 entries, of at most 20 keys and 3 revocation lists each. */
const MAX_ENTRIES = 50_000;
const MAX_KEYS = 1000;
const MAX_CRLS = 1000;
/** Of keys and lists together, in all entries: each costs a check of its own. */
const MAX_CHECKS = 100_000;
/** The registry's bound for a name, in bytes of UTF-8. */
const MAX_NAME_BYTES = 200;
/** What acts on whatever shows it: controls, marks of direction, and other characters that show nothing themselves. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu;

type Report = (code: OddityCode, message: string, kid?: string | null) => void;

/** A directory as read from its snapshot. */
export interface Directory {
  /** When the snapshot was taken, Unix seconds; 0 if it does not say. */
  readonly time: number;
  readonly issuers: readonly DirectoryIssuer[];
  /** What was passed over. */
  readonly oddities: OddityList;
  /** What is odd and was taken as it stands. */
  readonly peculiarities: OddityList<PeculiarityCode>;
}

/**
 * Read a VCI snapshot: what is sound of every issuer and key, and a report of what is not.
 *
 * Nothing odd in one entry costs another its place: a published private key loses that key, not its issuer.
 *
 * @throws TrustError DOCUMENT_MALFORMED if it is no snapshot at all, or one beyond all bounds
 */
export function readVciSnapshot(json: unknown): Directory {
  if (!isJsonObject(json) || !Array.isArray(json['issuerInfo'])) {
    throw new TrustError('DOCUMENT_MALFORMED', 'The file is not a snapshot of a directory of issuers.');
  }
  const entries = json['issuerInfo'] as readonly unknown[];
  if (entries.length > MAX_ENTRIES) {
    const many = `The snapshot has ${entries.length} entries; more than ${MAX_ENTRIES} are not read.`;
    throw new TrustError('DOCUMENT_MALFORMED', many);
  }
  const checks = entries.reduce<number>((sum, entry) => sum + checksOf(entry), 0);
  if (checks > MAX_CHECKS) {
    const many = `The snapshot has ${checks} keys and revocation lists; more than ${MAX_CHECKS} are not read.`;
    throw new TrustError('DOCUMENT_MALFORMED', many);
  }
  const issuers = new Map<string, DirectoryIssuer>();
  const found = new OddityList();
  for (const [index, info] of entries.entries()) {
    const entry = isJsonObject(info) ? info : {};
    const { iss, name } = isJsonObject(entry['issuer']) ? entry['issuer'] : {};
    const of = isIss(iss) ? iss : `entry ${index + 1}`;
    const report: Report = (code, message, kid = null) => found.add({ code, of, kid, message });
    if (!isIss(iss)) report('ISSUER_REFUSED', 'The entry does not name an issuer by a usable https URL.');
    else if (issuers.has(iss)) report('ISSUER_DUPLICATE', 'The issuer stands in the directory twice.');
    else {
      const keys = addCrls(readKeys(entry['keys'], report), entry['crls'], report);
      const lastRetrieved = readTime(entry['lastRetrieved']);
      issuers.set(iss, { iss, name: readName(name, iss, report), lastRetrieved, keys });
    }
  }
  const read = [...issuers.values()];
  const peculiarities = peculiaritiesOf(json, read);
  return { time: readTime(json['time']), issuers: read, oddities: found, peculiarities };
}

/** How many keys and lists of an entry would be read. */
function checksOf(entry: unknown): number {
  if (!isJsonObject(entry)) return 0;
  const { keys, crls } = entry;
  const count = (list: unknown, most: number): number =>
    Array.isArray(list) ? Math.min(list.length, most) : 0;
  return count(keys, MAX_KEYS) + count(crls, MAX_CRLS);
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
  const newest = newestCounter(crls);
  const rids = new Set<string>();
  for (const crl of crls) {
    if (crl.rids === undefined) return undefined;
    if (crl.counter === newest) for (const rid of crl.rids) rids.add(rid);
  }
  return [...rids];
}

/** The highest counter of lists; 0 of none. */
export function newestCounter(crls: readonly PublishedCrl[]): number {
  // No spread: a file decides how many there are.
  return crls.reduce((newest, { counter }) => Math.max(newest, counter), 0);
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
  return Number.isNaN(time) ? 0 : Math.max(0, Math.floor(time / 1000));
}

function readKeys(jwks: unknown, report: Report): readonly DirectoryKey[] {
  if (!Array.isArray(jwks) || jwks.length === 0) {
    report('KEYS_MISSING', 'The issuer publishes no keys.');
    return [];
  }
  if (jwks.length > MAX_KEYS) {
    report('KEYS_TOO_MANY', `The issuer publishes ${jwks.length} keys; the first ${MAX_KEYS} are taken.`);
  }
  const keys = new Map<string, DirectoryKey>();
  for (const jwk of jwks.slice(0, MAX_KEYS) as readonly unknown[]) {
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
  const published = readCrls(crls, report);
  const kids = new Set<string | null>(keys.map(({ kid }) => kid));
  for (const { kid, rids } of published) {
    if (rids === undefined) report('CRL_REFUSED', 'A revocation list of the issuer cannot be read.', kid);
    else if (!kids.has(kid)) {
      report('CRL_OF_NO_KEY', 'The revocation list is of a key that the issuer does not have.', kid);
    }
  }
  const byKid = Map.groupBy(published, ({ kid }) => kid);
  // A broken list that does not say whose it is may be any key's; one of them spoils as much as all.
  const nameless = (byKid.get(null) ?? []).slice(0, 1);
  return keys.map((key) => {
    const own = [...(byKid.get(key.kid) ?? []), ...nameless];
    return { ...key, revocable: key.revocable || own.length > 0, crls: own };
  });
}

function readCrls(crls: unknown, report: Report): readonly PublishedCrl[] {
  if (crls === undefined) return [];
  const unreadable = [readCrl(undefined)];
  if (!Array.isArray(crls)) return unreadable;
  if (crls.length <= MAX_CRLS) return crls.map(readCrl);
  const many = `The issuer publishes ${crls.length} revocation lists; more than ${MAX_CRLS} are not read.`;
  report('CRLS_TOO_MANY', many);
  return unreadable;
}
