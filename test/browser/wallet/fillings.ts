import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { addPasses } from '../../../wallet/passes/pass-box.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { NOW, venueOf } from '../venue.ts';

/** What a household's wallet holds from the beginning: those cards, verified, and the key of its holder. */
export function withPasses(...cards: readonly string[]): (vault: OpenVault) => Promise<void> {
  return async (vault) => {
    await holderKeyOf(vault);
    const trust = { trust: venueOf().trust(), now: NOW, allowUnanchored: false };
    for (const text of cards)
      await addPasses(vault, { text }, trust, { inflate: inflateRawNode, readPicture });
  };
}
