import type { RevocationReason } from '../card-record.ts';
import type { AlarmLevel } from '../service/quota-tally.ts';
import type { Quota, QuotaKind, QuotaWindow } from '../service/quota.ts';

/**
 * What is said of a deed; nothing of a person, not even a tag, and the hash of a payload is under a key. Times are Unix
 * seconds, digests base64url SHA-256.
 */
export type AuditEntry =
  | { readonly kind: 'issuer-made' }
  /** From a backup: what was done between it and this moment stands in no log. */
  | { readonly kind: 'store-restored' }
  | { readonly kind: 'key-made'; readonly kid: string }
  | {
      readonly kind: 'key-window-recorded';
      readonly kid: string;
      readonly validFrom: number;
      readonly validUntil: number;
    }
  | { readonly kind: 'key-ended'; readonly kid: string; readonly state: 'retired' | 'compromised' }
  | { readonly kind: 'key-destroyed'; readonly kid: string }
  | {
      readonly kind: 'policy-said';
      readonly timeZone: string;
      readonly valueSetDigest: string;
      /** Of what can be true of somebody, if that was said too. */
      readonly limitsDigest?: string;
    }
  | {
      readonly kind: 'registry-bound';
      readonly chainId: number;
      readonly registry: string;
      readonly issuerId: number;
    }
  | { readonly kind: 'registry-learned' }
  /** On whose word a card of the same record was issued or revoked: a client of the service, by its id. */
  | { readonly kind: 'asked-by'; readonly client: string; readonly id: string }
  /** `by` another client; without it by whoever holds the folder. */
  | {
      readonly kind: 'client-added';
      readonly client: string;
      readonly scopes: readonly string[];
      readonly by?: string;
    }
  | { readonly kind: 'client-disabled'; readonly client: string; readonly by?: string }
  | {
      readonly kind: 'client-quota-said';
      readonly client: string;
      readonly quota: Quota;
      readonly by?: string;
    }
  | {
      readonly kind: 'quota-alarm';
      readonly client: string;
      readonly of: QuotaKind;
      readonly window: QuotaWindow;
      readonly level: AlarmLevel;
    }
  /** A step of a bulk order: whose word it was, unless it came by itself, and what it is about. */
  | {
      readonly kind: 'bulk-order';
      readonly order: string;
      readonly step: 'filed' | 'checked' | 'approved' | 'refused' | 'ended' | 'failed' | 'deleted';
      readonly client?: string;
      /** Of the input: base64url SHA-256, and lines. */
      readonly digest?: string;
      readonly lines?: number;
      readonly cards?: number;
      /** Why it was refused, or failed: a closed code. */
      readonly code?: string;
    }
  | { readonly kind: 'card-issued'; readonly id: string; readonly payloadHash: string }
  | {
      readonly kind: 'cards-issued';
      readonly batch: string;
      readonly kid: string;
      /** Number of the first index taken for them. */
      readonly first: number;
      readonly taken: number;
      readonly cards: number;
    }
  | {
      readonly kind: 'indices-reserved';
      readonly kid: string;
      readonly first: number;
      readonly count: number;
    }
  | { readonly kind: 'card-revoked'; readonly id: string; readonly reason: RevocationReason }
  | {
      readonly kind: 'list-anchored';
      readonly kid: string;
      readonly counter: number;
      /** 0x-hex */
      readonly root: string;
      readonly length: number;
      readonly revoked: number;
    };

export type AuditKind = AuditEntry['kind'];
