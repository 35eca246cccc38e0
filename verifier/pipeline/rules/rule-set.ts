import type { PassType, Profile } from '../../../credential/health-card.ts';

/** A sentence by the tag of its language. */
export type Words = ReadonlyMap<string, string>;

/** A document that a jurisdiction publishes, by the names it has in the registry. */
export interface PublishedName {
  readonly jurisdiction: string;
  readonly id: string;
}

/**
 * The conditions under which a venue lets somebody in: layers that must all hold, each of alternatives of which one
 * must, each of rules that must all hold. CertLogic has no `or`, so the alternatives stand outside of it.
 */
export interface RuleSet extends PublishedName {
  readonly format: 'pratique-rule-set-1';
  /** Semantic version, higher in each version that is published. */
  readonly version: string;
  readonly title: Words;
  /** IANA name of the zone by which instants have civil dates. */
  readonly timeZone: string;
  /** Instants as in a rule; outside of them nothing is decided by the set. */
  readonly validFrom: string;
  readonly validTo: string;
  /** The codes and numbers that it counts by, of this version or a later one that is compatible. */
  readonly valueSet: PublishedName & { readonly version: string };
  readonly layers: readonly Layer[];
  readonly rules: readonly Rule[];
}

/** Alternatives of which one must hold; or another jurisdiction's set (a federal base), which must hold as well. */
export type Layer =
  | { readonly kind: 'any-of'; readonly title: Words; readonly alternatives: readonly Alternative[] }
  | ({ readonly kind: 'rule-set' } & PublishedName);

/** One way to satisfy a layer. */
export interface Alternative {
  readonly name: string;
  readonly title: Words;
  readonly takes: {
    readonly profiles: readonly Profile[];
    /** Of a Pass, which types. */
    readonly passTypes: readonly PassType[];
  };
  /** Identifiers of rules. */
  readonly allOf: readonly string[];
}

/**
 * A rule in the envelope of the EU's business rules (eHealth Network, EU DCC Validation Rules, section 3), and what
 * would satisfy it. True means met, false not met; anything else is a fault of the rule.
 */
export interface Rule {
  readonly Identifier: string;
  readonly Type: 'Acceptance' | 'Invalidation';
  /** The jurisdiction. */
  readonly Country: string;
  readonly Version: string;
  readonly SchemaVersion: '1.0.0';
  readonly Engine: 'CERTLOGIC';
  readonly EngineVersion: string;
  readonly CertificateType: 'General' | 'Vaccination' | 'Test' | 'Recovery';
  /** What it asks; `{name}` is a number of the value set. */
  readonly Description: Words;
  readonly ValidFrom: string;
  readonly ValidTo: string;
  /** The fields of the payload that the logic looks at, exactly. */
  readonly AffectedFields: readonly string[];
  readonly Logic: unknown;
  /** Said where the rule is not met: what the record shows, and from when it would be. Null where nothing would help. */
  readonly Remedy: Remedy | null;
}

/** Sentences with `{name}` for values, and where the values come from. */
export interface Remedy {
  readonly text: Words;
  readonly values: ReadonlyMap<string, RemedyValue>;
}

/** A field of the payload, or a civil day so many days after one. */
export interface RemedyValue {
  /** A path as in CertLogic. */
  readonly of: string;
  /** A number of the value set by its name, or null. */
  readonly plusDays: string | null;
}

/** Which of two semantic versions is the higher: negative, zero or positive. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [one.split('.').map(Number), other.split('.').map(Number)];
  for (let at = 0; at < 3; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether what was written for one version goes with another (Semantic Versioning 2.0.0): the same or later, but not the next major. */
export function isCompatible(version: string, writtenFor: string): boolean {
  return version.split('.')[0] === writtenFor.split('.')[0] && compareVersions(version, writtenFor) >= 0;
}
