import { deployRegistry } from '../../contracts/deploy.ts';
import { withProgress } from '../trust/progress.ts';
import type { DeployOptions } from './commands/deploy.ts';
import { senderChoice } from './connect.ts';
import { print } from './print.ts';

/** `pratique registry deploy`. */
export async function runDeploy(options: DeployOptions): Promise<void> {
  const { rpc: rpcUrl, governor, adminDelay, chainId: expected } = options;
  const sender = await senderChoice(options);
  const order = {
    rpcUrl,
    adminDelay,
    ...(governor === undefined ? {} : { governor }),
    ...(expected === undefined ? {} : { chainId: expected }),
    ...sender,
  };
  // The first deployment from a checkout compiles the contracts.
  const { address, block, gas, chainId } = await (options.json === true
    ? deployRegistry(order)
    : withProgress('Deploying the registry', () => deployRegistry(order)));
  print(
    { address, chainId, block, gas: Number(gas) },
    [`Registry ${address} on chain ${chainId}: block ${block}, ${gas.toLocaleString('en-US')} gas`],
    options,
  );
}
