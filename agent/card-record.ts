import type { ProductName } from './products.ts';

/** Why a card was revoked; a closed list. */
export const REVOCATION_REASONS = [
  /** A newer card of the same person stands for it. */
  'superseded',
  /** What it says is wrong. */
  'error',
  /** It should never have been issued. */
  'fraud',
  /** The doses of its lot do not count any more. */
  'lot-recalled',
  /** Its holder asked for it. */
  'holder-request',
  'unspecified',
] as const;
/** `restored` is of no card in particular: the chain holds its revocation, and a restored store had to learn of it there. */
export type RevocationReason = (typeof REVOCATION_REASONS)[number] | 'restored';

/** Kept of a card: nothing of the person that could be read without the issuer's data key. `id` is `<kid>.<rid>`. */
export interface CardRecord {
  readonly id: string;
  readonly kid: string;
  readonly index: number;
  readonly rid: string;
  readonly profile: 'pass' | 'pass-plus';
  /** Missing of a card that was issued as a copy of a record, outside of the products. */
  readonly product?: ProductName;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Keyed hash of the payload as it was signed, before compression (`tagger.ts`). */
  readonly payloadHash: string;
  /** Tag of the person (`card-tags.ts`). */
  readonly person: string;
  /** Tags of the lots of its doses. */
  readonly lots: readonly string[];
  /** Name of the bulk that it was issued in. */
  readonly batch?: string;
}

/** Where a card stands: enough to revoke it. */
export type CardPlace = Pick<CardRecord, 'id' | 'kid' | 'rid' | 'index'>;

/** What `revoke` answers; `already` if the card had been revoked before. */
export interface Revocation {
  readonly id: string;
  readonly kid: string;
  readonly rid: string;
  readonly index: number;
  /** Unix seconds. */
  readonly revokedAt: number;
  readonly reason: RevocationReason;
  readonly already: boolean;
}
