import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtHardhat } from './build.ts';
import { issuerRegistryModule } from './ignition/modules/issuer-registry.ts';
import { callNode, isRecord, quantity } from './json-rpc.ts';
import { readChainId } from './log-reader.ts';
import { openAccount, openKeystore } from './registry-account.ts';
import type { RegistryConnection } from './registry-calls.ts';
import { RegistryError } from './registry-error.ts';

export interface Deployment extends Omit<RegistryConnection, 'address'> {
  /** The account that governs; the deploying one by default. */
  readonly governor?: string;
  /** Seconds between naming a new governor and its taking over. */
  readonly adminDelay: number;
}

const NETWORK = 'deployment';

/**
 * Deploy a registry with Hardhat Ignition and wait until it stands. Its journal goes to a temporary folder.
 *
 * Throws RegistryError CHAIN_UNAVAILABLE, WRONG_CHAIN, ACCOUNT_UNAVAILABLE or TRANSACTION_FAILED.
 */
export async function deployRegistry(
  deployment: Deployment,
): Promise<{ address: string; block: number; gas: bigint; chainId: number }> {
  const { rpcUrl, adminDelay } = deployment;
  const chainId = await readChainId(
    rpcUrl,
    deployment.chainId === undefined ? {} : { expectedChainId: deployment.chainId },
  );
  const wallet =
    deployment.keystore === undefined
      ? undefined
      : await openKeystore(deployment.keystore.path, deployment.keystore.passphrase);
  const from =
    wallet?.address ?? (await openAccount(rpcUrl, chainId, { account: deployment.account ?? 0 })).address;

  const folder = await mkdtemp(join(tmpdir(), 'pratique-deployment-'));
  try {
    const hre = await builtHardhat({
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
        parameters: { IssuerRegistry: { adminDelay, governor: deployment.governor ?? from } },
        defaultSender: from,
        deploymentId: NETWORK,
        displayUi: false,
      });
      const address = await registry.getAddress();
      return { address, chainId, ...(await costOf(rpcUrl, join(folder, 'deployments', NETWORK))) };
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    throw new RegistryError('TRANSACTION_FAILED', 'The registry could not be deployed on this chain.');
  } finally {
    await rm(folder, { recursive: true, force: true });
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
