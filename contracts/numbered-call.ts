import { type JsonRpcApiProvider, type TransactionRequest } from 'ethers';
import { callNode, invalidAnswer, isRecord, quantity } from './json-rpc.ts';
import type { Nonces } from './landing-move.ts';
import type { Fees } from './transaction-fees.ts';

/** A call with all that a transaction says. */
export interface NumberedCall {
  readonly to: string;
  readonly data: string;
  readonly gas: bigint;
  readonly nonce: number;
  readonly fees: Fees;
}

/** Why a node need not take a transaction: it has it, its nonce is in a block, or more has to be offered. */
export type NotTaken = 'known' | 'nonce' | 'fees';

/** For ethers. */
export function numbered({ to, data, gas, nonce, fees: { max, tip } }: NumberedCall): TransactionRequest {
  const price =
    tip === undefined
      ? { type: 0, gasPrice: max }
      : { type: 2, maxFeePerGas: max, maxPriorityFeePerGas: tip };
  return { to, data, gasLimit: gas, nonce, ...price };
}

/** How many transactions of an account are in blocks, and how many with those that wait. Throws as any call does. */
export async function noncesOf(rpcUrl: string, address: string): Promise<Nonces> {
  const count = async (tag: string): Promise<number> =>
    quantity(await callNode(rpcUrl, 'eth_getTransactionCount', [address, tag]));
  return { mined: await count('latest'), pending: await count('pending') };
}

/** What a node proposes to offer. */
export async function usualFees(provider: JsonRpcApiProvider): Promise<Fees> {
  const { maxFeePerGas: max, maxPriorityFeePerGas: tip, gasPrice } = await provider.getFeeData();
  return max !== null && tip !== null ? { max, tip } : { max: gasPrice ?? invalidAnswer('a price for gas') };
}

/** geth's words, and those of Besu, Hardhat's node and anvil where they differ. */
const WORDS: readonly (readonly [RegExp, NotTaken])[] = [
  [/known transaction|already (known|imported)/i, 'known'],
  [/nonce.{0,20}too low/i, 'nonce'],
  [/underpriced|less than (the )?(current )?block('s)? base fee|too low to replace/i, 'fees'],
];

/** Why a node did not take a transaction, if it is one of those reasons. */
export function notTaken(words: string): NotTaken | undefined {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

/** What the node said that ethers made an error of; empty if it was something else. */
export function wordsOf(error: unknown): string {
  if (!isRecord(error)) return '';
  const { info, error: direct } = error;
  const answer = isRecord(info) ? info['error'] : direct;
  return isRecord(answer) ? String(answer['message']) : '';
}
