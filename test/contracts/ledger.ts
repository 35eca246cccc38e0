import assert from 'node:assert/strict';
import { AbiCoder, concat, Interface, keccak256, type Result, ZeroAddress } from 'ethers';
import { type ChainOptions, startChain } from '../../cli/chain.ts';
import { issuerRegistryAbi, registryLensAbi } from '../../contracts/abi.ts';
import { builtHardhat } from '../../contracts/build.ts';
import { askNode, callNode, revertData } from '../../contracts/json-rpc.ts';
import { keyPossessionMessage, lowSignature } from '../../contracts/key-possession.ts';
import { lensOf } from '../../contracts/lens.ts';
import { encodeCoordinate, encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import type { TestKey } from '../support/cards.ts';

export const abi = new Interface(issuerRegistryAbi);
const lensAbi = new Interface(registryLensAbi);

export const STATUS = { None: 0, Pending: 1, Active: 2, Suspended: 3, Retired: 4, Withdrawn: 5 } as const;
export const KEY = { None: 0, Active: 1, Retired: 2, Compromised: 3 } as const;
export const REVOCATION = { None: 0, Bits: 1, Rids: 2 } as const;
export const DAY = 86_400;
/** Keys and accreditations of tests begin here; Unix seconds. */
export const FROM = 1_760_000_000;
export const UNTIL = FROM + 3650 * DAY;

export interface EmittedLog {
  readonly address: string;
  readonly topics: string[];
  readonly data: string;
}

export interface Receipt {
  readonly transactionHash: string;
  readonly blockNumber: string;
  readonly gasUsed: string;
  readonly status: string;
  readonly logs: readonly EmittedLog[];
}

/** A registry on a chain of its own, called directly: what the client would refuse reaches the contract too. */
export class Ledger {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly registry: string;
  readonly governor: string;
  readonly accreditor: string;
  readonly controller: string;
  readonly stranger: string;
  readonly stop: () => Promise<void>;
  #count = 0;

  constructor(
    chain: { rpcUrl: string; chainId: number; stop: () => Promise<void> },
    registry: string,
    accounts: string[],
  ) {
    this.rpcUrl = chain.rpcUrl;
    this.chainId = chain.chainId;
    this.stop = chain.stop;
    this.registry = registry;
    [this.governor = '', this.accreditor = '', this.controller = '', this.stranger = ''] = accounts;
  }

  async rpc<T>(method: string, ...params: unknown[]): Promise<T> {
    return (await callNode(this.rpcUrl, method, params)) as T;
  }

  async view(name: string, ...args: unknown[]): Promise<readonly unknown[]> {
    const data = await this.rpc<string>(
      'eth_call',
      { to: this.registry, data: abi.encodeFunctionData(name, args) },
      'latest',
    );
    return abi.decodeFunctionResult(name, data).toArray() as unknown[];
  }

  /** The results of a view of the lens. */
  async lens(name: string, ...args: unknown[]): Promise<readonly unknown[]> {
    const data = await this.rpc<string>(
      'eth_call',
      { to: lensOf(this.registry), data: lensAbi.encodeFunctionData(name, args) },
      'latest',
    );
    return lensAbi.decodeFunctionResult(name, data).toArray() as unknown[];
  }

  /** The record that a view of the lens returns, by its members' names. */
  async held(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    const [record] = await this.lens(name, ...args);
    return (record as Result).toObject();
  }

  async send(from: string, name: string, ...args: unknown[]): Promise<Receipt> {
    const data = abi.encodeFunctionData(name, args);
    const hash = await this.rpc('eth_sendTransaction', { from, to: this.registry, data });
    const receipt = await this.rpc<Receipt>('eth_getTransactionReceipt', hash);
    assert.equal(receipt.status, '0x1', `${name} was carried out`);
    return receipt;
  }

  /** The arguments of the one event of that name in a receipt. */
  event(receipt: Receipt, name: string): Record<string, unknown> {
    const found = receipt.logs.map((log) => abi.parseLog(log)).filter((log) => log?.name === name);
    assert.equal(found.length, 1, `one ${name}`);
    return found[0]?.args.toObject() ?? {};
  }

  /** The contract reverts with exactly this error, and a transaction sent all the same leaves storage as it was. */
  async refuses(
    call: { from: string; name: string; args: unknown[] },
    error: string,
    ...expected: unknown[]
  ): Promise<void> {
    const { from, name, args } = call;
    const before = await this.storageHash();
    const transaction = {
      from,
      to: this.registry,
      data: abi.encodeFunctionData(name, args),
      gas: '0x4c4b40',
    };
    const answer = await askNode(this.rpcUrl, 'eth_call', [transaction, 'latest']);
    assert.ok('refusal' in answer, `${name} is refused`);
    const parsed = abi.parseError(revertData(answer.refusal) ?? '0x');
    const plain = (values: readonly unknown[]): string[] =>
      values.map((value) => String(value).toLowerCase());
    assert.equal(parsed?.name, error);
    assert.deepEqual(plain(parsed.args.toArray()), plain(expected));
    await askNode(this.rpcUrl, 'eth_sendTransaction', [transaction]);
    assert.equal(await this.storageHash(), before, 'storage is unchanged');
  }

  async storageHash(): Promise<string> {
    const { storageHash } = await this.rpc<{ storageHash: string }>(
      'eth_getProof',
      this.registry,
      [],
      'latest',
    );
    return storageHash;
  }

  async time(): Promise<number> {
    const { timestamp } = await this.rpc<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false);
    return Number(timestamp);
  }

  /** A jurisdiction of its own for a test. */
  async openJurisdiction(): Promise<string> {
    const code = encodeJurisdiction(`J-${++this.#count}`);
    await this.send(this.governor, 'openJurisdiction', code, 'A jurisdiction', this.accreditor);
    return code;
  }

  /** What `registerIssuer` takes, with an `iss` of its own. */
  newIssuer(jurisdiction: string, terms: object = {}): object {
    const iss = `https://issuer-${++this.#count}.example`;
    return {
      iss,
      name: 'An issuer',
      statusBase: iss,
      jurisdiction,
      controller: this.controller,
      accreditedFrom: FROM,
      accreditedUntil: 0,
      attestations: 0,
      status: STATUS.Active,
      ...terms,
    };
  }

  async registerIssuer(terms: object = {}, jurisdiction?: string): Promise<bigint> {
    const issuer = this.newIssuer(jurisdiction ?? (await this.openJurisdiction()), terms);
    const receipt = await this.send(this.accreditor, 'registerIssuer', issuer);
    return this.event(receipt, 'IssuerRegistered')['issuerId'] as bigint;
  }

  /** An issuer without controller, whose keys the accreditor lists. */
  async listIssuer(jurisdiction?: string): Promise<bigint> {
    return this.registerIssuer({ controller: ZeroAddress }, jurisdiction);
  }

  /** What `registerKey` takes, with a proof by `signer` over `bound`. */
  newKey(
    key: TestKey,
    issuerId: bigint,
    terms: { from?: number; until?: number; signer?: TestKey; bound?: object } = {},
  ): Record<string, unknown> {
    const { from: validFrom = FROM, until: validUntil = UNTIL, signer = key, bound } = terms;
    const { chainId, registry } = this;
    const bindings = { chainId, registry, issuerId: Number(issuerId), kid: key.kid, validFrom, validUntil };
    const message = keyPossessionMessage({ ...bindings, ...bound });
    const { r, s } = lowSignature(signer.sign(message));
    const [x, y] = point(key);
    return { issuerId, x, y, validFrom, validUntil, revocation: REVOCATION.Bits, r, s };
  }

  async registerKey(key: TestKey, issuerId: bigint): Promise<string> {
    await this.send(this.controller, 'registerKey', this.newKey(key, issuerId));
    return encodeKid(key.kid);
  }

  /** One of what `listKeys` takes. */
  listedKey(key: { readonly x: string; readonly y: string }, issuerId: bigint, validUntil = 0): object {
    const [x, y] = point(key);
    return { issuerId, x, y, validUntil, revocation: REVOCATION.Rids };
  }

  async listKey(key: TestKey, issuerId: bigint, until = 0): Promise<string> {
    await this.send(this.accreditor, 'listKeys', [this.listedKey(key, issuerId, until)]);
    return encodeKid(key.kid);
  }
}

/** Deployed by hand: Ignition, which `deploy.test.ts` sees to, takes a second for each. */
export async function startLedger(options: ChainOptions = {}): Promise<Ledger> {
  const [chain, hre] = await Promise.all([startChain(options), builtHardhat()]);
  const accounts = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
  const { bytecode } = await hre.artifacts.readArtifact('IssuerRegistry');
  const args = AbiCoder.defaultAbiCoder().encode(['uint48', 'address'], [DAY, accounts[0]]);
  const transaction = { from: accounts[0], data: concat([bytecode, args]) };
  const hash = await callNode(chain.rpcUrl, 'eth_sendTransaction', [transaction]);
  const receipt = await callNode(chain.rpcUrl, 'eth_getTransactionReceipt', [hash]);
  const { contractAddress } = receipt as { contractAddress: string };
  return new Ledger(chain, contractAddress, accounts);
}

export function point(key: { readonly x: string; readonly y: string }): [string, string] {
  return [encodeCoordinate(key.x), encodeCoordinate(key.y)];
}

export function word(text: string): string {
  return keccak256(Buffer.from(text));
}
