import type { ReplayedTrust } from './replay.ts';
import type { TrustedIssuer } from './trust-document.ts';

/**
 * The trust of a final log, lowered by what newer events take away that are not final yet: suspensions, withdrawals and
 * keys reported stolen count as soon as they are seen. Nothing that is not final raises trust, since a reorganisation
 * can take it back after a card was accepted.
 */
export function loweredTrust(final: ReplayedTrust, seen: ReplayedTrust): ReplayedTrust {
  const jurisdictions = new Map(seen.jurisdictions.map((jurisdiction) => [jurisdiction.code, jurisdiction]));
  const issuers = new Map(seen.issuers.map((issuer) => [issuer.id, issuer]));
  const keys = new Map(seen.keys.map((key) => [`${key.issuer}/${key.kid}`, key]));
  const venues = new Map(seen.venues.map((venue) => [venue.id, venue]));
  return {
    ...final,
    jurisdictions: final.jurisdictions.map((jurisdiction) => ({
      ...jurisdiction,
      suspended: jurisdiction.suspended || jurisdictions.get(jurisdiction.code)?.suspended === true,
    })),
    issuers: final.issuers.map((issuer) => loweredIssuer(issuer, issuers.get(issuer.id))),
    keys: final.keys.map((key) => {
      const isStolen = keys.get(`${key.issuer}/${key.kid}`)?.state === 'compromised';
      return isStolen ? { ...key, state: 'compromised' } : key;
    }),
    venues: final.venues.map((venue) => {
      const status = venues.get(venue.id)?.status ?? venue.status;
      return status === 'active' || venue.status === 'withdrawn' ? venue : { ...venue, status };
    }),
  };
}

function loweredIssuer(issuer: TrustedIssuer, seen: TrustedIssuer | undefined): TrustedIssuer {
  if (seen === undefined) return issuer;
  const held = issuer.held || seen.held;
  const isLower =
    seen.status === 'withdrawn' || (seen.status === 'suspended' && issuer.status !== 'withdrawn');
  return { ...issuer, held, status: isLower ? seen.status : issuer.status };
}
