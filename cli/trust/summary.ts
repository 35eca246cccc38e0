import { importEs256Key } from '../../credential/es256-node.ts';
import type { EndpointFault } from '../../verifier/node/endpoint-fault.ts';
import { shippedTexts } from '../../verifier/node/shipped-rules.ts';
import { ruleSetsAt } from '../../verifier/pipeline/published-rules.ts';
import { ruleFilesOf, withRuleFiles } from '../../verifier/pipeline/rules/rule-files.ts';
import { statusOfKey } from '../../verifier/pipeline/status-data.ts';
import type { KeyStatus } from '../../verifier/pipeline/status-data.ts';
import type {
  IssuerStatus,
  PublishedRules,
  TrustDocument,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedVenue,
} from '../../verifier/pipeline/trust-document.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';

/** What `trust show` tells. */
export interface TrustSummary {
  readonly source: TrustDocument['source'];
  readonly takenAt: number;
  readonly ageSeconds: number;
  /** Whether decisions may rest on it without --allow-unanchored. */
  readonly anchored: boolean;
  /** Whether it is a bundle: another's word. */
  readonly imported: boolean;
  /** Kid of the key that signed the bundle, or that signs this store's exports; null before the first sync. */
  readonly exporter: string | null;
  /** Endpoints that the last sync did not count. */
  readonly faults: readonly EndpointFault[];
  /** Announced by the registry's governor, and not followed. */
  readonly successor: TrustDocument['successor'];
  readonly jurisdictions: number;
  readonly issuers: number;
  readonly keys: number;
  readonly venues: number;
  /** Of how many keys revocation data is held, lacking, or not what was anchored; or none is offered. */
  readonly revocation: {
    readonly held: number;
    readonly missing: number;
    readonly invalid: number;
    readonly none: number;
    /** Status lists that nobody vouches for: to unpack them all is what a hostile bundle would have us do. */
    readonly unchecked: number;
  };
  /** What each jurisdiction says. */
  readonly federation: readonly JurisdictionSummary[];
}

export interface JurisdictionSummary extends TrustedJurisdiction {
  /** How many issuers are in which state. */
  readonly issuers: Readonly<Partial<Record<IssuerStatus, number>>>;
  /** Issuers that a guardian or the governor suspended beside their state. */
  readonly held: readonly Pick<TrustedIssuer, 'id' | 'iss' | 'name' | 'status'>[];
  readonly venues: readonly Omit<TrustedVenue, 'jurisdiction'>[];
  readonly rules: readonly {
    readonly id: string;
    /** Null before its first version begins; one without digest ended the rule set. */
    readonly inForce: PublishedVersion | null;
    readonly toCome: readonly PublishedVersion[];
  }[];
}

/** A version of a rule set or value set in the registry, and of its document. */
export interface PublishedVersion extends PublishedRules {
  /** Whether the document is held, or comes with the program. */
  readonly isHere: boolean;
  /** The semantic version that the document says itself; null if it is not here, or is neither. */
  readonly semver: string | null;
}

/** Trust data that is to be told of. */
export type Told = Pick<TrustSummary, 'anchored' | 'imported' | 'exporter' | 'faults'> & {
  readonly document: TrustDocument;
};

/**
 * @param now Unix seconds
 * @throws TrustError DOCUMENT_MALFORMED if the parts do not add up
 */
export function summaryOf({ document, ...told }: Told, now: number): TrustSummary {
  indexTrust(document, { anchored: false, importKey: importEs256Key });
  const statuses = statusesOf(document, told);
  const count = (...kinds: (KeyStatus['kind'] | 'unchecked')[]): number =>
    statuses.filter((kind) => kinds.includes(kind)).length;
  return {
    source: document.source,
    takenAt: document.takenAt,
    ageSeconds: Math.floor(now - document.takenAt),
    ...told,
    successor: document.successor,
    jurisdictions: document.jurisdictions.length,
    issuers: document.issuers.length,
    keys: document.keys.length,
    venues: document.venues.length,
    revocation: {
      held: count('bits', 'rids'),
      missing: count('missing', 'stale'),
      invalid: count('invalid'),
      none: count('none'),
      unchecked: count('unchecked'),
    },
    federation: federationOf(document, now),
  };
}

/** Those that nobody vouches for are not unpacked. */
function statusesOf(
  { source, keys, lists, anchors }: TrustDocument,
  { imported, anchored }: Pick<Told, 'imported' | 'anchored'>,
): readonly (KeyStatus['kind'] | 'unchecked')[] {
  const data = new Map(lists.map((list) => [`${list.issuer}/${list.kid}`, list]));
  const anchor = new Map(anchors.map((one) => [`${one.issuer}/${one.list}`, one]));
  return keys.map((key) => {
    const name = `${key.issuer}/${key.kid}`;
    const held = { data: data.get(name), anchor: anchor.get(name), mustBeAnchored: source.kind === 'chain' };
    if (imported && !anchored && held.data?.kind === 'bits') return 'unchecked';
    return statusOfKey(key, held).kind;
  });
}

function federationOf(document: TrustDocument, now: number): readonly JurisdictionSummary[] {
  const sets = ruleSetsAt(document.rules, now);
  const { ruleFiles } = withRuleFiles(document, shippedTexts());
  const files = new Map(ruleFilesOf(ruleFiles).map((file) => [file.digest, file]));
  const versionOf = (rules: PublishedRules): PublishedVersion => {
    const file = files.get(rules.digest ?? '');
    return { ...rules, isHere: file !== undefined, semver: file?.content?.version ?? null };
  };
  return document.jurisdictions.map((jurisdiction) => {
    const isOwn = (each: { readonly jurisdiction: string }): boolean =>
      each.jurisdiction === jurisdiction.code;
    const own = document.issuers.filter(isOwn);
    const issuers: Partial<Record<IssuerStatus, number>> = {};
    for (const { status } of own) issuers[status] = (issuers[status] ?? 0) + 1;
    return {
      ...jurisdiction,
      issuers,
      held: own.filter(({ held }) => held).map(({ id, iss, name, status }) => ({ id, iss, name, status })),
      venues: document.venues.filter(isOwn).map(({ id, did, name, status }) => ({ id, did, name, status })),
      rules: sets.filter(isOwn).map(({ id, inForce, toCome }) => ({
        id,
        inForce: inForce === undefined ? null : versionOf(inForce),
        toCome: toCome.map(versionOf),
      })),
    };
  });
}
