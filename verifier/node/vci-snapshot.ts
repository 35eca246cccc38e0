import { didWebFromIss } from '../../credential/did-web.ts';
import { TRUST_DOCUMENT_VERSION } from '../pipeline/trust-document.ts';
import type { StatusData, TrustDocument, TrustedIssuer, TrustedKey } from '../pipeline/trust-document.ts';
import type { JsonFile } from './read-file.ts';
import { readCrl, readVciSnapshot, ridsOf } from './vci-directory.ts';
import type { DirectoryIssuer, DirectoryKey } from './vci-directory.ts';
import { OddityList } from './vci-oddities.ts';
import type { Oddity, OddityCode } from './vci-oddities.ts';

/** The jurisdiction of issuers that no jurisdiction accredited. */
const NOBODY = { code: 'UNANCHORED', name: 'Not anchored: for development only', suspended: false } as const;

/**
 * A trust document for development from a VCI snapshot and further revocation lists. It is tied to no chain, and every
 * decision made from it says so.
 *
 * Issuers count as active and accredited from 0, or every card of 2021 would die. A key that has a revocation list
 * which is not here, or cannot be read, is held without data: its cards read STATUS_MISSING.
 *
 * @param crls further lists; issuers that share a key share a list given this way
 * @param about.origin where the snapshot came from, in words
 * @param about.now Unix seconds
 * @throws TrustError DOCUMENT_MALFORMED if it is no snapshot
 */
export function documentFromVciSnapshot(
  snapshot: unknown,
  crls: readonly JsonFile[],
  about: { readonly origin: string; readonly now: number },
): { readonly document: TrustDocument; readonly oddities: readonly Oddity[] } {
  const directory = readVciSnapshot(snapshot);
  const files = crls.map(({ name, json }) => ({ name, ...readCrl(json) }));
  const byKid = Map.groupBy(files, ({ kid }) => kid);
  const listed = new Set<string | null>();
  for (const { keys } of directory.issuers) for (const { kid } of keys) listed.add(kid);
  const odd = new OddityList();
  for (const { name, kid, rids } of files) {
    if (rids === undefined) {
      odd.add({ code: 'CRL_REFUSED', of: name, kid, message: 'The revocation list cannot be read.' });
    } else if (!listed.has(kid)) {
      const message = 'The revocation list is of a key that no issuer has.';
      odd.add({ code: 'CRL_OF_NO_KEY', of: name, kid, message });
    }
  }

  const issuers: TrustedIssuer[] = [];
  const keys: TrustedKey[] = [];
  const lists: StatusData[] = [];
  for (const [index, entry] of directory.issuers.entries()) {
    const issuer = index + 1;
    issuers.push(trustedIssuer(issuer, entry));
    for (const key of entry.keys) {
      const own = [...key.crls, ...(byKid.get(key.kid) ?? [])];
      const revocable = key.revocable || own.length > 0;
      keys.push(trustedKey(issuer, key, revocable));
      const rids = ridsOf(own);
      if (rids !== undefined) lists.push({ kind: 'rids', issuer, kid: key.kid, rids });
      else if (revocable && own.length === 0) {
        const message = 'The key has a revocation list that is not here; its cards cannot be judged.';
        odd.add({ code: 'CRL_MISSING', of: entry.iss, kid: key.kid, message });
      }
    }
  }
  const document: TrustDocument = {
    version: TRUST_DOCUMENT_VERSION,
    source: { kind: 'unanchored', origin: about.origin.slice(0, 200) },
    seen: null,
    takenAt: Math.floor(about.now),
    successor: null,
    jurisdictions: [NOBODY],
    issuers,
    keys,
    venues: [],
    rules: [],
    anchors: [],
    lists,
    ruleFiles: [],
  };
  const more = [...directory.oddities.notKept(), ...odd.notKept()].map(inWords);
  return { document, oddities: [...directory.oddities.kept, ...odd.kept, ...more] };
}

function inWords([code, count]: readonly [OddityCode, number]): Oddity {
  return { code, of: 'the snapshot', kid: null, message: `${count} more of this kind are not told.` };
}

function trustedIssuer(id: number, { iss, name }: DirectoryIssuer): TrustedIssuer {
  return {
    id,
    did: didWebFromIss(iss),
    iss,
    name,
    jurisdiction: NOBODY.code,
    status: 'active',
    held: false,
    accreditedFrom: 0,
    accreditedUntil: 0,
    attestations: 0,
    statusBase: '',
    formerStatusBases: [],
  };
}

function trustedKey(issuer: number, { kid, x, y }: DirectoryKey, revocable: boolean): TrustedKey {
  return {
    issuer,
    kid,
    x,
    y,
    validFrom: 0,
    validUntil: 0,
    state: 'active',
    revocation: revocable ? 'rids' : 'none',
    proven: false,
  };
}
