import { checkFreshness } from '../../verifier/pipeline/checks.ts';
import type { TrustedVenue } from '../../verifier/pipeline/trust-document.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import type { WalletTrust } from '../passes/judged-pass.ts';

/** What one jurisdiction says of who asks, in the registry's words. */
export interface Listing {
  readonly name: string;
  /** The jurisdiction's name. */
  readonly jurisdiction: string;
  readonly status: TrustedVenue['status'];
}

/** Who asks, as far as the ledger knows. */
export interface Asker {
  readonly did: string;
  /**
   * `known`: a jurisdiction registered it, and none of them suspended or withdrew it. `disowned`: one did. `unknown`:
   * none registered it. `unchecked`: the trust data here is missing, false, old or tied to no chain.
   */
  readonly standing: 'known' | 'disowned' | 'unknown' | 'unchecked';
  readonly listings: readonly Listing[];
}

/** Look a verifier up in the trust data that is here: nobody is told who asks whom. */
export function askerOf(did: string, { trust, now, allowUnanchored }: WalletTrust): Asker {
  if (typeof trust === 'string') return { did, standing: 'unchecked', listings: [] };
  const { jurisdictions, venues } = trust.document;
  const listings = venues
    .filter((venue) => venue.did === did)
    .map(({ name, jurisdiction: code, status }): Listing => {
      const jurisdiction = jurisdictions.find((one) => one.code === code);
      const suspended = jurisdiction?.suspended !== false && status === 'active';
      return { name, jurisdiction: jurisdiction?.name ?? code, status: suspended ? 'suspended' : status };
    });
  const terms = { now, allowUnanchored, rules: 'none', policy: DEFAULT_POLICY };
  if (checkFreshness(trust, terms).length > 0) return { did, standing: 'unchecked', listings };
  if (listings.length === 0) return { did, standing: 'unknown', listings };
  const active = listings.every(({ status }) => status === 'active');
  return { did, standing: active ? 'known' : 'disowned', listings };
}
