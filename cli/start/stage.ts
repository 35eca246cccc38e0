import { connectRegistry } from '../../contracts/registry-client.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import type { Config } from '../config.ts';
import type { Steps } from '../steps.ts';

/** The accounts of the local node, one for each role. */
export const ACCOUNTS = { governor: 0, accreditor: 1, issuer: 2 } as const;

/** What the steps share: the chain, the registry on it, and the folders. */
export interface Stage {
  readonly steps: Steps;
  readonly config: Config;
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly registry: string;
  readonly folder: string;
}

/** The registry, as one of the roles speaks to it. */
export async function connectAs(
  { rpcUrl, registry, chainId }: Stage,
  role: keyof typeof ACCOUNTS,
): Promise<RegistryClient> {
  return connectRegistry({ rpcUrl, address: registry, chainId, account: ACCOUNTS[role] });
}

/** `1,234 gas`. */
export function gasOf(gas: bigint): string {
  return `${gas.toLocaleString('en-US')} gas`;
}

/** The beginning of a hash, enough to compare by eye. */
export function shortHash(hash: string): string {
  return `${hash.slice(0, 18)}…`;
}
