import { ZERO_ADDRESS } from '../../../contracts/registry-encoding.ts';
import { replayLog } from '../../../verifier/pipeline/replay.ts';
import type { RegistryOptions } from '../options.ts';
import { verifiedHistory } from '../verified-history.ts';
import { pointOf } from './import-plan.ts';
import type { RegistryState } from './import-plan.ts';

/** The registry as its log tells, the head compared. Throws as `verifiedHistory` does. */
export async function readRegistryState(options: RegistryOptions): Promise<RegistryState> {
  const { chainId, logs, entries } = await verifiedHistory(options);
  const { trust } = replayLog(logs, { chainId, registry: options.registry });
  const selfManaged = new Set<number>();
  const burned = new Set<string>();
  const listedAt = new Map<string, number>();
  for (const { event, details, time } of entries) {
    const issuer = Number(details['issuerId']);
    if (event === 'KeyListed') listedAt.set(`${issuer}/${String(details['kid'])}`, time);
    if (event === 'KeyBurned') burned.add(pointOf({ x: String(details['x']), y: String(details['y']) }));
    if (event !== 'IssuerRegistered' && event !== 'IssuerControllerChanged') continue;
    if (event === 'IssuerRegistered') listedAt.set(`${issuer}`, time);
    if (details['controller'] !== ZERO_ADDRESS) selfManaged.add(issuer);
  }
  return { trust, selfManaged, burned, listedAt };
}
