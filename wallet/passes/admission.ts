import type { Code, Decision } from '../../verifier/pipeline/decision.ts';
import type { Ports } from '../../verifier/pipeline/verify.ts';
import type { FoundCard } from './found-cards.ts';
import { judgePass, passId } from './judged-pass.ts';
import type { WalletTrust } from './judged-pass.ts';
import { isReadable } from './kept-pass.ts';
import type { KeptPass } from './kept-pass.ts';

/** What becomes of a card that somebody wants to add. */
export type Admission =
  /** Verified, and signed by an accredited issuer: kept, with what a venue would say of it now. */
  | { readonly kind: 'kept'; readonly pass: KeptPass; readonly decision: Decision }
  /** Nobody accredited its issuer: kept apart, and nothing that it says is shown. */
  | { readonly kind: 'apart'; readonly pass: KeptPass; readonly decision: Decision }
  /** Not kept. */
  | { readonly kind: 'refused'; readonly codes: readonly Code[] };

/**
 * Decide whether a card may be kept: only what was verified by the same steps as at a venue is (a wallet of New York's
 * kept whatever it was shown until August 2021). That it expired or was revoked is no reason to refuse it; that it could
 * not be checked is.
 */
export async function admit(card: FoundCard, trust: WalletTrust, ports: Ports): Promise<Admission> {
  if ('code' in card) return { kind: 'refused', codes: [card.code] };
  const { decision, facts } = await judgePass(card, trust, ports);
  const { codes } = decision;
  if (decision.outcome === 'unreadable') return { kind: 'refused', codes };
  // Facts there are only of what a trusted key signed.
  const kind = facts !== null ? 'kept' : codes.includes('ISSUER_UNKNOWN') ? 'apart' : 'refused';
  if (kind === 'refused') return { kind, codes };
  const { text, scheme = null } = card;
  const pass = { id: passId(card), text, scheme, addedAt: trust.now, facts };
  // What could not be read again would be damage of the whole wallet, and anybody may make such a card.
  return isReadable(pass) ? { kind, pass, decision } : { kind: 'refused', codes: ['MALFORMED'] };
}
