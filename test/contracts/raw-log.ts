import { AbiCoder, concat, keccak256 } from 'ethers';
import { issuerRegistryAbi } from '../../contracts/abi.ts';
import type { EmittedLog, Receipt } from '../support/receipt.ts';
import { abi, type Ledger } from './ledger.ts';

/*
 * The log and its head as the design states them, from receipts, by ethers: none of our own readers has a part in it.
 */

/** The closed list, by topic: the events of the interface whose first indexed parameter is `seq`. */
export const LOG_EVENTS: ReadonlyMap<string, string> = new Map(
  issuerRegistryAbi.flatMap((item) =>
    item.type === 'event' && item.inputs[0].name === 'seq'
      ? [[abi.getEvent(item.name)?.topicHash ?? '', item.name]]
      : [],
  ),
);

/** head_0 */
export function genesis({ chainId, registry }: Ledger): string {
  const types = ['string', 'uint256', 'address'];
  return keccak256(AbiCoder.defaultAbiCoder().encode(types, ['pratique/log/1', chainId, registry]));
}

/** head_n' */
export function nextHead(head: string, { topics, data }: EmittedLog): string {
  return keccak256(concat([head, keccak256(concat([`0x0${topics.length}`, ...topics, data]))]));
}

/** Of some logs, those that are the log's. */
export function logEvents(ledger: Ledger, logs: readonly EmittedLog[]): EmittedLog[] {
  return logs.filter(
    ({ address, topics }) =>
      address.toLowerCase() === ledger.registry.toLowerCase() && LOG_EVENTS.has(topics[0] ?? ''),
  );
}

/** Every receipt of the chain, block by block. */
export async function allReceipts(ledger: Ledger): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  const last = Number(await ledger.rpc('eth_blockNumber'));
  for (let number = 0; number <= last; number++) {
    const { transactions } = await ledger.block(`0x${number.toString(16)}`);
    for (const hash of transactions) receipts.push(await ledger.rpc('eth_getTransactionReceipt', hash));
  }
  return receipts;
}

/** Head and size from the receipts alone. */
export async function recomputedHead(ledger: Ledger): Promise<[head: string, size: bigint]> {
  const logs = (await allReceipts(ledger)).flatMap((receipt) => logEvents(ledger, receipt.logs));
  return [logs.reduce(nextHead, genesis(ledger)), BigInt(logs.length)];
}
