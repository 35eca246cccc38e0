import * as Hash from 'ox/Hash';
import {
  askNode,
  callNode,
  hexBytes,
  invalidAnswer,
  isRecord,
  quantity,
  refusedBy,
  type RpcOptions,
} from './json-rpc.ts';

/** A block as its number, or by the names of the JSON-RPC specification. */
export type BlockTag = number | 'latest' | 'finalized';

/** A block of the chain as one node tells it; `time` is Unix seconds. */
export interface BlockReading {
  readonly number: number;
  readonly hash: string;
  readonly time: number;
}

/** JSON-RPC 2.0 section 5.1: invalid parameters, no such method; EIP-1474: resource not found. */
const NO_SUCH_BLOCK: ReadonlySet<number> = new Set([-32602, -32601, -32001]);

/**
 * One block's header. Undefined if the node has no such block: it lags, or its chain knows no finality.
 *
 * Throws RegistryError CHAIN_UNAVAILABLE or CHAIN_ANSWER_INVALID.
 */
export async function readBlock(
  rpcUrl: string,
  tag: BlockTag,
  options: RpcOptions = {},
): Promise<BlockReading | undefined> {
  const answer = await askNode(rpcUrl, 'eth_getBlockByNumber', [blockParameter(tag), false], options);
  if ('refusal' in answer) {
    // Chains without finality refuse the word. Any other refusal says nothing of the chain: it must not lower finality.
    if (NO_SUCH_BLOCK.has(answer.refusal.code)) return undefined;
    throw refusedBy(rpcUrl, 'eth_getBlockByNumber', answer.refusal);
  }
  if (answer.result === null) return undefined;
  const block = answer.result;
  if (!isRecord(block)) invalidAnswer('a block');
  const number = quantity(block['number']);
  if (typeof tag === 'number' && number !== tag) invalidAnswer('the block that was asked for');
  return { number, hash: hexBytes(block['hash'], 32), time: quantity(block['timestamp']) };
}

/**
 * keccak256 of the code at an address at a block; undefined if there is none.
 *
 * The registry has no proxy, so its code never changes: another code at the same address is another chain.
 */
export async function readCodeHash(
  rpcUrl: string,
  address: string,
  block: number,
  options: RpcOptions = {},
): Promise<string | undefined> {
  const code = hexBytes(await callNode(rpcUrl, 'eth_getCode', [address, blockParameter(block)], options));
  return code === '0x' ? undefined : Hash.keccak256(code);
}

function blockParameter(tag: BlockTag): string {
  return typeof tag === 'number' ? `0x${tag.toString(16)}` : tag;
}
