import { fileURLToPath } from 'node:url';
import { createHardhatRuntimeEnvironment } from 'hardhat/hre';
import type { EdrNetworkUserConfig } from 'hardhat/types/config';

/*
 * The process of a local chain, started by `startChain` only. The channel to its parent is its life line: whatever
 * ends the parent, SIGKILL too, closes the channel and ends the chain.
 */
process.on('disconnect', () => process.exit(0));

const { port, chainId, hardfork } = JSON.parse(process.argv[2] ?? '{}') as {
  port?: number;
  chainId: number;
  hardfork?: string;
};
const network: EdrNetworkUserConfig = {
  type: 'edr-simulated',
  chainId,
  allowBlocksWithSameTimestamp: true,
  ...(hardfork === undefined ? {} : { hardfork }),
};
const hre = await createHardhatRuntimeEnvironment(
  { networks: { node: network } },
  {},
  fileURLToPath(new URL('..', import.meta.url)),
);
const server = await hre.network.createServer('node', '127.0.0.1', port ?? 0);
const listening = await server.listen();
process.send?.({ port: listening.port });
