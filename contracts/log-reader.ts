import * as AbiFunction from 'ox/AbiFunction';
import { issuerRegistryAbi, registryLensAbi } from './abi.ts';
import { readLogs } from './event-reader.ts';
import {
  askNode,
  callNode,
  hexBytes,
  invalidAnswer,
  isRecord,
  quantity,
  refusedBy,
  revertData,
  type RpcOptions,
} from './json-rpc.ts';
import { lensOf } from './lens.ts';
import { RegistryError } from './registry-error.ts';

/** A log as emitted, 0x-hex. */
export interface RegistryLog {
  readonly topics: string[];
  readonly data: string;
}

/** The registry's log and its head, as one node tells them at one block. Nothing of it is verified here. */
export interface RegistryReading {
  readonly chainId: number;
  readonly block: { readonly number: number; readonly hash: string; readonly time: number };
  readonly head: string;
  readonly size: number;
  readonly logs: RegistryLog[];
}

/** Where the revocation data of one list stands, as the chain says. */
export interface AnchorReading {
  readonly root: string;
  readonly counter: number;
  readonly length: number;
  readonly revoked: number;
  readonly time: number;
  readonly final: boolean;
}

export interface ReaderOptions extends RpcOptions {
  readonly expectedChainId?: number;
}

/** Anchors per call: two storage reads each, far below what any node lets a call spend. */
const ANCHORS_PER_CALL = 500;

const LOG_HEAD = AbiFunction.fromAbi(issuerRegistryAbi, 'logHead');
const ANCHORS_OF = AbiFunction.fromAbi(registryLensAbi, 'anchorsOf');

/**
 * Read the registry's log, in order, and the head and size that the chain holds at the same block.
 *
 * Whoever reads must replay the logs and compare the heads: a node can leave out or make up any of them. Throws
 * RegistryError CHAIN_UNAVAILABLE, CHAIN_ANSWER_INVALID, WRONG_CHAIN or NO_REGISTRY.
 */
export async function readRegistry(
  rpcUrl: string,
  registry: string,
  options: ReaderOptions = {},
): Promise<RegistryReading> {
  const chainId = await readChainId(rpcUrl, options);
  const block = await readLatestBlock(rpcUrl, options);
  await assertDeployed(rpcUrl, registry, block.number, options);
  const { head, size } = await readHead(rpcUrl, registry, block.number, options);
  const logs = await readLogs(rpcUrl, registry, { from: 0, to: block.number }, options);
  return { chainId, block, head, size, logs: logs.map(({ topics, data }) => ({ topics, data })) };
}

/**
 * Read the anchors of many lists, in the order asked, with head and size at the same block.
 *
 * `list` is 0x-hex of 32 bytes. Throws as `readRegistry` does.
 */
export async function readAnchors(
  rpcUrl: string,
  registry: string,
  refs: readonly { readonly issuerId: number; readonly list: string }[],
  blockNumber: number,
  options: RpcOptions = {},
): Promise<{ head: string; size: number; anchors: AnchorReading[] }> {
  const anchors: AnchorReading[] = [];
  const at = await readHead(rpcUrl, registry, blockNumber, options);
  for (let start = 0; start < refs.length; start += ANCHORS_PER_CALL) {
    const asked = refs.slice(start, start + ANCHORS_PER_CALL);
    const data = AbiFunction.encodeData(ANCHORS_OF, [
      asked.map(({ issuerId, list }) => ({ issuerId: BigInt(issuerId), list: hexBytes(list, 32) })),
    ]);
    const answer = await callRegistry(rpcUrl, lensOf(registry), data, blockNumber, options);
    const [head, size, found] = decoded(() => AbiFunction.decodeResult(ANCHORS_OF, answer, { as: 'Array' }));
    if (found.length !== asked.length) invalidAnswer('one anchor for each that was asked');
    // A node that answers for another block half-way shows it by the head.
    if (head !== at.head || Number(size) !== at.size) invalidAnswer('of the block that was asked for');
    for (const anchor of found) {
      anchors.push({
        root: anchor.root,
        counter: exactly(anchor.counter),
        length: exactly(anchor.length),
        revoked: exactly(anchor.revoked),
        time: exactly(anchor.time),
        final: anchor.isFinal,
      });
    }
  }
  return { ...at, anchors };
}

/** The chain's id; WRONG_CHAIN if another was expected. */
export async function readChainId(rpcUrl: string, options: ReaderOptions = {}): Promise<number> {
  const chainId = quantity(await callNode(rpcUrl, 'eth_chainId', [], options));
  if (options.expectedChainId !== undefined && options.expectedChainId !== chainId) {
    throw new RegistryError(
      'WRONG_CHAIN',
      `The node serves chain ${String(chainId)}, not chain ${String(options.expectedChainId)}.`,
    );
  }
  return chainId;
}

/** The registry's head and size at a block; NO_REGISTRY if what lives there is something else. */
export async function readHead(
  rpcUrl: string,
  registry: string,
  blockNumber: number,
  options: RpcOptions = {},
): Promise<{ head: string; size: number }> {
  const answer = await callRegistry(rpcUrl, registry, AbiFunction.encodeData(LOG_HEAD), blockNumber, options);
  const [head, size] = decoded(() => AbiFunction.decodeResult(LOG_HEAD, answer, { as: 'Array' }));
  return { head, size: Number(size) };
}

export async function readLatestBlock(
  rpcUrl: string,
  options: RpcOptions = {},
): Promise<{ number: number; hash: string; time: number }> {
  const block = await callNode(rpcUrl, 'eth_getBlockByNumber', ['latest', false], options);
  if (!isRecord(block)) invalidAnswer('a block');
  return {
    number: quantity(block['number']),
    hash: hexBytes(block['hash'], 32),
    time: quantity(block['timestamp']),
  };
}

/** NO_REGISTRY if no contract lives at the address. */
export async function assertDeployed(
  rpcUrl: string,
  registry: string,
  blockNumber: number,
  options: RpcOptions = {},
): Promise<void> {
  if (!/^0x[0-9a-fA-F]{40}$/.test(registry)) {
    throw new RegistryError(
      'ARGUMENT_INVALID',
      'The address of the registry is not 0x and 40 hexadecimal digits.',
    );
  }
  const code = hexBytes(await callNode(rpcUrl, 'eth_getCode', [registry, hex(blockNumber)], options));
  if (code === '0x') throw noRegistry(registry);
}

async function callRegistry(
  rpcUrl: string,
  registry: string,
  data: string,
  blockNumber: number,
  options: RpcOptions,
): Promise<`0x${string}`> {
  const answer = await askNode(rpcUrl, 'eth_call', [{ to: registry, data }, hex(blockNumber)], options);
  if ('refusal' in answer) {
    // The views that are read never revert: this is another contract.
    if (revertData(answer.refusal) !== undefined) throw noRegistry(registry);
    throw refusedBy(rpcUrl, 'eth_call', answer.refusal);
  }
  const bytes = hexBytes(answer.result);
  if (bytes === '0x') throw noRegistry(registry);
  return bytes;
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch {
    return invalidAnswer('what this registry returns');
  }
}

function noRegistry(registry: string): RegistryError {
  return new RegistryError('NO_REGISTRY', `There is no registry of this kind at ${registry} on this chain.`);
}

function hex(number: number): string {
  return `0x${number.toString(16)}`;
}

/** The contract keeps counts to 2^53 - 1; what is larger never came from it, and would be kept for ever. */
function exactly(value: bigint): number {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : invalidAnswer('a count that the registry can hold');
}
