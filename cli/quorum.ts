import { RegistryError } from '../contracts/registry-error.ts';
import { quorumOf } from '../verifier/node/chain-quorum.ts';
import { UsageError } from './exit.ts';

/** The rule of `quorumOf`, asked before anything is opened. @throws UsageError */
export function assertQuorum({
  rpc = [],
  quorum,
}: {
  readonly rpc?: readonly string[] | undefined;
  readonly quorum?: number | undefined;
}): void {
  if (quorum === undefined) return;
  try {
    quorumOf({ rpcUrls: rpc, quorum });
  } catch (error) {
    throw error instanceof RegistryError ? new UsageError(error.message) : error;
  }
}
