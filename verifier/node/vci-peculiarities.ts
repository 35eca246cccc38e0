import { isJsonObject } from '../../credential/json.ts';
import type { DirectoryIssuer } from './vci-directory.ts';
import { OddityList } from './vci-oddities.ts';
import type { Oddity, PeculiarityCode } from './vci-oddities.ts';

/** The members that a snapshot has where it is as described; others are read over. */
const KNOWN = {
  snapshot: new Set(['directory', 'time', 'issuerInfo']),
  entry: new Set(['issuer', 'keys', 'crls', 'lastRetrieved']),
  issuer: new Set(['iss', 'name', 'website', 'canonical_iss']),
  key: new Set(['kty', 'kid', 'use', 'alg', 'crv', 'x', 'y', 'x5c', 'crlVersion']),
  list: new Set(['kid', 'method', 'ctr', 'rids']),
} as const;

/** A file of junk may give each entry a member of another name. */
const MAX_MEMBERS = 100;
/** base64url of 32 bytes. */
const COORDINATE_CHARS = 43;

type Place = keyof typeof KNOWN;

/**
 * What is odd in a snapshot and was taken as it stands: keys that several issuers share, short coordinates, counters as
 * text, members that nobody described (each name once).
 *
 * @param issuers what was read of it
 */
export function peculiaritiesOf(
  snapshot: Readonly<Record<string, unknown>>,
  issuers: readonly DirectoryIssuer[],
): OddityList<PeculiarityCode> {
  const found = new OddityList<PeculiarityCode>();
  const members = new Map<string, number>();
  const look = (value: unknown, place: Place): Readonly<Record<string, unknown>> => {
    if (!isJsonObject(value)) return {};
    let looked = 0;
    for (const name in value) {
      looked += 1;
      if (looked > MAX_MEMBERS) break;
      const of = `${place}.${name.slice(0, MAX_MEMBERS)}`;
      if (KNOWN[place].has(name) || (members.size >= MAX_MEMBERS && !members.has(of))) continue;
      members.set(of, (members.get(of) ?? 0) + 1);
    }
    return value;
  };
  look(snapshot, 'snapshot');
  for (const info of listOf(snapshot['issuerInfo'])) {
    const { issuer, keys, crls } = look(info, 'entry');
    const { iss } = look(issuer, 'issuer');
    const asText = (counter: unknown, kid: unknown, of: string): void => {
      if (typeof counter !== 'string' || typeof iss !== 'string') return;
      found.add(oddity('COUNTER_AS_TEXT', iss, kid, `The counter of the ${of} stands as text; it is read.`));
    };
    for (const key of listOf(keys)) {
      const { crlVersion, kid } = look(key, 'key');
      asText(crlVersion, kid, 'key');
    }
    for (const list of listOf(crls)) {
      const { ctr, kid } = look(list, 'list');
      asText(ctr, kid, 'list');
    }
  }
  addKeys(found, issuers);
  for (const [name, count] of members) {
    const message = `The member is not described anywhere; it is read over (${count} times).`;
    found.add(oddity('MEMBER_UNKNOWN', name, null, message));
  }
  return found;
}

function addKeys(found: OddityList<PeculiarityCode>, issuers: readonly DirectoryIssuer[]): void {
  const holders = new Map<string, { readonly iss: string; count: number }>();
  for (const { iss, keys } of issuers) {
    for (const { kid, x, y } of keys) {
      const holder = holders.get(kid);
      if (holder === undefined) holders.set(kid, { iss, count: 1 });
      else holder.count += 1;
      if (x.length >= COORDINATE_CHARS && y.length >= COORDINATE_CHARS) continue;
      const message = 'A coordinate of the key lacks its leading zero byte; the kid is made of it so.';
      found.add(oddity('COORDINATE_SHORT', iss, kid, message));
    }
  }
  for (const [kid, { iss, count }] of holders) {
    if (count === 1) continue;
    found.add(
      oddity('KEY_SHARED', iss, kid, `The key is shared: ${count} issuers list it, each for itself.`),
    );
  }
}

function oddity(code: PeculiarityCode, of: string, kid: unknown, message: string): Oddity<PeculiarityCode> {
  return { code, of, kid: typeof kid === 'string' ? kid : null, message };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
