/** What a client's quotas count; a closed list. */
export const QUOTA_KINDS = [
  /** Cards, one by one. */
  'issue',
  /** Revocations. */
  'revoke',
  /** Lines of bulk orders. */
  'bulk',
  /** Clients taken in, by itself and by all that come from it. */
  'clients',
  /** Looks at what is known of a person: in records, or among cards. */
  'looks',
] as const;
export type QuotaKind = (typeof QUOTA_KINDS)[number];

export const QUOTA_WINDOWS = { hour: 3600, day: 86_400 } as const;
export type QuotaWindow = keyof typeof QUOTA_WINDOWS;

/** How much in an hour and in a day, of UTC. */
export type Quota = Readonly<Record<QuotaKind, Readonly<Record<QuotaWindow, number>>>>;

/**
 * What a client may do unless its quota says otherwise: a busy counter's cards, more revocations than mistakes need, and
 * a city's records in a bulk.
 */
export const DEFAULT_QUOTA: Quota = {
  issue: { hour: 300, day: 2_000 },
  // A fraud that is found is undone at once, and nobody is harmed by a revocation as by a card.
  revoke: { hour: 5_000, day: 50_000 },
  bulk: { hour: 100_000, day: 200_000 },
  // Each has a quota of its own: a stolen key must not make a hundred of them.
  clients: { hour: 20, day: 50 },
  // Every person at a busy counter, a few times over, and no registry from end to end.
  looks: { hour: 1_000, day: 5_000 },
};

/** Nobody counts further. */
export const MAX_QUOTA = 10_000_000;

/** Whether a quota lets its client do nothing that another one does not. */
export function isWithin(quota: Quota, other: Quota): boolean {
  return QUOTA_KINDS.every(
    (kind) => quota[kind].hour <= other[kind].hour && quota[kind].day <= other[kind].day,
  );
}
