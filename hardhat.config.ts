import { createRequire } from 'node:module';
import hardhatEthers from '@nomicfoundation/hardhat-ethers';
import hardhatIgnitionEthers from '@nomicfoundation/hardhat-ignition-ethers';
import { defineConfig } from 'hardhat/config';

export default defineConfig({
  plugins: [hardhatEthers, hardhatIgnitionEthers],
  solidity: {
    version: '0.8.37',
    // The compiler of the npm package: nothing is ever downloaded.
    path: createRequire(import.meta.url).resolve('solc/soljson.js'),
    settings: {
      // Permissioned chains lag behind.
      evmVersion: 'cancun',
      viaIR: true,
      optimizer: { enabled: true, runs: 200 },
    },
  },
  // The Solidity tests in test/forge are forge's: this folder is not there.
  paths: { ignition: 'contracts/ignition', tests: { solidity: 'test/solidity' } },
  networks: {
    // Otherwise a chain's clock runs ahead of ours by a second per transaction, and cards look not yet valid.
    default: { type: 'edr-simulated', allowBlocksWithSameTimestamp: true },
    node: { type: 'edr-simulated', allowBlocksWithSameTimestamp: true },
  },
});
