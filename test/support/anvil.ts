import { type ChainOptions, type LocalChain, startChain } from '../../cli/chain.ts';

/** anvil, another client than Hardhat's, with the same accounts; it ends with this process. */
export async function startAnvil(options: ChainOptions = {}): Promise<LocalChain> {
  return startChain(options, new URL('anvil-process.ts', import.meta.url));
}
