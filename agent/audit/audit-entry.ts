import type { RevocationReason } from '../card-record.ts';
import type { AlarmLevel } from '../service/quota-tally.ts';
import type { Quota, QuotaKind, QuotaWindow } from '../service/quota.ts';
import type { CorrectionOutcome } from '../retrieval/correction-words.ts';

/**
 * What is said of a deed; nothing of a person but, where somebody looked at a record, the tag that cards keep too, and the
 * hash of a payload is under a key. Times are Unix seconds, digests base64url SHA-256.
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
  /** To a resident who showed a code, and not to a client. */
  | { readonly kind: 'card-retrieved'; readonly id: string }
  /** Records are written from here on; how many, the entry at the end says. */
  | { readonly kind: 'records-load-begun'; readonly source: string }
  | {
      readonly kind: 'records-loaded';
      readonly source: string;
      /** Persons. */
      readonly taken: number;
      readonly changed: number;
      readonly withdrawn: number;
      readonly refused: number;
    }
  | { readonly kind: 'records-dropped'; readonly source: string; readonly persons: number }
  /** A request is named by a tag of its number, which opens nothing. */
  | { readonly kind: 'correction-taken'; readonly client: string; readonly correction: string }
  | {
      readonly kind: 'correction-resolved';
      readonly client: string;
      readonly correction: string;
      readonly outcome: CorrectionOutcome;
    }
  /** A person may try codes again. */
  | { readonly kind: 'person-unlocked'; readonly client: string; readonly correction: string }
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
    }
  /** Who looked for a person's records or cards: a client of the service, and the person's tag (`card-tags.ts`). */
  | { readonly kind: 'records-seen'; readonly client: string; readonly person: string }
  /** Who was shown correction requests, and how many: there are names, birth dates and numbers to call in them. */
  | { readonly kind: 'corrections-seen'; readonly client: string; readonly requests: number };

export type AuditKind = AuditEntry['kind'];
