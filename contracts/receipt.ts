import { callNode, hexBytes, invalidAnswer, isRecord, quantity } from './json-rpc.ts';
import { RegistryError } from './registry-error.ts';

/** What became of a transaction, once it is in a block. */
export interface Receipt {
  readonly txHash: string;
  readonly block: number;
  readonly gas: bigint;
  /** False if it took its gas and changed nothing. */
  readonly carriedOut: boolean;
  /** Of the contract that it made, 0x-hex. */
  readonly contractAddress: string | null;
  readonly logs: readonly { readonly address: string; readonly topics: string[]; readonly data: string }[];
}

const POLL_MS = 200;
const TIMEOUT_MS = 180_000;

/**
 * Wait until a transaction is in a block.
 *
 * Throws RegistryError TRANSACTION_FAILED if it is in none after three minutes, or as any call does.
 */
export async function receiptOf(rpcUrl: string, txHash: string): Promise<Receipt> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    const receipt = await findReceipt(rpcUrl, txHash);
    if (receipt !== undefined) return receipt;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new RegistryError('TRANSACTION_FAILED', `Transaction ${txHash} was sent but is in no block yet.`);
}

/** The receipt of a transaction; undefined while it is in no block. Throws as any call does. */
export async function findReceipt(rpcUrl: string, txHash: string): Promise<Receipt | undefined> {
  const receipt = await callNode(rpcUrl, 'eth_getTransactionReceipt', [txHash]);
  return isRecord(receipt) ? readReceipt(receipt, txHash) : undefined;
}

function readReceipt(receipt: Record<string, unknown>, txHash: string): Receipt {
  const { logs, contractAddress } = receipt;
  if (!Array.isArray(logs)) invalidAnswer('a receipt');
  return {
    txHash,
    block: quantity(receipt['blockNumber']),
    gas: BigInt(quantity(receipt['gasUsed'])),
    carriedOut: quantity(receipt['status']) === 1,
    contractAddress: typeof contractAddress === 'string' ? hexBytes(contractAddress, 20) : null,
    logs: (logs as unknown[]).map((log) => {
      if (!isRecord(log) || !Array.isArray(log['topics'])) invalidAnswer('a log');
      return {
        address: hexBytes(log['address'], 20),
        topics: (log['topics'] as unknown[]).map((topic) => hexBytes(topic, 32)),
        data: hexBytes(log['data']),
      };
    }),
  };
}
