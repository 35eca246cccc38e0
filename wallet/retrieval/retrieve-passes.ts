import { encodeCardUri } from '../../credential/shc-uri.ts';
import { addPasses } from '../passes/pass-box.ts';
import type { Added, PassPorts } from '../passes/pass-box.ts';
import type { WalletTrust } from '../passes/judged-pass.ts';
import type { HolderKey } from '../vault/holder-key.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { VaultError } from '../vault/vault-error.ts';
import { holderProof } from './holder-proof.ts';
import type { IssuerService, Wanted } from './issuer-service.ts';
import { ALL_PRODUCTS, PASS_PRODUCTS } from './pass-product.ts';
import type { PassProduct } from './pass-product.ts';
import { RetrievalFault } from './retrieval-fault.ts';
import type { OpenRetrieval } from './retrieval-fault.ts';

/** What became of one kind of pass: what the wallet did with it, or why the issuer has none. */
export type Outcome =
  | { readonly product: PassProduct; readonly added: Added }
  | { readonly product: PassProduct; readonly fault: RetrievalFault };

/** Where passes go, and by what they are judged before. */
export interface Receiving {
  readonly vault: OpenVault;
  readonly holder: HolderKey;
  readonly trust: () => WalletTrust;
  readonly ports: PassPorts;
  /** Unix seconds. */
  readonly now: () => number;
  /** Told after each, of all until then. */
  readonly told: (outcomes: readonly Outcome[]) => void;
}

/**
 * Have everything that the records allow for one code: the first for the code itself, the others for the token of its
 * answer. Each is verified before it is kept, as if a stranger had sent it.
 *
 * That one is not to be had says nothing of the others. The same code again gets the same: what was kept is held.
 *
 * @throws RetrievalFault as long as the code opened nothing; VaultError
 */
export async function retrievePasses(
  service: IssuerService,
  { id, code }: { readonly id: string; readonly code: string },
  receiving: Receiving,
): Promise<readonly Outcome[]> {
  const { vault, holder, now, told } = receiving;
  let outcomes: readonly Outcome[] = [];
  let opened: OpenRetrieval | undefined;
  for (const product of ALL_PRODUCTS) {
    // Nothing is signed in the name of a wallet that was locked meanwhile.
    if (vault.isLocked()) throw new VaultError('VAULT_LOCKED');
    // A proof is good for minutes, and for this retrieval: each product has its own.
    const proof = PASS_PRODUCTS[product].bound
      ? await holderProof(holder, { audience: service.url, nonce: id, now: now() })
      : undefined;
    const by: Wanted['by'] = opened === undefined ? { code } : { token: opened.token };
    try {
      const retrieved = await service.complete({ id, by, product, holder: proof });
      opened = retrieved.opened;
      outcomes = [...outcomes, { product, added: await received(retrieved.jws, product, receiving) }];
    } catch (error) {
      if (!(error instanceof RetrievalFault)) throw error;
      opened = error.opened ?? opened;
      if (opened === undefined) throw error;
      outcomes = [...outcomes, { product, fault: error }];
    }
    told(outcomes);
  }
  return outcomes;
}

async function received(
  jws: string,
  product: PassProduct,
  { vault, trust, ports }: Receiving,
): Promise<Added> {
  const text = encodeCardUri(jws, PASS_PRODUCTS[product].scheme);
  const [added = { kind: 'refused', codes: ['MALFORMED'] }] = await addPasses(
    vault,
    { text },
    trust(),
    ports,
  );
  return added;
}
