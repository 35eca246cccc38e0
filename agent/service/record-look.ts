import type { Issuer } from '../issuer.ts';
import type { Caller } from './scope.ts';

/** Writes down who looked at what is known of persons, before it is shown. IssuerError STORE_UNAVAILABLE. */
export async function recordLook(
  issuer: Issuer,
  { client }: Caller,
  persons: readonly string[],
): Promise<void> {
  const looks = [...new Set(persons)].map((person) => ({ kind: 'records-seen', client, person }) as const);
  await issuer.service.commit([], new Map(), looks);
}
