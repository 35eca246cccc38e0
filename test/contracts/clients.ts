import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { encryptKeystoreJson, Wallet } from 'ethers';
import { deployBytecode, deployRegistry } from '../../contracts/deploy.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { keyPossessionMessage } from '../../contracts/key-possession.ts';
import type { RegistryConnection } from '../../contracts/registry-calls.ts';
import { connectRegistry, type RegistryClient } from '../../contracts/registry-client.ts';
import { type RegistryCode, RegistryError } from '../../contracts/registry-error.ts';
import type { NewIssuer, NewKey } from '../../contracts/registry-terms.ts';
import { startAnvil } from '../support/anvil.ts';
import type { TestKey } from '../support/cards.ts';
import { type LocalChain, startChain } from '../../cli/chain.ts';
import { FROM, UNTIL } from './ledger.ts';

/** The real clients of a chain that everything written has to work with. */
export const NODES: readonly {
  readonly node: string;
  readonly start: (options?: { readonly chainId?: number }) => Promise<LocalChain>;
}[] = [
  { node: 'Hardhat’s node', start: startChain },
  { node: 'anvil', start: startAnvil },
];

/** A registry on a chain of its own, with a client for each role. */
export interface Clients {
  readonly chain: LocalChain;
  readonly address: string;
  readonly governor: RegistryClient;
  readonly accreditor: RegistryClient;
  readonly controller: RegistryClient;
  readonly stranger: RegistryClient;
  connect(account: number | string, terms?: Partial<RegistryConnection>): Promise<RegistryClient>;
  /** Let time go by without a block. */
  pass(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export const DELAY = 3600;

export async function startClients(start: () => Promise<LocalChain>): Promise<Clients> {
  const chain = await start();
  const { rpcUrl } = chain;
  const { address } = await deployRegistry({ rpcUrl, adminDelay: DELAY }, deployBytecode);
  const connect: Clients['connect'] = async (account, terms = {}) =>
    connectRegistry({ rpcUrl, address, account, ...terms });
  return {
    chain,
    address,
    governor: await connect(0),
    accreditor: await connect(1),
    controller: await connect(2),
    stranger: await connect(3),
    connect,
    async pass(seconds) {
      await callNode(rpcUrl, 'evm_increaseTime', [seconds]);
    },
    stop: () => chain.stop(),
  };
}

/** An issuer of US-NY with an `iss` of its own. */
export function issuerOf(controller: string | null, terms: Partial<NewIssuer> = {}): NewIssuer {
  const iss = `https://${randomUUID()}.example`;
  return {
    iss,
    name: 'An issuer',
    statusBase: iss,
    jurisdiction: 'US-NY',
    controller,
    accreditedFrom: FROM,
    accreditedUntil: 0,
    attestations: 3,
    status: 'active',
    ...terms,
  };
}

/** A key with the proof that it is held. */
export function provenKey(key: TestKey, issuerId: number, client: RegistryClient, signer = key): NewKey {
  const { chainId, address: registry } = client;
  const window = { validFrom: FROM, validUntil: UNTIL };
  const signature = signer.sign(
    keyPossessionMessage({ chainId, registry, issuerId, kid: key.kid, ...window }),
  );
  return { issuerId, x: key.x, y: key.y, ...window, revocation: 'bits', signature };
}

/** An account without ether in an encrypted keystore, whose passphrase costs nothing. */
export async function poorKeystore(
  folder: string,
): Promise<{ address: string; keystore: { path: string; passphrase: string } }> {
  const { address, privateKey } = Wallet.createRandom();
  const keystore = { path: join(folder, `${address}.json`), passphrase: 'correct horse' };
  const json = await encryptKeystoreJson({ address, privateKey }, keystore.passphrase, {
    scrypt: { N: 2, r: 8, p: 1 },
  });
  await writeFile(keystore.path, json);
  return { address, keystore };
}

export async function fails(work: Promise<unknown>, code: RegistryCode): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof RegistryError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, /^[A-Z].*\.$/s);
    return true;
  });
}

/** The contract's own error, by name and arguments, before anything is sent; answers the sentence. */
export async function refuses(
  work: Promise<unknown>,
  name: string,
  ...args: readonly unknown[]
): Promise<string> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  assert.ok(error instanceof RegistryError, `${name}: ${String(error)}`);
  const plain = (values: readonly unknown[] = []): string[] => values.map(String);
  assert.deepEqual([error.code, error.refusal?.name], ['REVERTED', name], error.message);
  assert.deepEqual(plain(error.refusal?.args), plain(args));
  assert.match(error.message, /^[A-Z].*\.$/s);
  return error.message;
}
