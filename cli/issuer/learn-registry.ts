import type { Issuer } from '../../agent/issuer.ts';
import { readRegistry } from '../../contracts/log-reader.ts';
import { assertHead, replayLog } from '../../verifier/pipeline/replay.ts';

/**
 * Replays the registry's log, its head compared with the chain's, and hands the issuer who is trusted.
 *
 * RegistryError; TrustError HEAD_MISMATCH, LOG_MALFORMED.
 */
export async function learnRegistry(
  issuer: Issuer,
  {
    rpcUrl,
    registry,
    chainId,
  }: { readonly rpcUrl: string; readonly registry: string; readonly chainId: number },
): Promise<void> {
  const read = await readRegistry(rpcUrl, registry, { expectedChainId: chainId });
  const replay = replayLog(read.logs, { chainId, registry });
  assertHead(replay, read);
  await issuer.learnRegistry(replay.trust);
}
