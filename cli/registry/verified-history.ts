import { readHistory, type RegistryHistory } from '../../contracts/history.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { logGenesis, nextHead } from '../../verifier/pipeline/registry-log.ts';
import type { RegistryOptions } from './options.ts';

/**
 * The whole history, its head recomputed from these very logs.
 *
 * RegistryError CHAIN_ANSWER_INVALID if it is not the head that the chain holds, or as `readHistory` does.
 */
export async function verifiedHistory({ rpc, registry, chainId }: RegistryOptions): Promise<RegistryHistory> {
  const expected = chainId === undefined ? {} : { expectedChainId: chainId };
  const history = await readHistory(rpc, registry, expected);
  const recomputed = history.logs.reduce(nextHead, logGenesis(history.chainId, registry));
  if (recomputed !== history.head || history.logs.length !== history.size) {
    throw new RegistryError(
      'CHAIN_ANSWER_INVALID',
      'The log that the node tells is not the one whose head the chain holds: events are missing, added or changed.',
    );
  }
  return history;
}
