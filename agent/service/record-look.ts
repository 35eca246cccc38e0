import type { Issuer } from '../issuer.ts';
import type { Client } from './clients.ts';
import type { Quotas } from './quotas.ts';

/** What looks are counted and written down with. */
export interface Looks {
  readonly issuer: Issuer;
  readonly quotas: Quotas;
  /** Unix seconds. */
  readonly clock: () => number;
}

/**
 * Writes down who looked at what is known of persons, before it is shown, and counts it: a key that leaked must not read a
 * registry from end to end. IssuerError QUOTA_REACHED, STORE_UNAVAILABLE.
 */
export async function recordLook(
  { issuer, quotas, clock }: Looks,
  client: Client,
  persons: readonly string[],
): Promise<void> {
  const tags = [...new Set(persons)];
  const looks = tags.map((person) => ({ kind: 'records-seen', client: client.id, person }) as const);
  await quotas.spend({ client, kind: 'looks', now: clock() }, async (spent) => {
    const { closing, audit } = spent();
    await issuer.service.commit([], closing, [...looks, ...audit]);
  });
}
