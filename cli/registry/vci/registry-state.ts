import { ZERO_ADDRESS } from '../../../contracts/registry-encoding.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import type { RegistryOptions } from '../options.ts';
import { verifiedHistory } from '../verified-history.ts';
import type { RegistryState } from './import-plan.ts';

/** The registry as its log tells, the head compared. Throws as `verifiedHistory` does. */
export async function readRegistryState(options: RegistryOptions): Promise<RegistryState> {
  const { chainId, logs, entries } = await verifiedHistory(options);
  const { trust } = replayLog(logs, { chainId, registry: options.registry });
  const selfManaged = new Set<number>();
  for (const { event, details } of entries) {
    if (event !== 'IssuerRegistered' && event !== 'IssuerControllerChanged') continue;
    if (details['controller'] !== ZERO_ADDRESS) selfManaged.add(Number(details['issuerId']));
  }
  return { trust, selfManaged };
}
