import { crlFromRids, encodeCrl } from '../../credential/crl.ts';
import type { TrustDocument, TrustedIssuer, TrustedKey } from '../pipeline/trust-document.ts';

/**
 * Who is trusted, in the form of a VCI snapshot: what other verifiers of SMART Health Cards read.
 *
 * Such a snapshot knows no states. So only issuers whose cards are taken as of now are in it, and of them the keys that
 * were not reported stolen; cards are not told apart by when they were issued, as they are here.
 */
export function vciSnapshotOf(document: TrustDocument): object {
  const suspended = new Set(document.jurisdictions.filter((each) => each.suspended).map(({ code }) => code));
  const time = new Date(document.takenAt * 1000).toISOString();
  const lists = new Map(document.lists.map((list) => [`${list.issuer}/${list.kid}`, list]));
  const counters = new Map(
    document.anchors.map(({ issuer, list, counter }) => [`${issuer}/${list}`, counter]),
  );
  const keys = Map.groupBy(document.keys, ({ issuer }) => issuer);

  const listOf = ({ issuer, kid }: TrustedKey): object | undefined => {
    const list = lists.get(`${issuer}/${kid}`);
    if (list?.kind !== 'rids') return undefined;
    return encodeCrl(crlFromRids(kid, counters.get(`${issuer}/${kid}`) ?? 1, list.rids));
  };
  const entryOf = (issuer: TrustedIssuer): object => {
    const own = (keys.get(issuer.id) ?? []).filter(({ state }) => state !== 'compromised');
    const crls = own.flatMap((key) => listOf(key) ?? []);
    return {
      issuer: { iss: issuer.iss, name: issuer.name },
      keys: own.map((key) => jwkOf(key, counters.get(`${key.issuer}/${key.kid}`))),
      ...(crls.length === 0 ? {} : { crls }),
      lastRetrieved: time,
    };
  };
  const standing = document.issuers.filter(
    ({ status, held, jurisdiction }) =>
      (status === 'active' || status === 'retired') && !held && !suspended.has(jurisdiction),
  );
  return { directory: 'pratique', time, issuerInfo: standing.map(entryOf) };
}

/** Coordinates as published, or the kid would be that of another text (RFC 7638). */
function jwkOf({ kid, x, y, revocation }: TrustedKey, counter: number | undefined): object {
  const jwk = { kty: 'EC', kid, use: 'sig', alg: 'ES256', crv: 'P-256', x, y };
  // A key with crlVersion promises a list (SMART Health Cards, "Revocation").
  return revocation === 'none' ? jwk : { ...jwk, crlVersion: counter ?? 0 };
}
