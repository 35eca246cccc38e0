/** Kept of a card: nothing of the person. `id` is `<kid>.<rid>`. */
export interface CardRecord {
  readonly id: string;
  readonly kid: string;
  readonly index: number;
  readonly rid: string;
  readonly profile: 'pass' | 'pass-plus';
  /** Unix seconds. */
  readonly issuedAt: number;
}

/** What `revoke` answers; `already` if the card had been revoked before. */
export interface Revocation {
  readonly id: string;
  readonly kid: string;
  readonly rid: string;
  readonly index: number;
  /** Unix seconds. */
  readonly revokedAt: number;
  readonly already: boolean;
}
