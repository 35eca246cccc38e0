import { openTrustDatabase } from '../../verifier/web/parts/trust/trust-database.ts';
import { keepTrust } from '../../verifier/web/parts/trust/trust-keeper.ts';
import type { Get } from '../../verifier/web/parts/trust/venue-answers.ts';
import type { Standing } from '../../verifier/web/parts/trust/standing.ts';
import type { WalletTrust } from '../passes/judged-pass.ts';

/** What this wallet knows of issuers, revocation, venues and rules: all of it, so that nobody learns what it looks up. */
export interface WalletKnowledge {
  /** What passes are judged by, now. */
  readonly trust: () => WalletTrust;
  readonly standing: () => Standing;
  /** Ask the server that this page came from for newer knowledge. */
  readonly refresh: () => Promise<Standing>;
  /** Be told when the server was asked; answers what ends that. */
  readonly watch: (told: () => void) => () => void;
}

/** Open what was kept from the last time. */
export async function openKnowledge(get: Get, now: () => number): Promise<WalletKnowledge> {
  const { held, standing, refresh } = await keepTrust({
    database: await openTrustDatabase('pratique-wallet-trust'),
    get,
    now,
  });
  const watchers = new Set<() => void>();
  return {
    standing,
    refresh: async () => {
      const after = await refresh();
      for (const told of watchers) told();
      return after;
    },
    watch: (told) => {
      watchers.add(told);
      return () => {
        watchers.delete(told);
      };
    },
    trust: () => {
      const known = held();
      return typeof known === 'string'
        ? { trust: known, now: now(), allowUnanchored: false }
        : { trust: known.trust, now: now(), allowUnanchored: known.answers.terms.allowUnanchored };
    },
  };
}
