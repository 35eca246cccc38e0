import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HardhatRuntimeEnvironment } from 'hardhat/types/hre';
import { builtHardhat } from './build.ts';
import type { Deployed, DeploymentOrder } from './deploy.ts';
import { issuerRegistryModule } from './ignition/modules/issuer-registry.ts';
import { callNode, isRecord, quantity } from './json-rpc.ts';
import { RegistryError } from './registry-error.ts';

const NETWORK = 'deployment';

/**
 * Compile and deploy with Hardhat Ignition, as a checkout does. Its journal goes to a temporary folder.
 *
 * Throws RegistryError BUILD_FAILED, and whatever Hardhat throws if the deployment does not succeed.
 */
export async function deployByIgnition(
  order: DeploymentOrder,
  build: typeof builtHardhat = builtHardhat,
): Promise<Deployed> {
  const { rpcUrl, chainId, wallet, governor, adminDelay } = order;
  const folder = await mkdtemp(join(tmpdir(), 'pratique-deployment-'));
  try {
    const hre = await built(build, {
      paths: { ignition: folder },
      ignition: { requiredConfirmations: 1 },
      networks: {
        [NETWORK]: {
          type: 'http',
          url: rpcUrl,
          chainId,
          accounts: wallet === undefined ? 'remote' : [wallet.privateKey],
        },
      },
    });
    const connection = await hre.network.create(NETWORK);
    try {
      const { registry } = await connection.ignition.deploy(issuerRegistryModule, {
        parameters: { IssuerRegistry: { adminDelay, governor } },
        defaultSender: order.account.address,
        deploymentId: NETWORK,
        displayUi: false,
      });
      const address = await registry.getAddress();
      return { address, ...(await costOf(rpcUrl, join(folder, 'deployments', NETWORK))) };
    } finally {
      await connection.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function built(
  build: typeof builtHardhat,
  overrides: Parameters<typeof builtHardhat>[0],
): Promise<HardhatRuntimeEnvironment> {
  try {
    return await build(overrides);
  } catch {
    throw new RegistryError(
      'BUILD_FAILED',
      'The contracts do not compile in this checkout; `npm run check -- abi` says why.',
    );
  }
}

/** Block and gas of the one transaction in Ignition's journal. */
async function costOf(rpcUrl: string, folder: string): Promise<{ block: number; gas: bigint }> {
  const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
  const confirmed = journal
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((entry) => entry['type'] === 'TRANSACTION_CONFIRM');
  const receipt = await callNode(rpcUrl, 'eth_getTransactionReceipt', [confirmed?.['hash']]);
  if (!isRecord(receipt)) {
    throw new RegistryError('TRANSACTION_FAILED', 'The deployment left no receipt on this chain.');
  }
  return { block: quantity(receipt['blockNumber']), gas: BigInt(quantity(receipt['gasUsed'])) };
}
