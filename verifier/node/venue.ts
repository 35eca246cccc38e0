import type { RawLog } from '../pipeline/registry-log.ts';
import type { ChainSource, Successor, UnanchoredSource } from '../pipeline/trust-document.ts';
import type { Terms } from '../pipeline/checks.ts';
import type { Trust } from '../pipeline/trust.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import type { EndpointFault } from './endpoint-fault.ts';
import type { RuleSetReport } from './rule-report.ts';

/**
 * A verifier node as its HTTP edge sees it. Everything is in memory and swapped as a whole after a sync: to decide about
 * a card asks no network, no disk and nobody.
 */
export interface Venue {
  /** What cards are decided by now. */
  readonly trust: () => Trust | NoTrust;
  /** The venue's own policy and this machine's clock, with what a request may choose: rules only where the venue has none. */
  readonly terms: (asked: {
    readonly at?: number | undefined;
    readonly event?: number | undefined;
    readonly rules?: string | undefined;
  }) => Terms;
  /** How fresh the node's knowledge is and where it comes from. */
  readonly report: () => TrustReport;
  /** The trust data as one file for another venue, signed by this node's exporter key; undefined while there is none. */
  readonly bundle: () => Promise<string | undefined>;
  /** The raw log of the registry with what it leads to; undefined without one. */
  readonly log: () => { readonly source: ChainSource; readonly logs: readonly RawLog[] } | undefined;
}

/** `GET /trust`. */
export interface TrustReport {
  readonly state: 'held' | NoTrust;
  /** Whether decisions may rest on it without the operator's leave. */
  readonly anchored: boolean;
  /** Whether it came as another's bundle. */
  readonly imported: boolean;
  /** Kid of the key that signs (or signed) the bundle. */
  readonly exporter: string | null;
  readonly source: ChainSource | UnanchoredSource | null;
  /** Unix seconds. */
  readonly takenAt: number | null;
  readonly ageSeconds: number | null;
  /** How old the chain's block is by the machine's clock: it grows though every sync succeeds where the chain stopped. */
  readonly blockAgeSeconds: number | null;
  /** `ageing`: older than the venue wants, and still good; `stale`: decides nothing. */
  readonly freshness: 'fresh' | 'ageing' | 'stale' | null;
  /** Whether the last attempt to sync succeeded; null if none was made. */
  readonly online: boolean | null;
  readonly lastAttempt: {
    /** Unix seconds. */
    readonly at: number;
    /** The code of the error that ended it; null if it succeeded. */
    readonly code: string | null;
  } | null;
  /** Endpoints of the chain that were not counted. */
  readonly faults: readonly EndpointFault[];
  readonly lists: readonly ListReport[];
  /** What jurisdictions published for venues, in force or to come. */
  readonly rules: readonly PublishedReport[];
  readonly successor: Successor | null;
}

/** What is held of the revocation data of one key. */
export interface ListReport {
  readonly iss: string;
  readonly kid: string;
  readonly state: 'current' | 'stale' | 'missing' | 'invalid';
  /** Unix seconds of the anchor; null if there is none. */
  readonly anchoredAt: number | null;
  /** What was wrong with what its issuer served; a closed list of codes. */
  readonly fault: string | null;
}

/** What is held of one published document. */
export interface PublishedReport extends RuleSetReport {
  /** Why it did not come from where its jurisdiction said; a closed list of codes. */
  readonly fault: string | null;
}
