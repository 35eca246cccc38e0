import type {
  PublishedRules,
  Successor,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
  TrustedVenue,
} from '../trust-document.ts';
import { TrustError } from '../trust-error.ts';

/** The state that the events of a log are folded into; one per replay. */
export interface Projection {
  successor: Successor | null;
  readonly jurisdictions: Map<string, TrustedJurisdiction>;
  /** By id. */
  readonly issuers: Map<number, Omit<TrustedIssuer, 'formerStatusBases'>>;
  /** By id of the issuer; aside, so that a thousand changes of one cost no copy each. */
  readonly formerStatusBases: Map<number, Set<string>>;
  /** By issuer and kid; what was burned is known by its point. */
  readonly keys: Map<string, TrustedKey>;
  readonly burnedPoints: Set<string>;
  readonly venues: Map<number, TrustedVenue>;
  readonly rules: PublishedRules[];
  /** The last version of each rule set, by jurisdiction and id. */
  readonly versions: Map<string, number>;
}

export function emptyProjection(): Projection {
  return {
    successor: null,
    jurisdictions: new Map(),
    issuers: new Map(),
    formerStatusBases: new Map(),
    keys: new Map(),
    burnedPoints: new Set(),
    venues: new Map(),
    rules: [],
    versions: new Map(),
  };
}

/** What the log introduced under a name before. */
export function known<K, V>(map: ReadonlyMap<K, V>, name: K): V {
  const value = map.get(name);
  if (value === undefined) throw malformed('A log event speaks of something the log did not introduce.');
  return value;
}

/** Introduce something, once: a second time would wipe out what happened to it. */
export function introduce<K, V>(map: Map<K, V>, name: K, value: V): void {
  if (map.has(name)) throw malformed('A log event introduces something a second time.');
  map.set(name, value);
}

export function malformed(message: string): TrustError {
  return new TrustError('LOG_MALFORMED', message);
}
