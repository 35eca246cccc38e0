import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { callNode } from '../../contracts/json-rpc.ts';

export interface EmittedLog {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
}

export interface Receipt {
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly from: string;
  readonly contractAddress: string | null;
  readonly gasUsed: string;
  readonly status: string;
  readonly logs: readonly EmittedLog[];
}

/** The receipt of a transaction that was sent: a node may answer before it has mined. */
export async function receiptOf(rpcUrl: string, hash: unknown): Promise<Receipt> {
  for (;;) {
    const receipt = await callNode(rpcUrl, 'eth_getTransactionReceipt', [hash]);
    if (receipt !== null) return receipt as Receipt;
    await setTimeout(1);
  }
}

/** Have a node sign and carry out a transaction, which is to succeed, and wait until it is in a block. */
export async function mined(rpcUrl: string, transaction: object): Promise<Receipt> {
  const receipt = await receiptOf(rpcUrl, await callNode(rpcUrl, 'eth_sendTransaction', [transaction]));
  assert.equal(receipt.status, '0x1');
  return receipt;
}
