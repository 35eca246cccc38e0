import type { Issuer } from '../agent/issuer.ts';
import { JURISDICTION, trustedIssuer, trustedKey } from '../test/support/cards.ts';
import { POLICY } from './issue-input.ts';

/** Gives an issuer a key that a registry is said to trust, room for so many people on its list, and a policy. */
export async function makeReady(issuer: Issuer, people: number): Promise<void> {
  const { kid, x, y } = await issuer.createSigningKey();
  await issuer.learnRegistry({
    jurisdictions: [JURISDICTION],
    issuers: [trustedIssuer(issuer.identity)],
    keys: [trustedKey({ kid, x, y }, { validFrom: 0, validUntil: 0, revocation: 'bits' })],
  });
  await issuer.anchored(kid, issuer.statusList(kid, people));
  await issuer.policy.say(POLICY);
}
