import assert from 'node:assert/strict';
import {
  AbiCoder,
  concat,
  getBytes,
  Interface,
  keccak256,
  type Result,
  ZeroAddress,
  zeroPadValue,
} from 'ethers';
import type { ChainOptions, LocalChain } from '../../cli/chain.ts';
import { issuerRegistryAbi, registryLensAbi } from '../../contracts/abi.ts';
import { askNode, callNode, revertData } from '../../contracts/json-rpc.ts';
import { keyPossessionMessage, lowSignature } from '../../contracts/key-possession.ts';
import { lensOf } from '../../contracts/lens.ts';
import { encodeCoordinate, encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import type { TestKey } from '../support/cards.ts';
import { mined, type Receipt, receiptOf } from '../support/receipt.ts';
import { type Client, registryBytecode, startClient } from './nodes.ts';

export const abi = new Interface(issuerRegistryAbi);
const lensAbi = new Interface(registryLensAbi);

export const STATUS = { None: 0, Pending: 1, Active: 2, Suspended: 3, Retired: 4, Withdrawn: 5 } as const;
export const KEY = { None: 0, Active: 1, Retired: 2, Compromised: 3 } as const;
export const VENUE = { None: 0, Active: 1, Suspended: 2, Withdrawn: 3 } as const;
export const REVOCATION = { None: 0, Bits: 1, Rids: 2 } as const;
export const GUARDIAN = keccak256(Buffer.from('GUARDIAN'));
export const DAY = 86_400;
/** Keys and accreditations of tests begin here; Unix seconds. */
export const FROM = 1_760_000_000;
export const UNTIL = FROM + 3650 * DAY;

/** A transaction that is to be carried out, or refused. */
export interface Call {
  readonly from: string;
  readonly name: string;
  readonly args: readonly unknown[];
  /** Time of its block, Unix seconds; not before the last one's. */
  readonly at?: number;
}

/** Below what one transaction may take since EIP-7825. */
const MAX_GAS = '0xe4e1c0';

/** A registry on a chain of its own, called directly: what the client would refuse reaches the contract too. */
export class Ledger {
  readonly rpcUrl: string;
  readonly chainId: number;
  readonly registry: string;
  /** What it cost to deploy, lens and P256Keys included. */
  readonly deploymentGas: number;
  readonly governor: string;
  readonly accreditor: string;
  readonly controller: string;
  readonly stranger: string;
  readonly guardian: string;
  readonly operator: string;
  /** The accreditor of another jurisdiction. */
  readonly neighbour: string;
  readonly successor: string;
  readonly stop: () => Promise<void>;
  #count = 0;

  constructor(chain: LocalChain, accounts: string[], deployment: { address: string; gas: number }) {
    this.rpcUrl = chain.rpcUrl;
    this.chainId = chain.chainId;
    this.stop = () => chain.stop();
    this.registry = deployment.address;
    this.deploymentGas = deployment.gas;
    [
      this.governor = '',
      this.accreditor = '',
      this.controller = '',
      this.stranger = '',
      this.guardian = '',
      this.operator = '',
      this.neighbour = '',
      this.successor = '',
    ] = accounts;
  }

  async rpc<T>(method: string, ...params: unknown[]): Promise<T> {
    return (await callNode(this.rpcUrl, method, params)) as T;
  }

  /** The results of a view of the registry. */
  async view(name: string, ...args: unknown[]): Promise<readonly unknown[]> {
    return this.#view('latest', this.registry, abi, name, args);
  }

  /** The results of a view of the lens. */
  async lens(name: string, ...args: unknown[]): Promise<readonly unknown[]> {
    return this.lensAt('latest', name, ...args);
  }

  /** The same at the end of a block. */
  async lensAt(block: string, name: string, ...args: unknown[]): Promise<readonly unknown[]> {
    return this.#view(block, lensOf(this.registry), lensAbi, name, args);
  }

  async #view(
    block: string,
    to: string,
    contract: Interface,
    name: string,
    args: unknown[],
  ): Promise<readonly unknown[]> {
    const data = contract.encodeFunctionData(name, args);
    const answer = await this.rpc<string>('eth_call', { to, data }, block);
    return contract.decodeFunctionResult(name, answer).toArray() as unknown[];
  }

  /** The record that a view of the lens returns, by its members' names. */
  async held(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    const [record] = await this.lens(name, ...args);
    return (record as Result).toObject();
  }

  /** A view of the lens returns a record with these members, written in any way. */
  async holds(name: string, args: readonly unknown[], expected: Record<string, unknown>): Promise<void> {
    assertMembers(await this.held(name, ...args), expected, name);
  }

  async send(from: string, name: string, ...args: readonly unknown[]): Promise<Receipt> {
    return this.carryOut({ from, name, args });
  }

  async carryOut({ from, name, args, at }: Call): Promise<Receipt> {
    if (at !== undefined) await this.rpc('evm_setNextBlockTimestamp', at);
    const call = { from, to: this.registry, data: abi.encodeFunctionData(name, [...args]) };
    // Estimated in one second and mined in the next, a time that is written costs more than was thought.
    const estimate = await askNode(this.rpcUrl, 'eth_estimateGas', [call]);
    const gas = 'result' in estimate ? { gas: `0x${(Number(estimate.result) + 25_000).toString(16)}` } : {};
    const answer = await askNode(this.rpcUrl, 'eth_sendTransaction', [{ ...call, ...gas }]);
    if ('refusal' in answer) assert.fail(`${name} is refused: ${wordsOf(revertData(answer.refusal))}`);
    const receipt = await this.receipt(answer.result);
    assert.equal(receipt.status, '0x1', `${name} is carried out`);
    return receipt;
  }

  /** Transactions in the order given, of one block, carried out or not. */
  async inOneBlock(calls: readonly Call[]): Promise<Receipt[]> {
    await this.rpc('evm_setAutomine', false);
    const hashes: unknown[] = [];
    for (const { from, name, args } of calls) {
      // Else a client might put them in another order.
      const maxPriorityFeePerGas = `0x${(1_000_000_000 - hashes.length).toString(16)}`;
      const data = abi.encodeFunctionData(name, [...args]);
      const fees = { gas: '0x1e8480', maxFeePerGas: '0x174876e800', maxPriorityFeePerGas };
      hashes.push(await this.rpc('eth_sendTransaction', { from, to: this.registry, data, ...fees }));
    }
    await this.rpc('evm_mine');
    await this.rpc('evm_setAutomine', true);
    return Promise.all(hashes.map((hash) => this.receipt(hash)));
  }

  async receipt(hash: unknown): Promise<Receipt> {
    return receiptOf(this.rpcUrl, hash);
  }

  /** The arguments of the one event of that name in a receipt. */
  event(receipt: Receipt, name: string): Record<string, unknown> {
    const found = receipt.logs.map((log) => abi.parseLog(log)).filter((log) => log?.name === name);
    assert.equal(found.length, 1, `one ${name}`);
    return found[0]?.args.toObject() ?? {};
  }

  /** A receipt has one event of that name, with these arguments, written in any way. */
  tells(receipt: Receipt, name: string, expected: Record<string, unknown>): void {
    assertMembers(this.event(receipt, name), expected, name);
  }

  /** Numbers of every kind, and hexadecimal digits in any case, are the same. */
  assertPlain(actual: readonly unknown[], expected: readonly unknown[]): void {
    assert.deepEqual(actual.map(plain), expected.map(plain));
  }

  /** The contract reverts with exactly this error, and a transaction sent all the same leaves storage as it was. */
  async refuses(call: Call, error: string, ...expected: unknown[]): Promise<void> {
    const data = await this.revertOf(call);
    const parsed = abi.parseError(data);
    assert.equal(parsed?.name, error, `${call.name} reverted with ${data}`);
    assert.deepEqual(parsed.args.toArray().map(plain), expected.map(plain));
  }

  /** What the contract reverts with; a transaction sent all the same is carried out no more than the call. */
  async revertOf({ from, name, args, at }: Call): Promise<string> {
    const before = await this.storageHash();
    const data = abi.encodeFunctionData(name, [...args]);
    const transaction = { from, to: this.registry, data, gas: MAX_GAS };
    if (at !== undefined) await this.rpc('evm_setNextBlockTimestamp', at);
    const block = at === undefined ? 'latest' : 'pending';
    const answer = await askNode(this.rpcUrl, 'eth_call', [transaction, block]);
    assert.ok('refusal' in answer, `${name} is refused`);

    if (at !== undefined) await this.rpc('evm_setNextBlockTimestamp', at);
    const sent = await askNode(this.rpcUrl, 'eth_sendTransaction', [transaction]);
    // Hardhat refuses what it has mined nevertheless.
    const hash = 'refusal' in sent ? (await this.block('latest')).transactions[0] : sent.result;
    const receipt = await this.receipt(hash);
    assert.deepEqual([receipt.status, receipt.from], ['0x0', from], `${name} is mined and fails`);
    assert.equal(await this.storageHash(), before, 'storage is unchanged');
    return revertData(answer.refusal) ?? assert.fail(`${name} fails, but not by a revert`);
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

  async block(which: string): Promise<{ timestamp: string; transactions: string[] }> {
    return this.rpc('eth_getBlockByNumber', which, false);
  }

  /** Of the last block, Unix seconds. */
  async time(): Promise<number> {
    return Number((await this.block('latest')).timestamp);
  }

  /** Lets time go by. */
  async pass(seconds: number): Promise<void> {
    await this.rpc('evm_increaseTime', seconds);
    await this.rpc('evm_mine');
  }

  async snapshot(): Promise<string> {
    return this.rpc('evm_snapshot');
  }

  async restore(snapshot: string): Promise<void> {
    assert.equal(await this.rpc('evm_revert', snapshot), true);
  }

  /** The governor offers the role, and the account takes it a delay later. */
  async appointGuardian(account = this.guardian): Promise<void> {
    await this.send(this.governor, 'grantRole', GUARDIAN, account);
    await this.pass(DAY);
    await this.send(account, 'acceptRole', GUARDIAN);
  }

  /** A jurisdiction of its own for a test. */
  async openJurisdiction(accreditor = this.accreditor): Promise<string> {
    const code = encodeJurisdiction(`J-${++this.#count}`);
    await this.send(this.governor, 'openJurisdiction', code, 'A jurisdiction', accreditor);
    return code;
  }

  async suspend(jurisdiction: string, suspended = true): Promise<Receipt> {
    return this.send(this.governor, 'setJurisdictionSuspended', jurisdiction, suspended, 0);
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

  async setStatus(issuerId: bigint, status: number, reason = 0): Promise<Receipt> {
    return this.send(this.accreditor, 'setIssuerStatus', issuerId, status, reason);
  }

  /** An issuer that came to a status in the way that its life allows. */
  async issuerIn(status: number, jurisdiction?: string, terms: object = {}): Promise<bigint> {
    const begins = status === STATUS.Pending ? STATUS.Pending : STATUS.Active;
    const id = await this.registerIssuer({ ...terms, status: begins }, jurisdiction);
    if (status !== begins) await this.setStatus(id, status);
    return id;
  }

  /** What `registerKey` takes, with a proof by `signer` over `bound`. */
  newKey(
    key: TestKey,
    issuerId: bigint,
    terms: { from?: number; until?: number; revocation?: number; signer?: TestKey; bound?: object } = {},
  ): Record<string, unknown> {
    const { from: validFrom = FROM, until: validUntil = UNTIL, signer = key, bound } = terms;
    const { chainId, registry } = this;
    const bindings = { chainId, registry, issuerId: Number(issuerId), kid: key.kid, validFrom, validUntil };
    const message = keyPossessionMessage({ ...bindings, ...bound });
    const { r, s } = lowSignature(signer.sign(message));
    const [x, y] = point(key);
    const { revocation = REVOCATION.Bits } = terms;
    return { issuerId, x, y, validFrom, validUntil, revocation, r, s };
  }

  async registerKey(key: TestKey, issuerId: bigint, terms: object = {}): Promise<string> {
    await this.send(this.controller, 'registerKey', this.newKey(key, issuerId, terms));
    return encodeKid(key.kid);
  }

  /** One of what `listKeys` takes. */
  listedKey(key: { readonly x: string; readonly y: string }, issuerId: bigint, terms: object = {}): object {
    const [x, y] = point(key);
    return { issuerId, x, y, validUntil: 0, revocation: REVOCATION.Rids, ...terms };
  }

  async listKey(key: TestKey, issuerId: bigint, terms: object = {}): Promise<string> {
    await this.send(this.accreditor, 'listKeys', [this.listedKey(key, issuerId, terms)]);
    return encodeKid(key.kid);
  }

  /** What `burnKey` takes, with a signature by `signer` over `bound`. */
  burning(key: TestKey, issuerId: bigint, { signer = key, bound = {} } = {}): unknown[] {
    const [x, y] = point(key).map((coordinate) => zeroPadValue(coordinate, 32));
    const { chainId, registry } = this;
    const terms = { context: 'pratique/key-burn/1', chainId, registry, x, y, ...bound };
    const types = ['string', 'uint256', 'address', 'bytes32', 'bytes32'];
    const message = AbiCoder.defaultAbiCoder().encode(types, Object.values(terms));
    const { r, s } = lowSignature(signer.sign(getBytes(message)));
    return [issuerId, x, y, r, s];
  }

  /** What `anchor` takes: the first anchor of a list. */
  newAnchor(issuerId: bigint, list: string, terms: object = {}): Record<string, unknown> {
    const anchor = { root: word('root'), counter: 1, length: 131_072, revoked: 0, isFinal: false };
    return { issuerId, list, ...anchor, ...terms };
  }

  /** The record of one list. */
  async anchorOf(issuerId: bigint, list: string): Promise<Record<string, unknown>> {
    const [, , anchors] = await this.lens('anchorsOf', [{ issuerId, list }]);
    return (anchors as Result[])[0]?.toObject() ?? {};
  }
}

/** Deployed by hand: Ignition, which `deploy.test.ts` sees to, takes a second for each. */
export async function startLedger({
  client = 'anvil',
  delay = DAY,
  ...options
}: ChainOptions & { client?: Client; delay?: number } = {}): Promise<Ledger> {
  const chain = await startClient(client, options);
  const accounts = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
  const args = AbiCoder.defaultAbiCoder().encode(['uint48', 'address'], [delay, accounts[0]]);
  const transaction = { from: accounts[0], data: concat([registryBytecode, args]) };
  const { contractAddress, gasUsed } = await mined(chain.rpcUrl, transaction);
  assert.ok(contractAddress !== null, 'the registry stands');
  return new Ledger(chain, accounts, { address: contractAddress, gas: Number(gasUsed) });
}

export function point(key: { readonly x: string; readonly y: string }): [string, string] {
  return [encodeCoordinate(key.x), encodeCoordinate(key.y)];
}

export function word(text: string): string {
  return keccak256(Buffer.from(text));
}

/** Numbers of every kind, addresses in any case, the same written one way. */
function plain(value: unknown): string {
  return String(value).toLowerCase();
}

function assertMembers(
  actual: Record<string, unknown>,
  expected: Record<string, unknown>,
  name: string,
): void {
  const members = Object.keys(expected);
  assert.deepEqual(
    members.map((member) => [member, plain(actual[member])]),
    members.map((member) => [member, plain(expected[member])]),
    name,
  );
}

function wordsOf(data = '0x'): string {
  const parsed = abi.parseError(data);
  return parsed === null ? data : `${parsed.name}(${parsed.args.toArray().map(plain).join(', ')})`;
}
