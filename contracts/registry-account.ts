import { readFile } from 'node:fs/promises';
import {
  getAddress,
  isError,
  JsonRpcProvider,
  JsonRpcSigner,
  keccak256,
  type JsonRpcPayload,
  type JsonRpcResult,
  type TransactionRequest,
  type TypedDataDomain,
  type TypedDataField,
  Wallet,
} from 'ethers';
import { askNode, callNode, hexBytes } from './json-rpc.ts';
import type { Nonces } from './landing-move.ts';
import { noncesOf, notTaken, numbered, usualFees, wordsOf } from './numbered-call.ts';
import type { NotTaken, NumberedCall } from './numbered-call.ts';
import { RegistryError } from './registry-error.ts';
import { refusalFrom } from './refusals.ts';
import type { Fees } from './transaction-fees.ts';

/** Which account sends: one that the node holds, by index or address, or one from an encrypted keystore file. */
export type AccountChoice =
  | { readonly account: number | string }
  | { readonly keystore: { readonly path: string; readonly passphrase: string } };

export interface Account {
  readonly address: string;
  /** Sign and send one call, or with `to` null a new contract; returns the transaction's hash without waiting for a block. */
  send(to: string | null, data: string): Promise<string>;
  /** How many of its transactions are in blocks, and how many with those that the node means to put into one. */
  nonces(): Promise<Nonces>;
  /** What the node proposes to offer for gas now. */
  usualFees(): Promise<Fees>;
  /**
   * Sign and send one call under a nonce, whatever else was sent under it. `told` is told the hash and waited for before
   * the transaction goes out, if this account signs here.
   */
  sendAs(call: NumberedCall, told: (hash: string) => Promise<void>): Promise<Taken>;
  /** Sign by EIP-712; nothing is sent to the chain. */
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    message: Record<string, unknown>,
  ): Promise<string>;
}

/** What became of a transaction that a node was offered. */
type Taken = { readonly hash: string } | { readonly refused: NotTaken };

/** A fresh word of storage (EIP-2929: 22,100), and a little. */
export const GAS_HEADROOM = 25_000n;

/** ethers over our own transport: our time limits and errors, no detection loop against a node that is not up. */
class NodeProvider extends JsonRpcProvider {
  readonly #rpcUrl: string;

  constructor(rpcUrl: string, chainId: number) {
    // Without cache: two equal calls a moment apart may have different answers.
    super(rpcUrl, chainId, { staticNetwork: true, batchMaxCount: 1, cacheTimeout: -1 });
    this.#rpcUrl = rpcUrl;
  }

  /** What a transaction may take: a word of storage that was as it should be at the estimate may be written after all. */
  override async estimateGas(request: TransactionRequest): Promise<bigint> {
    return (await super.estimateGas(request)) + GAS_HEADROOM;
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<JsonRpcResult[]> {
    const answers = [];
    for (const { id, method, params } of Array.isArray(payload) ? payload : [payload]) {
      const answer = await askNode(this.#rpcUrl, method, Array.isArray(params) ? params : [params]);
      answers.push('result' in answer ? { id, result: answer.result } : { id, error: answer.refusal });
    }
    // ethers takes results and errors alike here; its declaration names the results only.
    return answers as JsonRpcResult[];
  }
}

/** Find the account that sends. Throws RegistryError ACCOUNT_UNAVAILABLE, or as any call does. */
export async function openAccount(rpcUrl: string, chainId: number, choice: AccountChoice): Promise<Account> {
  if ('keystore' in choice) {
    const { path, passphrase } = choice.keystore;
    return accountOfWallet(rpcUrl, chainId, await openKeystore(path, passphrase));
  }
  const address = await accountOfNode(rpcUrl, choice.account);
  const signer = new JsonRpcSigner(new NodeProvider(rpcUrl, chainId), address);
  return {
    address,
    nonces: async () => noncesOf(rpcUrl, address),
    usualFees: async () => usualFees(signer.provider),
    sendAs: async (call) => taken(async () => signer.sendUncheckedTransaction(numbered(call))),
    send: (to, data) => sent(() => signer.sendUncheckedTransaction(transaction(to, data))),
    // eth_signTypedData_v4
    signTypedData: (domain, types, message) => signed(() => signer.signTypedData(domain, types, message)),
  };
}

/** The account of an unlocked keystore. */
export function accountOfWallet(rpcUrl: string, chainId: number, wallet: Wallet): Account {
  const provider = new NodeProvider(rpcUrl, chainId);
  const signer = wallet.connect(provider);
  const { address } = wallet;
  return {
    address,
    nonces: async () => noncesOf(rpcUrl, address),
    usualFees: async () => usualFees(provider),
    sendAs: async (call, told) => {
      const raw = await signer.signTransaction({ ...numbered(call), chainId });
      const hash = keccak256(raw);
      await told(hash);
      return taken(async () => {
        await provider.send('eth_sendRawTransaction', [raw]);
        return hash;
      });
    },
    send: (to, data) => sent(async () => (await signer.sendTransaction(transaction(to, data))).hash),
    signTypedData: (domain, types, message) => signed(() => wallet.signTypedData(domain, types, message)),
  };
}

function transaction(to: string | null, data: string): TransactionRequest {
  return to === null ? { data } : { to, data };
}

/** Unlock an encrypted JSON keystore (Web3 Secret Storage). Throws RegistryError ACCOUNT_UNAVAILABLE. */
export async function openKeystore(path: string, passphrase: string): Promise<Wallet> {
  let json: string;
  try {
    json = await readFile(path, 'utf8');
  } catch {
    throw new RegistryError('ACCOUNT_UNAVAILABLE', 'The keystore file cannot be read.');
  }
  try {
    const { privateKey } = await Wallet.fromEncryptedJson(json, passphrase);
    return new Wallet(privateKey);
  } catch {
    throw new RegistryError(
      'ACCOUNT_UNAVAILABLE',
      'The keystore cannot be unlocked: the passphrase is wrong, or it is not an encrypted JSON keystore.',
    );
  }
}

/** The addresses of the accounts that the node itself holds. Throws RegistryError as any call does. */
export async function readAccounts(rpcUrl: string): Promise<string[]> {
  const held = await callNode(rpcUrl, 'eth_accounts', []);
  return Array.isArray(held) ? held.map((account) => getAddress(hexBytes(account, 20))) : [];
}

async function accountOfNode(rpcUrl: string, account: number | string): Promise<string> {
  const accounts = await readAccounts(rpcUrl);
  const found =
    typeof account === 'number'
      ? accounts[account]
      : accounts.find((address) => address.toLowerCase() === account.toLowerCase());
  if (found === undefined) {
    throw new RegistryError(
      'ACCOUNT_UNAVAILABLE',
      `The node does not hold account ${String(account)}; name another, or use a keystore.`,
    );
  }
  return found;
}

async function sent(send: () => Promise<string>): Promise<string> {
  try {
    return await send();
  } catch (error) {
    throw asOurs(error);
  }
}

async function taken(send: () => Promise<string>): Promise<Taken> {
  try {
    return { hash: await send() };
  } catch (error) {
    const refused = notTaken(wordsOf(error));
    if (refused === undefined) throw asOurs(error);
    return { refused };
  }
}

/** ethers' failures as ours. */
function asOurs(error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  if (isError(error, 'CALL_EXCEPTION') && error.data !== null) return refusalFrom(error.data);
  if (isError(error, 'INSUFFICIENT_FUNDS') || meansFunds(wordsOf(error))) return cannotPay();
  return new RegistryError('TRANSACTION_FAILED', "The chain's node did not take the transaction.");
}

async function signed(sign: () => Promise<string>): Promise<string> {
  try {
    return await sign();
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    if (isError(error, 'INVALID_ARGUMENT') || error instanceof TypeError || error instanceof RangeError) {
      throw new RegistryError(
        'ARGUMENT_INVALID',
        'A term of the instruction is not of the kind that is signed.',
      );
    }
    throw new RegistryError(
      'ACCOUNT_UNAVAILABLE',
      "The chain's node does not sign for this account; use a keystore.",
    );
  }
}

export function cannotPay(): RegistryError {
  return new RegistryError('ACCOUNT_UNAVAILABLE', 'The account cannot pay for the transaction.');
}

/** Whether a node's words say that an account cannot pay. */
export function meansFunds(words: string): boolean {
  return /funds|balance/i.test(words);
}
