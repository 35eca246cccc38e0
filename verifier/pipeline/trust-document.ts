/**
 * The trust snapshot as plain data: the projection of the registry's log with the anchors and the lists that were held
 * against them. It is what a bundle carries; `indexTrust` makes it fit for looking things up.
 *
 * Times are Unix seconds; 0 in `…Until` means "no end". Hashes are 0x-prefixed lower-case hex, kids 43 characters of
 * base64url.
 */
export interface TrustDocument {
  readonly version: 1;
  readonly source: ChainSource | UnanchoredSource;
  /** When the data was taken (the sync or the build), by the clock of the machine that took it. */
  readonly takenAt: number;
  readonly jurisdictions: readonly TrustedJurisdiction[];
  readonly issuers: readonly TrustedIssuer[];
  readonly keys: readonly TrustedKey[];
  readonly anchors: readonly TrustedAnchor[];
  readonly lists: readonly StatusData[];
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

/** Stated by whoever built it; every decision made from it says so. */
export interface UnanchoredSource {
  readonly kind: 'unanchored';
  readonly origin: string;
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
  readonly accreditedFrom: number;
  readonly accreditedUntil: number;
  /** When it was retired; 0 while it is not. */
  readonly retiredAt: number;
  readonly statusBase: string;
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

/** Revocation data of one key: a W3C encodedList, or the entries of a SMART Health Cards revocation list. */
export type StatusData =
  | { readonly kind: 'bits'; readonly issuer: number; readonly kid: string; readonly encodedList: string }
  | {
      readonly kind: 'rids';
      readonly issuer: number;
      readonly kid: string;
      readonly rids: readonly string[];
    };
