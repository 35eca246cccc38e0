import { endpointsOf } from '../verifier/node/chain-quorum.ts';
import { UsageError } from './exit.ts';

/** Fewer than most of them could be two groups that each tell something else. @throws UsageError */
export function assertQuorum({
  rpc = [],
  quorum,
}: {
  readonly rpc?: readonly string[] | undefined;
  readonly quorum?: number | undefined;
}): void {
  const count = endpointsOf({ rpcUrls: rpc }).length;
  if (quorum !== undefined && (quorum <= count / 2 || quorum > count)) {
    throw new UsageError('The quorum is more than half of the endpoints, and at most all of them.');
  }
}
