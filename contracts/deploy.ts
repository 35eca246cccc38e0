import { extname } from 'node:path';
import { AbiCoder, concat, getAddress, type Wallet } from 'ethers';
import { issuerRegistryBytecode } from './bytecode.ts';
import { askNode, callNode, invalidAnswer, refusedBy, revertData } from './json-rpc.ts';
import { readChainId } from './log-reader.ts';
import { refusalFrom } from './refusals.ts';
import {
  type Account,
  accountOfWallet,
  cannotPay,
  meansFunds,
  openAccount,
  openKeystore,
} from './registry-account.ts';
import { receiptOf } from './receipt.ts';
import type { RegistryConnection } from './registry-calls.ts';
import { RegistryError } from './registry-error.ts';

export interface Deployment extends Omit<RegistryConnection, 'address'> {
  /** The account that governs; the deploying one by default. */
  readonly governor?: string;
  /** Seconds between naming a new governor and its taking over. */
  readonly adminDelay: number;
}

/** A registry that stands. */
export interface Deployed {
  readonly address: string;
  readonly block: number;
  readonly gas: bigint;
}

/** What a way of deploying is given. */
export interface DeploymentOrder {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly account: Account;
  /** The account's key, if it is not an account of the node. */
  readonly wallet: Wallet | undefined;
  readonly governor: string;
  readonly adminDelay: number;
}

/**
 * Deploy a registry and wait until it stands: with Hardhat Ignition in a checkout; where the package is installed, which
 * comes without Hardhat, from the bytecode that it carries. `deploy` is replaced in tests only.
 *
 * The transaction is tried before. Throws RegistryError CHAIN_UNAVAILABLE, WRONG_CHAIN, ACCOUNT_UNAVAILABLE (also if it
 * cannot pay), ARGUMENT_INVALID, REVERTED, BUILD_FAILED or TRANSACTION_FAILED.
 */
export async function deployRegistry(
  deployment: Deployment,
  deploy: (order: DeploymentOrder) => Promise<Deployed> = deployAsInstalled,
): Promise<Deployed & { readonly chainId: number }> {
  const { rpcUrl, adminDelay, keystore } = deployment;
  const chainId = await readChainId(
    rpcUrl,
    deployment.chainId === undefined ? {} : { expectedChainId: deployment.chainId },
  );
  const wallet = keystore === undefined ? undefined : await openKeystore(keystore.path, keystore.passphrase);
  const account =
    wallet === undefined
      ? await openAccount(rpcUrl, chainId, { account: deployment.account ?? 0 })
      : accountOfWallet(rpcUrl, chainId, wallet);
  const governor = deployment.governor ?? account.address;
  const order = { rpcUrl, chainId, account, wallet, governor, adminDelay };
  await assertDeployable(order);
  try {
    return { chainId, ...(await deploy(order)) };
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    // Hardhat's errors are many and change; what matters of them can be asked for.
    await readChainId(rpcUrl, { expectedChainId: chainId });
    if (error instanceof Error && meansFunds(error.message)) throw cannotPay();
    throw new RegistryError('TRANSACTION_FAILED', 'The registry could not be deployed on this chain.');
  }
}

/** Deploy from the bytecode that was compiled when this package was made. Throws RegistryError. */
export async function deployBytecode(order: DeploymentOrder): Promise<Deployed> {
  const { rpcUrl, account } = order;
  const receipt = await receiptOf(rpcUrl, await account.send(null, creationOf(order)));
  const { contractAddress, block, gas, carriedOut } = receipt;
  if (!carriedOut) {
    throw new RegistryError('TRANSACTION_FAILED', `Transaction ${receipt.txHash} was not carried out.`);
  }
  if (contractAddress === null) invalidAnswer('a receipt with the address of the new contract');
  return { address: getAddress(contractAddress), block, gas };
}

async function deployAsInstalled(order: DeploymentOrder): Promise<Deployed> {
  // Sources run from a checkout only: Node strips no types inside node_modules.
  if (extname(import.meta.url) !== '.ts') return deployBytecode(order);
  return (await import('./deploy-ignition.ts')).deployByIgnition(order);
}

function creationOf({ adminDelay, governor }: DeploymentOrder): string {
  try {
    const args = AbiCoder.defaultAbiCoder().encode(['uint48', 'address'], [adminDelay, governor]);
    return concat([issuerRegistryBytecode, args]);
  } catch {
    throw new RegistryError(
      'ARGUMENT_INVALID',
      'The governor is not an address, or the delay is not a whole number of seconds.',
    );
  }
}

/** Whether the contract can be made with these arguments, and the account pay for it. */
async function assertDeployable(order: DeploymentOrder): Promise<void> {
  const { rpcUrl, account } = order;
  const answer = await askNode(rpcUrl, 'eth_estimateGas', [
    { from: account.address, data: creationOf(order) },
  ]);
  if ('refusal' in answer) {
    if (meansFunds(answer.refusal.message)) throw cannotPay();
    const data = revertData(answer.refusal);
    throw data === undefined ? refusedBy(rpcUrl, 'eth_estimateGas', answer.refusal) : refusalFrom(data);
  }
  const gasPrice = amount(await callNode(rpcUrl, 'eth_gasPrice', []));
  const balance = amount(await callNode(rpcUrl, 'eth_getBalance', [account.address, 'latest']));
  if (balance < amount(answer.result) * gasPrice) throw cannotPay();
}

/** A JSON-RPC quantity of any size, such as one of wei. */
function amount(value: unknown): bigint {
  return typeof value === 'string' && /^0x[0-9a-f]{1,64}$/i.test(value)
    ? BigInt(value)
    : invalidAnswer('a quantity');
}
