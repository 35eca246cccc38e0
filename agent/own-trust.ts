import { encodeBase64url } from '../credential/base64url.ts';
import { encodeCompactList } from '../credential/compact-list.ts';
import { importEs256Key } from '../credential/es256-node.ts';
import type { ListVersion } from '../credential/status-list.ts';
import { indexTrust, type Trust } from '../verifier/pipeline/trust.ts';
import {
  TRUST_DOCUMENT_VERSION,
  type TrustDocument,
  type TrustedIssuer,
  type TrustedJurisdiction,
  type TrustedKey,
} from '../verifier/pipeline/trust-document.ts';
import { IssuerError } from './issuer-error.ts';
import type { ListAnchor } from './key-list.ts';
import type { LearnedTrust } from './registry-resolver.ts';

/** What the registry, as it was last learned, says of one issuer and of its keys. */
export interface OwnStanding {
  readonly jurisdiction: TrustedJurisdiction;
  readonly issuer: TrustedIssuer;
  readonly keys: readonly TrustedKey[];
}

/** An issuer's own part of what was learned; undefined if the registry does not know it. */
export function ownStanding(trust: LearnedTrust, did: string): OwnStanding | undefined {
  const issuer = trust.issuers.find((each) => each.did === did);
  const jurisdiction = trust.jurisdictions.find(({ code }) => code === issuer?.jurisdiction);
  if (issuer === undefined || jurisdiction === undefined) return undefined;
  return { jurisdiction, issuer, keys: trust.keys.filter((key) => key.issuer === issuer.id) };
}

/**
 * The trust data of a venue that knows one key of one issuer and nothing else: as the registry said when it was last
 * learned, with the status list as the chain holds it. Plain data, which passes from thread to thread.
 */
export function ownTrustDocument(
  { jurisdiction, issuer, keys }: OwnStanding,
  version: ListVersion,
  { root, counter, length, revoked }: ListAnchor,
): TrustDocument {
  const { kid } = version;
  const of = { issuer: issuer.id };
  const compact = encodeBase64url(encodeCompactList(version));
  return {
    version: TRUST_DOCUMENT_VERSION,
    source: { kind: 'unanchored', origin: 'the registry, as its issuer last learned it' },
    seen: null,
    takenAt: 0,
    successor: null,
    jurisdictions: [jurisdiction],
    issuers: [issuer],
    keys: keys.filter((key) => key.kid === kid),
    venues: [],
    rules: [],
    anchors: [{ ...of, list: kid, root, counter, length, revoked, time: 0, final: false }],
    lists: [{ ...of, kind: 'bits', kid, compact }],
    ruleFiles: [],
  };
}

/** That data, ready to decide by. It has no age: how old a venue's may be is the venue's to say. */
export function ownTrust(document: TrustDocument): Trust {
  return indexTrust(document, { anchored: true, importKey: importEs256Key });
}

/** What a venue could know of this issuer's keys, made anew only when the registry or an anchor says something new. */
export function ownTrusts(from: {
  /** Another object whenever something new was learned. */
  readonly standing: () => OwnStanding | undefined;
  readonly anchorOf: (kid: string) => ListAnchor | undefined;
  readonly anchoredList: (kid: string) => ListVersion;
}): (kid: string) => Trust {
  const made = new Map<
    string,
    { readonly standing: OwnStanding; readonly anchor: ListAnchor; trust: Trust }
  >();
  return (kid) => {
    const [standing, anchor, before] = [from.standing(), from.anchorOf(kid), made.get(kid)];
    if (standing === undefined || anchor === undefined) {
      throw new IssuerError('NOT_ANCHORED', 'The chain is not known to hold a status list of this key.');
    }
    if (before?.standing === standing && before.anchor === anchor) return before.trust;
    const trust = ownTrust(ownTrustDocument(standing, from.anchoredList(kid), anchor));
    made.set(kid, { standing, anchor, trust });
    return trust;
  };
}
