import { deployRegistry } from '../../contracts/deploy.ts';
import type { DeployOptions } from '../registry.ts';
import { senderChoice } from './connect.ts';
import { print } from './print.ts';
import { withProgress } from '../trust/progress.ts';

/** `pratique registry deploy`. */
export async function runDeploy(options: DeployOptions): Promise<void> {
  const { rpc: rpcUrl, governor, adminDelay } = options;
  const sender = await senderChoice(options);
  // The first deployment from a checkout compiles the contracts.
  const { address, block, gas, chainId } = await withProgress('Deploying the registry', () =>
    deployRegistry({ rpcUrl, adminDelay, ...(governor === undefined ? {} : { governor }), ...sender }),
  );
  print(
    { address, chainId, block, gas: Number(gas) },
    [`Registry ${address} on chain ${chainId}: block ${block}, ${gas.toLocaleString('en-US')} gas`],
    options,
  );
}
