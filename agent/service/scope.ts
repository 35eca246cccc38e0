/** What a client may do; a closed list. */
export const SCOPES = [
  /** Issue, and look up what became of a card. */
  'issue',
  'revoke',
  /** Read records, and the requests to correct them. */
  'records',
  'audit',
  /** Keep clients, and unlock who was locked out. */
  'admin',
  /** Approve, or refuse, the bulk orders of others. */
  'approve',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, and what they may do. */
export interface Caller {
  /** Of a client, as the issuer's store names it. */
  readonly client: string;
  readonly scopes: ReadonlySet<Scope>;
}
