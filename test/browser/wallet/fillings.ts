import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { holding } from './purse.ts';

/** What a household's wallet holds from the beginning: those cards, verified, and the key of its holder. */
export function withPasses(...cards: readonly string[]): (vault: OpenVault) => Promise<void> {
  return async (vault) => {
    await holderKeyOf(vault);
    await holding(cards)(vault);
  };
}
