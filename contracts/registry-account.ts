import { readFile } from 'node:fs/promises';
import {
  getAddress,
  isError,
  JsonRpcProvider,
  JsonRpcSigner,
  type JsonRpcPayload,
  type JsonRpcResult,
  type TransactionRequest,
  type TypedDataDomain,
  type TypedDataField,
  Wallet,
} from 'ethers';
import { askNode, callNode, hexBytes, isRecord } from './json-rpc.ts';
import { RegistryError } from './registry-error.ts';
import { refusalFrom } from './refusals.ts';

/** Which account sends: one that the node holds, by index or address, or one from an encrypted keystore file. */
export type AccountChoice =
  | { readonly account: number | string }
  | { readonly keystore: { readonly path: string; readonly passphrase: string } };

export interface Account {
  readonly address: string;
  /** Sign and send one call, or with `to` null a new contract; returns the transaction's hash without waiting for a block. */
  send(to: string | null, data: string): Promise<string>;
  /** Sign by EIP-712; nothing is sent to the chain. */
  signTypedData(
    domain: TypedDataDomain,
    types: Record<string, TypedDataField[]>,
    message: Record<string, unknown>,
  ): Promise<string>;
}

/** A fresh word of storage (EIP-2929: 22,100), and a little. */
const GAS_HEADROOM = 25_000n;

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
    send: (to, data) => sent(() => signer.sendUncheckedTransaction(transaction(to, data))),
    // eth_signTypedData_v4
    signTypedData: (domain, types, message) => signed(() => signer.signTypedData(domain, types, message)),
  };
}

/** The account of an unlocked keystore. */
export function accountOfWallet(rpcUrl: string, chainId: number, wallet: Wallet): Account {
  const signer = wallet.connect(new NodeProvider(rpcUrl, chainId));
  return {
    address: wallet.address,
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

/** ethers' failures as ours. */
async function sent(send: () => Promise<string>): Promise<string> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    if (isError(error, 'CALL_EXCEPTION') && error.data !== null) throw refusalFrom(error.data);
    if (isError(error, 'INSUFFICIENT_FUNDS') || namesFunds(error)) {
      throw cannotPay();
    }
    throw new RegistryError('TRANSACTION_FAILED', "The chain's node did not take the transaction.");
  }
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

/** Nodes say it each in their own words, and ethers knows geth's only. */
function namesFunds(error: unknown): boolean {
  if (!isRecord(error)) return false;
  const { info, error: direct } = error;
  const answer = isRecord(info) ? info['error'] : direct;
  return isRecord(answer) && meansFunds(String(answer['message']));
}

/** Whether a node's words say that an account cannot pay. */
export function meansFunds(words: string): boolean {
  return /funds|balance/i.test(words);
}
