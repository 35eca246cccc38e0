/** Raised with every member that a reader must know of. */
export const TRUST_DOCUMENT_VERSION = 4;

/** A rule set is a few pages of JSON. */
export const MAX_RULE_FILE_BYTES = 1024 * 1024;

/**
 * The trust snapshot as plain data: the projection of the registry's log with the anchors and the lists that were held
 * against them. It is what a bundle carries; `indexTrust` makes it fit for looking things up.
 *
 * Times are Unix seconds; 0 in `…Until` means "no end". Hashes are 0x-prefixed lower-case hex, kids 43 characters of
 * base64url.
 */
export interface TrustDocument {
  readonly version: typeof TRUST_DOCUMENT_VERSION;
  readonly source: ChainSource | UnanchoredSource;
  /** How far the log was seen beyond what is final, if it was; of that, only what lowers trust is in here. */
  readonly seen: SeenPosition | null;
  /** When the data was taken (the sync or the build), by the clock of the machine that took it. */
  readonly takenAt: number;
  /** The registry that the governor means to follow this one; no program follows it by itself. */
  readonly successor: Successor | null;
  readonly jurisdictions: readonly TrustedJurisdiction[];
  readonly issuers: readonly TrustedIssuer[];
  readonly keys: readonly TrustedKey[];
  readonly venues: readonly TrustedVenue[];
  readonly rules: readonly PublishedRules[];
  readonly anchors: readonly TrustedAnchor[];
  readonly lists: readonly StatusData[];
  /** Texts of rule sets and value sets that are published; under other digests they count for nothing. */
  readonly ruleFiles: readonly string[];
}

/** Replayed from a registry's log whose head was compared with the chain's. */
export interface ChainSource {
  readonly kind: 'chain';
  readonly chainId: number;
  readonly registry: string;
  readonly head: string;
  readonly size: number;
  readonly block: { readonly number: number; readonly hash: string; readonly time: number };
}

/** A place of the log that is not final yet: a reorganisation can take it back. */
export interface SeenPosition {
  readonly head: string;
  readonly size: number;
  readonly block: ChainSource['block'];
}

/** Stated by whoever built it; every decision made from it says so. */
export interface UnanchoredSource {
  readonly kind: 'unanchored';
  readonly origin: string;
}

export interface Successor {
  /** Decimal: on chain it may be larger than a number holds. */
  readonly chainId: string;
  readonly registry: string;
}

export interface TrustedJurisdiction {
  readonly code: string;
  readonly name: string;
  readonly suspended: boolean;
}

export type IssuerStatus = 'pending' | 'active' | 'suspended' | 'retired' | 'withdrawn';

export interface TrustedIssuer {
  readonly id: number;
  readonly did: string;
  readonly iss: string;
  readonly name: string;
  readonly jurisdiction: string;
  readonly status: IssuerStatus;
  /** Suspended beside its status, by a guardian or the governor. */
  readonly held: boolean;
  readonly accreditedFrom: number;
  /** At the latest when it was retired. */
  readonly accreditedUntil: number;
  /** Bit set of what its accreditor has attested, 32 bits. */
  readonly attestations: number;
  /** https URL under which it publishes its status data; empty if nowhere. */
  readonly statusBase: string;
  /** Where it did before: its older VCs name their list there. */
  readonly formerStatusBases: readonly string[];
}

export interface TrustedKey {
  readonly issuer: number;
  readonly kid: string;
  /** base64url coordinates as published: 32 bytes, or fewer for a listed key with its leading zeros dropped. */
  readonly x: string;
  readonly y: string;
  readonly validFrom: number;
  readonly validUntil: number;
  readonly state: 'active' | 'retired' | 'compromised';
  readonly revocation: 'none' | 'bits' | 'rids';
  /** Whether possession was proven on chain. */
  readonly proven: boolean;
}

export type VenueStatus = 'active' | 'suspended' | 'withdrawn';

/** Somebody who may ask holders for their cards; what one jurisdiction says of it does not bind another. */
export interface TrustedVenue {
  readonly id: number;
  readonly did: string;
  readonly name: string;
  readonly jurisdiction: string;
  readonly status: VenueStatus;
}

/** One version of a rule set, or of another document that a jurisdiction publishes under an id. All stay listed. */
export interface PublishedRules {
  readonly jurisdiction: string;
  readonly id: string;
  /** Rising under one id, from 1. */
  readonly version: number;
  readonly validFrom: number;
  /** Null: with this version the rule set ends. */
  readonly digest: string | null;
  /** https URL where it may be found, or empty; the digest decides what is it. */
  readonly uri: string;
}

export interface TrustedAnchor {
  readonly issuer: number;
  /** A kid, or the 0x-hex keccak256 of another list's name. */
  readonly list: string;
  readonly root: string;
  readonly counter: number;
  /** Bits of a status list, entries of a list of rids. */
  readonly length: number;
  readonly revoked: number;
  readonly time: number;
  readonly final: boolean;
}

/** Revocation data of one key: the compact download of its status list in base64url, or the entries of a list of rids. */
export type StatusData =
  | { readonly kind: 'bits'; readonly issuer: number; readonly kid: string; readonly compact: string }
  | {
      readonly kind: 'rids';
      readonly issuer: number;
      readonly kid: string;
      readonly rids: readonly string[];
    };
