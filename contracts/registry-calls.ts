import { Interface, type Result } from 'ethers';
import { issuerRegistryAbi, registryLensAbi } from './abi.ts';
import {
  askNode,
  callNode,
  hexBytes,
  invalidAnswer,
  isRecord,
  quantity,
  refusedBy,
  revertData,
} from './json-rpc.ts';
import { lensOf } from './lens.ts';
import { assertDeployed, readChainId, readHead, readLatestBlock } from './log-reader.ts';
import { refusalFrom } from './refusals.ts';
import { type Account, openAccount } from './registry-account.ts';
import { RegistryError } from './registry-error.ts';

export interface RegistryConnection {
  readonly rpcUrl: string;
  /** Of the registry. */
  readonly address: string;
  /** Refuse any other chain. */
  readonly chainId?: number;
  /** Index or address of an account the node holds; the first by default. */
  readonly account?: number | string;
  /** An encrypted JSON keystore, instead of an account of the node. */
  readonly keystore?: { readonly path: string; readonly passphrase: string };
}

/** A transaction that was carried out. */
export interface Written {
  readonly block: number;
  readonly gas: bigint;
  readonly txHash: string;
}

type FunctionName = Extract<(typeof issuerRegistryAbi)[number], { type: 'function' }>['name'];
type LensFunctionName = (typeof registryLensAbi)[number]['name'];
type EventName = Extract<(typeof issuerRegistryAbi)[number], { type: 'event' }>['name'];

/** The contract's functions by name, over one node and one account. */
export interface RegistryCalls {
  readonly chainId: number;
  readonly sender: () => Promise<string>;
  /** The results of a view of the registry at the latest block. */
  readonly view: (name: FunctionName, args: readonly unknown[]) => Promise<Result>;
  /** The results of a view of its lens. */
  readonly lensView: (name: LensFunctionName, args: readonly unknown[]) => Promise<Result>;
  /** Try by `eth_call`, send, wait for the block. */
  readonly write: (name: FunctionName, args: readonly unknown[]) => Promise<Written>;
  /** The same, with the arguments of the event that tells what was made. */
  readonly writeNew: (
    name: FunctionName,
    args: readonly unknown[],
    event: EventName,
  ) => Promise<Written & { made: Result }>;
}

interface Receipt extends Written {
  /** Of the contract that it made, 0x-hex. */
  readonly contractAddress: string | null;
  readonly logs: readonly { readonly address: string; readonly topics: string[]; readonly data: string }[];
}

const registryInterface = new Interface(issuerRegistryAbi);
const lensInterface = new Interface(registryLensAbi);

const RECEIPT_POLL_MS = 200;
const RECEIPT_TIMEOUT_MS = 180_000;

/** Check chain and address, and find the account only when something is to be sent. Throws RegistryError. */
export async function openRegistry(connection: RegistryConnection): Promise<RegistryCalls> {
  const { rpcUrl, address } = connection;
  const chainId = await readChainId(
    rpcUrl,
    connection.chainId === undefined ? {} : { expectedChainId: connection.chainId },
  );
  const latest = await readLatestBlock(rpcUrl);
  await assertDeployed(rpcUrl, address, latest.number);
  await readHead(rpcUrl, address, latest.number);

  let opened: Account | undefined;
  const account = async (): Promise<Account> =>
    (opened ??= await openAccount(
      rpcUrl,
      chainId,
      connection.keystore === undefined
        ? { account: connection.account ?? 0 }
        : { keystore: connection.keystore },
    ));

  const send = async (name: FunctionName, args: readonly unknown[]): Promise<Receipt> => {
    const data = encode(registryInterface, name, args);
    const from = await account();
    // Another node may answer at this URL by now.
    await readChainId(rpcUrl, { expectedChainId: chainId });
    await tryCall(rpcUrl, { from: from.address, to: address, data });
    return receiptOf(rpcUrl, await from.send(address, data));
  };

  return {
    chainId,
    sender: async () => (await account()).address,
    view: async (name, args) => viewOf(rpcUrl, address, registryInterface, name, args),
    lensView: async (name, args) => viewOf(rpcUrl, lensOf(address), lensInterface, name, args),
    write: async (name, args) => {
      const { block, gas, txHash } = await send(name, args);
      return { block, gas, txHash };
    },
    writeNew: async (name, args, event) => {
      const { logs, ...written } = await send(name, args);
      const { topicHash } = registryInterface.getEvent(event) ?? {};
      for (const { address: emitter, topics, data } of logs) {
        if (emitter !== address.toLowerCase() || topics[0] !== topicHash) continue;
        const made = decoded(() => registryInterface.decodeEventLog(event, data, topics));
        return { ...written, made };
      }
      return invalidAnswer('a receipt with the event of this transaction');
    },
  };
}

async function viewOf(
  rpcUrl: string,
  to: string,
  contract: Interface,
  name: string,
  args: readonly unknown[],
): Promise<Result> {
  const answer = await tryCall(rpcUrl, { to, data: encode(contract, name, args) });
  return decoded(() => contract.decodeFunctionResult(name, answer));
}

function encode(contract: Interface, name: string, args: readonly unknown[]): string {
  try {
    return contract.encodeFunctionData(name, args);
  } catch {
    throw new RegistryError('ARGUMENT_INVALID', `An argument is not of the kind that ${name} takes.`);
  }
}

function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch {
    return invalidAnswer('what this registry returns');
  }
}

/** `eth_call` at the latest block; REVERTED in words if the contract refuses. */
async function tryCall(
  rpcUrl: string,
  call: { readonly from?: string; readonly to: string; readonly data: string },
): Promise<string> {
  const answer = await askNode(rpcUrl, 'eth_call', [call, 'latest']);
  if ('result' in answer) return hexBytes(answer.result);
  const data = revertData(answer.refusal);
  throw data === undefined ? refusedBy(rpcUrl, 'eth_call', answer.refusal) : refusalFrom(data);
}

/** Wait until a transaction is in a block. Throws RegistryError TRANSACTION_FAILED, or as any call does. */
export async function receiptOf(rpcUrl: string, txHash: string): Promise<Receipt> {
  const deadline = Date.now() + RECEIPT_TIMEOUT_MS;
  while (Date.now() < deadline) {
    const receipt = await callNode(rpcUrl, 'eth_getTransactionReceipt', [txHash]);
    if (isRecord(receipt)) return readReceipt(receipt, txHash);
    await new Promise((resolve) => setTimeout(resolve, RECEIPT_POLL_MS));
  }
  throw new RegistryError('TRANSACTION_FAILED', `Transaction ${txHash} was sent but is in no block yet.`);
}

function readReceipt(receipt: Record<string, unknown>, txHash: string): Receipt {
  if (quantity(receipt['status']) !== 1) {
    throw new RegistryError('TRANSACTION_FAILED', `Transaction ${txHash} was not carried out.`);
  }
  const { logs, contractAddress } = receipt;
  if (!Array.isArray(logs)) invalidAnswer('a receipt');
  return {
    block: quantity(receipt['blockNumber']),
    gas: BigInt(quantity(receipt['gasUsed'])),
    txHash,
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
