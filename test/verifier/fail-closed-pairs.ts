import { encodeBase64url } from '../../credential/base64url.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import type { HealthCard } from '../../credential/health-card.ts';
import { BLOCK_BITS, ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { encodeCompactList } from '../../credential/compact-list.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import type { Decision, FailureCode } from '../../verifier/pipeline/decision.ts';
import type { TrustDocument, TrustedIssuer, TrustedKey } from '../../verifier/pipeline/trust-document.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import {
  anchoredBits,
  DAY,
  decide,
  healthCard,
  ISSUED,
  mintCard,
  newKey,
  NOW,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../support/cards.ts';

/** How a card and what is known of it differ from a good one on fresh data. */
interface Change {
  readonly card?: Partial<HealthCard>;
  readonly issuer?: Partial<TrustedIssuer>;
  readonly key?: Partial<TrustedKey>;
  readonly document?: Partial<TrustDocument>;
  readonly terms?: Partial<Terms>;
  readonly signer?: 'stranger' | 'forger';
  readonly isUnanchored?: boolean;
  readonly trust?: NoTrust;
}

const key = newKey();
const stranger = newKey();
const list = new StatusList(1);
list.set(7, true);
const { data, anchor } = anchoredBits(key, list);
const other = encodeBase64url(encodeCompactList({ kid: key.kid, counter: 1, list: new StatusList(1) }));
const [onlyImmunization] = healthCard().fhirBundle.entry.slice(1);

/** What makes each rejection. */
export const REJECTIONS: Readonly<Partial<Record<FailureCode, Change>>> = {
  EXPIRED: { card: { exp: ISSUED + 60 } },
  NOT_YET_VALID: { card: { nbf: NOW + 10 * DAY } },
  SIGNATURE_INVALID: { signer: 'forger' },
  ISSUER_UNKNOWN: { signer: 'stranger' },
  ISSUER_SUSPENDED: { issuer: { status: 'suspended' } },
  ISSUER_WITHDRAWN: { issuer: { status: 'withdrawn' } },
  ISSUER_PENDING: { issuer: { status: 'pending' } },
  ISSUER_NOT_ACCREDITED_AT_ISSUANCE: { issuer: { accreditedUntil: ISSUED } },
  KEY_NOT_VALID_AT_ISSUANCE: { key: { validUntil: ISSUED } },
  KEY_COMPROMISED: { key: { state: 'compromised' } },
  REVOKED: { card: { rid: ridFromIndex(7) } },
  RULES_NOT_MET: { terms: { policy: { ...DEFAULT_POLICY, acceptedJurisdictions: ['US-NY'] } } },
  HOLDER_NOT_PROVEN: { terms: { policy: { ...DEFAULT_POLICY, holder: 'proof' } } },
};

/** What makes each doubt. */
export const DOUBTS: Readonly<Partial<Record<FailureCode, Change>>> = {
  TRUST_STALE: { terms: { now: NOW + 4 * DAY } },
  STATUS_STALE: { card: { rid: ridFromIndex(BLOCK_BITS) } },
  CLOCK_BEHIND: { document: { takenAt: NOW + 600 } },
  TRUST_MISSING: { trust: 'missing' },
  TRUST_INVALID: { trust: 'invalid' },
  TRUST_UNANCHORED: { isUnanchored: true },
  STATUS_MISSING: { document: { lists: [] } },
  STATUS_INVALID: { document: { lists: [{ kind: 'bits', issuer: 1, kid: key.kid, compact: other }] } },
  RULES_UNAVAILABLE: { terms: { rules: 'NOBODY-HAS-SUCH' } },
  SUBJECT_UNNAMED: {
    card: {
      fhirBundle: {
        resourceType: 'Bundle',
        type: 'collection',
        entry: onlyImmunization === undefined ? [] : [onlyImmunization],
      },
    },
  },
};

/** Decide about a card of which both are to be said; what the second changes, it changes last. */
export async function decidePair(rejection: Change, doubt: Change): Promise<Decision> {
  const keys = [trustedKey(key, { revocation: 'bits', ...rejection.key, ...doubt.key })];
  const document = trustDocument({
    issuers: [trustedIssuer({ ...rejection.issuer, ...doubt.issuer })],
    keys,
    anchors: [anchor],
    lists: [data],
    ...rejection.document,
    ...doubt.document,
  });
  const trust =
    doubt.trust ?? indexTrust(document, { anchored: doubt.isUnanchored !== true, importKey: importEs256Key });
  const { signer } = rejection;
  const by = signer === 'stranger' ? stranger : signer === 'forger' ? { ...stranger, kid: key.kid } : key;
  const card = mintCard(by, { rid: ridFromIndex(1), ...rejection.card, ...doubt.card });
  return decide(card, trust, { ...rejection.terms, ...doubt.terms });
}
