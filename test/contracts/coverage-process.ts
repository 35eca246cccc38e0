import { writeFileSync } from 'node:fs';
import { createHardhatRuntimeEnvironment } from 'hardhat/hre';
import type { EdrNetworkUserConfig } from 'hardhat/types/config';

/*
 * The process of a chain that listens to what instrumented contracts tell, and writes at its end what it heard into the
 * folder that PRATIQUE_COVERAGE names. Otherwise as cli/chain-process.ts.
 */
const reached = new Set<string>();
process.on('disconnect', () => {
  const file = `${process.env['PRATIQUE_COVERAGE'] ?? '.'}/reached-${process.pid}.json`;
  writeFileSync(file, JSON.stringify([...reached].map((tag) => Number(`0x${tag}`))));
  process.exit(0);
});

const { chainId, hardfork } = JSON.parse(process.argv[2] ?? '{}') as { chainId: number; hardfork?: string };
const network: EdrNetworkUserConfig = {
  type: 'edr-simulated',
  chainId,
  allowBlocksWithSameTimestamp: true,
  ...(hardfork === undefined ? {} : { hardfork }),
};
const hre = await createHardhatRuntimeEnvironment({ networks: { node: network } });
hre.hooks.registerHandlers('network', {
  onCoverageData: (_context, tags) => {
    for (const tag of tags) reached.add(tag);
    return Promise.resolve();
  },
});
const server = await hre.network.createServer('node', '127.0.0.1', 0);
const { port } = await server.listen();
process.send?.({ port });
