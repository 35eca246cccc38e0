import type { KnowledgeSource, VenueOptions } from '../../verifier/node/live-trust.ts';
import { readPolicyFile } from '../../verifier/node/venue-policy.ts';
import type { PolicyFile } from '../../verifier/node/venue-policy.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import type { ServingOptions } from './options.ts';

/** Where a node's knowledge is kept and comes from, as the options say. */
export function knowledgeSource(options: ServingOptions, store: string): KnowledgeSource {
  const { trust, exporter, rpc, registry, quorum, confirmations, maxBlockAge } = options;
  if (trust !== undefined) return { bundle: trust, exporter };
  if (rpc === undefined || registry === undefined) return { store };
  const chain = { rpcUrls: rpc, quorum, confirmations };
  return { store, registry: { address: registry, chain, maxBlockAge } };
}

/** How a node downloads what others publish: of public hosts over TLS, unless told otherwise. */
export function downloadsOf({ allowPrivateHosts }: ServingOptions): VenueOptions['downloads'] {
  return allowPrivateHosts === true ? { allowHttp: true, networks: ['0.0.0.0/0', '::/0'] } : undefined;
}

/**
 * The venue's policy: its file, or the defaults; --allow-unanchored on the command line goes beyond either.
 *
 * @throws PolicyError
 */
export async function policyOf({
  policy,
  allowUnanchored,
}: Pick<ServingOptions, 'allowUnanchored'> & { readonly policy?: string }): Promise<PolicyFile> {
  const read =
    policy === undefined ? { policy: DEFAULT_POLICY, allowUnanchored: false } : await readPolicyFile(policy);
  return { ...read, allowUnanchored: allowUnanchored ?? read.allowUnanchored };
}
