import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AbiCoder, concat, getBytes, id as keccakOf, Interface, zeroPadValue } from 'ethers';
import type { LocalChain } from '../../cli/chain.ts';
import { issuerRegistryAbi, registryLensAbi } from '../../contracts/abi.ts';
import { issuerRegistryBytecode } from '../../contracts/bytecode.ts';
import { askNode, callNode, revertData } from '../../contracts/json-rpc.ts';
import { keyPossessionMessage, lowSignature } from '../../contracts/key-possession.ts';
import { lensOf } from '../../contracts/lens.ts';
import { encodeCoordinate, encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import type { StatusFile } from '../../verifier/node/status-files.ts';
import { syncTrust } from '../../verifier/node/sync.ts';
import { openTrustStore } from '../../verifier/node/trust-store.ts';
import type { TrustStore } from '../../verifier/node/trust-store.ts';
import type { Code, Decision } from '../../verifier/pipeline/decision.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { anchoredTrust, decide, mintCard, newKey } from '../support/cards.ts';
import type { TestKey } from '../support/cards.ts';
import { type EmittedLog, mined } from '../support/receipt.ts';

export const DAY = 86_400;
export const STATUS = { pending: 1, active: 2, suspended: 3, retired: 4, withdrawn: 5 } as const;
export const REVOCATION = { none: 0, bits: 1, rids: 2 } as const;

const registryInterface = new Interface(issuerRegistryAbi);
const lensInterface = new Interface(registryLensAbi);
const GUARDIAN = keccakOf('GUARDIAN');
/** Estimated in the second of the write before, a write of the time is cheaper than it turns out to be. */
const MAX_GAS = '0xe4e1c0';

/** A card in somebody's hand, with what the registry is asked about it. */
export interface Card {
  readonly jws: string;
  readonly iss: string;
  readonly kid: string;
  readonly nbf: number;
}

/** An issuer with a key of its own. */
export interface Member {
  readonly id: bigint;
  readonly iss: string;
  readonly key: TestKey;
}

/**
 * A registry on a real chain, an account for each role, and a gate that decides about cards by what it syncs.
 *
 * Every answer of the gate is held against the contract's own word: the lens trusts the card's issuer and key if and
 * only if the gate's checks of both have passed.
 */
export class Life {
  readonly registry: string;
  readonly governor: string;
  readonly accreditor: string;
  readonly neighbour: string;
  readonly controller: string;
  readonly guardian: string;
  readonly newcomer: string;
  readonly operator: string;
  /** Status data that was published, for the next sync. */
  readonly published: StatusFile[] = [];
  readonly #chain: LocalChain;
  readonly #folder: string;
  readonly #store: TrustStore;
  #count = 0;

  private constructor(
    chain: LocalChain,
    registry: string,
    accounts: readonly string[],
    gate: { readonly folder: string; readonly store: TrustStore },
  ) {
    this.#chain = chain;
    this.registry = registry;
    this.#folder = gate.folder;
    this.#store = gate.store;
    [
      this.governor = '',
      this.accreditor = '',
      this.neighbour = '',
      this.controller = '',
      this.guardian = '',
      this.newcomer = '',
      this.operator = '',
    ] = accounts;
  }

  /** With a guardian in its role. */
  static async start(chain: LocalChain): Promise<Life> {
    const accounts = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
    const args = AbiCoder.defaultAbiCoder().encode(['uint48', 'address'], [DAY, accounts[0]]);
    const deployment = { from: accounts[0], data: concat([issuerRegistryBytecode, args]) };
    const { contractAddress } = await mined(chain.rpcUrl, deployment);
    const folder = await mkdtemp(join(tmpdir(), 'pratique-life-'));
    assert.ok(contractAddress !== null, 'the registry stands');
    const life = new Life(chain, contractAddress, accounts, { folder, store: await openTrustStore(folder) });
    await life.send(life.governor, 'grantRole', GUARDIAN, life.guardian);
    await life.pass(DAY);
    await life.send(life.guardian, 'acceptRole', GUARDIAN);
    return life;
  }

  async stop(): Promise<void> {
    await this.#store.close();
    await rm(this.#folder, { recursive: true });
    await this.#chain.stop();
  }

  // ------------------------------------------------------------------ the chain

  /** Carry out a transaction; the arguments of the event that it ended with. */
  async send(from: string, name: string, ...args: readonly unknown[]): Promise<Record<string, unknown>> {
    const data = registryInterface.encodeFunctionData(name, args);
    const { logs } = await mined(this.#chain.rpcUrl, { from, to: this.registry, data, gas: MAX_GAS });
    const last = logs.at(-1);
    return last === undefined ? {} : (registryInterface.parseLog(last)?.args.toObject() ?? {});
  }

  /** The name of the error that the contract refuses a transaction with; undefined if it does not. */
  async refusal(from: string, name: string, ...args: readonly unknown[]): Promise<string | undefined> {
    const call = { from, to: this.registry, data: registryInterface.encodeFunctionData(name, args) };
    const answer = await askNode(this.#chain.rpcUrl, 'eth_call', [call, 'latest']);
    if ('result' in answer) return undefined;
    return registryInterface.parseError(revertData(answer.refusal) ?? '0x')?.name;
  }

  /** Of the last block, Unix seconds. */
  async time(): Promise<number> {
    const block = await callNode(this.#chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false]);
    return Number((block as { timestamp: string }).timestamp);
  }

  async pass(seconds: number): Promise<void> {
    await callNode(this.#chain.rpcUrl, 'evm_increaseTime', [seconds]);
    await callNode(this.#chain.rpcUrl, 'evm_mine', []);
  }

  async jurisdiction(accreditor = this.accreditor): Promise<string> {
    const code = `J-${++this.#count}`;
    const name = `Jurisdiction ${code}`;
    await this.send(this.governor, 'openJurisdiction', encodeJurisdiction(code), name, accreditor);
    return code;
  }

  async issuer(terms: object = {}, code?: string): Promise<Omit<Member, 'key'>> {
    const iss = `https://issuer-${++this.#count}.example/health`;
    const jurisdiction = encodeJurisdiction(code ?? (await this.jurisdiction()));
    const made = await this.send(this.accreditor, 'registerIssuer', {
      iss,
      name: 'An issuer',
      statusBase: iss,
      jurisdiction,
      controller: this.controller,
      accreditedFrom: 0,
      accreditedUntil: 0,
      attestations: 0,
      status: STATUS.active,
      ...terms,
    });
    return { id: made['issuerId'] as bigint, iss };
  }

  /** What `registerKey` takes. */
  async newKey(issuerId: bigint, key: TestKey, revocation: number = REVOCATION.none): Promise<object> {
    const { registry } = this;
    const { chainId } = this.#chain;
    const [validFrom, validUntil] = [1, (await this.time()) + 400 * DAY];
    const bound = { chainId, registry, issuerId: Number(issuerId), kid: key.kid, validFrom, validUntil };
    const proof = lowSignature(key.sign(keyPossessionMessage(bound)));
    const [x, y] = [encodeCoordinate(key.x, 32), encodeCoordinate(key.y, 32)];
    return { issuerId, x, y, validFrom, validUntil, revocation, ...proof };
  }

  async listKey(issuerId: bigint, key: TestKey): Promise<void> {
    const [x, y] = [encodeCoordinate(key.x), encodeCoordinate(key.y)];
    const listed = { issuerId, x, y, validUntil: 0, revocation: REVOCATION.none };
    await this.send(this.accreditor, 'listKeys', [listed]);
  }

  /** Whoever finds a key lying about; nobody's account. */
  async burn(issuerId: bigint, key: TestKey): Promise<void> {
    const [x, y] = [key.x, key.y].map((coordinate) => zeroPadValue(encodeCoordinate(coordinate), 32));
    const message = AbiCoder.defaultAbiCoder().encode(
      ['string', 'uint256', 'address', 'bytes32', 'bytes32'],
      ['pratique/key-burn/1', this.#chain.chainId, this.registry, x, y],
    );
    const { r, s } = lowSignature(key.sign(getBytes(message)));
    await this.send(this.newcomer, 'burnKey', issuerId, x, y, r, s);
  }

  /** An active issuer with a registered key. */
  async member(
    terms: object = {},
    { code, revocation }: { readonly code?: string; readonly revocation?: number } = {},
  ): Promise<Member> {
    const made = await this.issuer(terms, code);
    const key = newKey();
    await this.send(this.controller, 'registerKey', await this.newKey(made.id, key, revocation));
    return { ...made, key };
  }

  /** The names of all events in the log so far. */
  async loggedEvents(): Promise<ReadonlySet<string>> {
    const filter = { address: this.registry, fromBlock: '0x0', toBlock: 'latest' };
    const logs = (await callNode(this.#chain.rpcUrl, 'eth_getLogs', [filter])) as EmittedLog[];
    const events = logs.flatMap((log) => registryInterface.parseLog(log) ?? []);
    return new Set(events.filter(({ args }) => 'seq' in args.toObject()).map(({ name }) => name));
  }

  // ----------------------------------------------------------- cards, and the gate

  /** A card issued as of the last block, unless told otherwise. */
  async issue(
    { iss, key }: Pick<Member, 'iss' | 'key'>,
    content: { readonly nbf?: number; readonly rid?: string } = {},
  ): Promise<Card> {
    const nbf = content.nbf ?? (await this.time());
    return { jws: mintCard(key, { ...content, iss, nbf }), iss, kid: key.kid, nbf };
  }

  /** What the gate knows after a sync. */
  async sync(): Promise<TrustDocument> {
    const { rpcUrl } = this.#chain;
    const { registry, published: lists } = this;
    await syncTrust({
      // On anvil nothing is final before 64 blocks.
      chain: { rpcUrls: [rpcUrl], confirmations: 0 },
      registry,
      store: this.#store,
      lists,
      now: await this.time(),
    });
    const document = this.#store.document();
    assert.ok(document);
    return document;
  }

  /** What the gate says of a card after a sync. */
  async decision(card: Card): Promise<Decision> {
    const trust = anchoredTrust(await this.sync());
    const decision = await decide(card.jws, trust, { now: await this.time() });
    const { issuer, key } = decision.checks;
    assert.equal(issuer === 'passed' && key === 'passed', await this.#isTrusted(card));
    return decision;
  }

  async codes(card: Card): Promise<readonly Code[]> {
    return (await this.decision(card)).codes;
  }

  async #isTrusted({ iss, kid, nbf }: Card): Promise<boolean> {
    const data = lensInterface.encodeFunctionData('isTrusted', [iss, encodeKid(kid), nbf]);
    const call = { to: lensOf(this.registry), data };
    const answer = await callNode(this.#chain.rpcUrl, 'eth_call', [call, 'latest']);
    return lensInterface.decodeFunctionResult('isTrusted', String(answer))[0] === true;
  }
}
