import { Interface, type Result, type TypedDataField } from 'ethers';
import { issuerRegistryAbi, registryLensAbi } from './abi.ts';
import { askNode, hexBytes, invalidAnswer, quantity, refusedBy, revertData } from './json-rpc.ts';
import { lensOf } from './lens.ts';
import { assertDeployed, readChainId, readHead, readLatestBlock } from './log-reader.ts';
import { type Landing, seeLanded } from './landing.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { explained } from './refusal-context.ts';
import { refusalFrom } from './refusals.ts';
import { type Account, GAS_HEADROOM, openAccount } from './registry-account.ts';
import { encodeAddress } from './registry-encoding.ts';
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
  readonly rpcUrl: string;
  readonly address: string;
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
  ) => Promise<Written & { readonly made: Result }>;
  /** The same, with the arguments of every such event. */
  readonly writeMany: (
    name: FunctionName,
    args: readonly unknown[],
    event: EventName,
  ) => Promise<Written & { readonly made: readonly Result[] }>;
  /** Send until the chain holds it, as `seeLanded` does; undefined if somebody else wrote it. */
  readonly land: (
    name: FunctionName,
    args: readonly unknown[],
    landing: Landing,
  ) => Promise<Written | undefined>;
  /** Try by `eth_call` only. */
  readonly rehearse: (name: FunctionName, args: readonly unknown[]) => Promise<void>;
  /** Whether one transaction can carry it. */
  readonly fits: (name: FunctionName, args: readonly unknown[]) => Promise<boolean>;
  /** Sign under the registry's EIP-712 domain. */
  readonly signTypedData: (
    types: Record<string, TypedDataField[]>,
    message: Record<string, unknown>,
  ) => Promise<string>;
}

/** A call of a contract, 0x-hex. */
interface Call {
  readonly from?: string;
  readonly to: string;
  readonly data: string;
}

/** Below the 16,777,216 that one transaction may take (EIP-7825), with room for blocks that are mined in between. */
const MAX_GAS = 14_500_000n;

/** Nodes pass on no transaction above 128 KiB, signature and all. */
const MAX_CALL_BYTES = 126_000;

/** The domain that OpenZeppelin's EIP712 was made with. */
const DOMAIN = { name: 'Pratique issuer registry', version: '1' } as const;

const registryInterface = new Interface(issuerRegistryAbi);
const lensInterface = new Interface(registryLensAbi);

/** Check chain and address, its checksum too, and find the account only when something is to be sent. Throws RegistryError. */
export async function openRegistry(connection: RegistryConnection): Promise<RegistryCalls> {
  const { rpcUrl, address } = connection;
  encodeAddress(address);
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

  const view = async (name: FunctionName, args: readonly unknown[]): Promise<Result> =>
    viewOf(rpcUrl, address, registryInterface, name, args);
  const lensView = async (name: LensFunctionName, args: readonly unknown[]): Promise<Result> =>
    viewOf(rpcUrl, lensOf(address), lensInterface, name, args);
  const explain = async (error: unknown): Promise<unknown> =>
    explained(error, { rpcUrl, registry: address, view, lensView });

  const callOf = async (name: FunctionName, args: readonly unknown[]): Promise<Required<Call>> => {
    const data = encode(registryInterface, name, args);
    const { address: from } = await account();
    // Another node may answer at this URL by now.
    await readChainId(rpcUrl, { expectedChainId: chainId });
    return { from, to: address, data };
  };
  const rehearse = async (name: FunctionName, args: readonly unknown[]): Promise<Required<Call>> => {
    const call = await callOf(name, args);
    try {
      await tryWrite(rpcUrl, call);
      return call;
    } catch (error) {
      throw await explain(error);
    }
  };
  const send = async (name: FunctionName, args: readonly unknown[]): Promise<Receipt> => {
    const { to, data } = await rehearse(name, args);
    try {
      const receipt = await receiptOf(rpcUrl, await (await account()).send(to, data));
      if (receipt.carriedOut) return receipt;
      throw notCarriedOut(receipt, await rehearse(name, args).catch((error: unknown) => error));
    } catch (error) {
      throw await explain(error);
    }
  };
  const writeMany: RegistryCalls['writeMany'] = async (name, args, event) => {
    const { block, gas, txHash, logs } = await send(name, args);
    const { topicHash } = registryInterface.getEvent(event) ?? {};
    const made = logs.flatMap(({ address: emitter, topics, data }) =>
      emitter === address.toLowerCase() && topics[0] === topicHash
        ? [decoded(() => registryInterface.decodeEventLog(event, data, topics))]
        : [],
    );
    return { block, gas, txHash, made };
  };

  return {
    rpcUrl,
    address,
    chainId,
    sender: async () => (await account()).address,
    view,
    lensView,
    write: async (name, args) => {
      const { block, gas, txHash } = await send(name, args);
      return { block, gas, txHash };
    },
    writeNew: async (name, args, event) => {
      const { made, ...written } = await writeMany(name, args, event);
      const [first = invalidAnswer('a receipt with the event of this transaction')] = made;
      return { ...written, made: first };
    },
    writeMany,
    land: async (name, args, landing) => {
      const { to, data } = await callOf(name, args);
      const gasOf = async (): Promise<bigint> => gasFor(rpcUrl, await rehearse(name, args));
      const receipt = await seeLanded(
        { rpcUrl, account: await account(), rehearse: gasOf, to, data },
        landing,
      );
      return receipt && { block: receipt.block, gas: receipt.gas, txHash: receipt.txHash };
    },
    rehearse: async (name, args) => {
      await rehearse(name, args);
    },
    fits: async (name, args) => {
      const call = await callOf(name, args);
      try {
        return await fits(rpcUrl, call);
      } catch (error) {
        throw await explain(error);
      }
    },
    signTypedData: async (types, message) =>
      (await account()).signTypedData(
        { ...DOMAIN, chainId, verifyingContract: address.toLowerCase() },
        types,
        message,
      ),
  };
}

/** A transaction that stands in its block without effect, with the reason that the contract has by now. */
function notCarriedOut({ txHash }: Receipt, reason: unknown): RegistryError {
  const sentence = `Transaction ${txHash} was not carried out.`;
  if (!(reason instanceof RegistryError)) return new RegistryError('TRANSACTION_FAILED', sentence);
  return new RegistryError('TRANSACTION_FAILED', `${sentence} ${reason.message}`, reason.refusal);
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

/**
 * Try a write as the contract would take it in the next block.
 *
 * Where blocks come only when there is something for them, the clock of the latest one stands still: what is refused
 * there, such as before a delay is over, is tried once more as of now.
 */
async function tryWrite(rpcUrl: string, call: Call): Promise<void> {
  try {
    await tryCall(rpcUrl, call);
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== 'REVERTED') throw error;
    const answer = await askNode(rpcUrl, 'eth_call', [call, 'pending']);
    if (!('result' in answer)) throw error;
  }
}

/** `eth_call` at the latest block; REVERTED in words if the contract refuses. */
async function tryCall(rpcUrl: string, call: Call): Promise<string> {
  const answer = await askNode(rpcUrl, 'eth_call', [call, 'latest']);
  if ('result' in answer) return hexBytes(answer.result);
  const data = revertData(answer.refusal);
  throw data === undefined ? refusedBy(rpcUrl, 'eth_call', answer.refusal) : refusalFrom(data);
}

/**
 * What a write may take, by the blocks that are there: in the block that is being made, one like it may stand already, and
 * the contract would refuse the second.
 */
async function gasFor(rpcUrl: string, call: Call): Promise<bigint> {
  const answer = await askNode(rpcUrl, 'eth_estimateGas', [call, 'latest']);
  if ('result' in answer) return BigInt(quantity(answer.result)) + GAS_HEADROOM;
  const data = revertData(answer.refusal);
  throw data === undefined ? refusedBy(rpcUrl, 'eth_estimateGas', answer.refusal) : refusalFrom(data);
}

async function fits(rpcUrl: string, call: Call): Promise<boolean> {
  if (call.data.length / 2 > MAX_CALL_BYTES) return false;
  const answer = await askNode(rpcUrl, 'eth_estimateGas', [call]);
  if ('result' in answer) return BigInt(quantity(answer.result)) <= MAX_GAS;
  const data = revertData(answer.refusal);
  if (data !== undefined && data !== '0x') throw refusalFrom(data);
  // Each node says in words of its own that there is not as much gas.
  return false;
}
