import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callNode } from '../../contracts/json-rpc.ts';
import { lowSignature } from '../../contracts/key-possession.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { encodeKid } from '../../contracts/registry-encoding.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { newKey } from '../support/cards.ts';
import {
  type Clients,
  fails,
  issuerOf,
  NODES,
  poorKeystore,
  provenKey,
  refuses,
  startClients,
} from './clients.ts';
import { word } from './ledger.ts';
import { lyingNode, result } from './rpc-stub.ts';

const NOBODY = `0x${'0'.repeat(40)}`;
const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

for (const { node, start } of NODES) {
  describe(`the client, on ${node}`, () => {
    let clients: Clients;
    before(async () => {
      clients = await startClients(start);
      await clients.governor.openJurisdiction('US-NY', 'New York', await clients.accreditor.sender());
    });
    after(() => clients.stop());

    const register = async (): Promise<number> =>
      (await clients.accreditor.registerIssuer(issuerOf(await clients.controller.sender()))).issuerId;

    test('it returns when what it wrote is in a block, with the gas that this took', async () => {
      const { block, gas, txHash } = await clients.governor.setJurisdictionSuspended('US-NY', true, 1);
      const receipt = await callNode(clients.chain.rpcUrl, 'eth_getTransactionReceipt', [txHash]);
      const { status, blockNumber, gasUsed } = receipt as Record<string, string>;
      assert.deepEqual([status, Number(blockNumber), BigInt(gasUsed ?? 0)], ['0x1', block, gas]);
      assert.deepEqual(await clients.governor.jurisdictionOf('US-NY'), {
        accreditor: await clients.accreditor.sender(),
        suspended: true,
      });
      await clients.governor.setJurisdictionSuspended('US-NY', false, 1);
      assert.equal(await clients.governor.governor(), await clients.governor.sender());
    });

    test('it turns a high s into the low one that the contract takes', async () => {
      const issuerId = await register();
      for (const high of [false, true]) {
        const key = newKey();
        const terms = provenKey(key, issuerId, clients.controller);
        const signature = Buffer.from(terms.signature);
        const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
        if (s > P256_ORDER / 2n !== high) {
          Buffer.from((P256_ORDER - s).toString(16).padStart(64, '0'), 'hex').copy(signature, 32);
        }
        assert.equal((await clients.controller.registerKey({ ...terms, signature })).kid, key.kid);
      }
      assert.throws(() => lowSignature(new Uint8Array(63)), { code: 'ARGUMENT_INVALID' });
    });

    test('it refuses in words, naming the error of the contract, before anything is sent', async () => {
      const { rpcUrl } = clients.chain;
      const { controller: client } = clients;
      const issuerId = await register();
      const [key, other] = [newKey(), newKey()];
      await client.registerKey(provenKey(key, issuerId, client));
      const account = await client.sender();
      const sent = await callNode(rpcUrl, 'eth_getTransactionCount', [account, 'latest']);
      const exists = client.registerKey(provenKey(key, issuerId, client));
      await refuses(exists, 'KeyExists', issuerId, encodeKid(key.kid));
      const forged = client.registerKey(provenKey(other, issuerId, client, newKey()));
      await refuses(forged, 'PossessionNotProven', encodeKid(other.kid));
      await refuses(client.retireKey(issuerId, other.kid), 'UnknownKey', issuerId, encodeKid(other.kid));
      await refuses(client.anchor(anchorOf(issuerId, 0)), 'CounterNotRising', 0, 0);
      await refuses(clients.governor.openJurisdiction('US-NJ', 'x', NOBODY), 'ZeroAddress');
      assert.equal(await callNode(rpcUrl, 'eth_getTransactionCount', [account, 'latest']), sent);
    });

    test('arguments that no registry takes are refused without asking it', async () => {
      const { governor: governing, controller: client, accreditor: accrediting } = clients;
      const bad: (() => Promise<unknown>)[] = [
        async () => governing.openJurisdiction('us-ny', 'x', NOBODY),
        async () => governing.openJurisdiction('US-NJ', 'x', 'nobody'),
        async () => client.retireKey(1, 'not a kid'),
        async () => client.retireKey(-1, newKey().kid),
        async () => client.anchor({ ...anchorOf(1, 1), root: new Uint8Array(31) }),
        async () => accrediting.setIssuerStatus(1, 'suspended', 70_000),
        async () => client.registerKey({ ...provenKey(newKey(), 1, client), x: 'AA' }),
      ];
      for (const work of bad) await fails(work(), 'ARGUMENT_INVALID');
    });

    test('another chain, no registry and no node are refused at once', async () => {
      await fails(clients.connect(0, { chainId: 1 }), 'WRONG_CHAIN');
      await fails(clients.connect(0, { address: await clients.stranger.sender() }), 'NO_REGISTRY');
      const mistyped = clients.address.replace('0x5FbDB', '0x5fBDB');
      await fails(clients.connect(0, { address: mistyped }), 'ARGUMENT_INVALID');
      await fails(clients.connect(0, { rpcUrl: 'http://127.0.0.1:1' }), 'CHAIN_UNAVAILABLE');
    });

    test('a chain exchanged behind the same URL is refused before anything is sent', async () => {
      let chainId = '0x7a69';
      const exchanged = await lyingNode(
        async (method, honest) => (method === 'eth_chainId' ? result(chainId) : honest()),
        clients.chain.rpcUrl,
      );
      try {
        const client = await clients.connect(0, { rpcUrl: exchanged.rpcUrl });
        chainId = '0x1';
        await fails(client.setJurisdictionSuspended('US-NY', true, 0), 'WRONG_CHAIN');
      } finally {
        await exchanged.stop();
      }
    });

    test('a transaction that fails in its block is reported as failed', async () => {
      const failing = await lyingNode(async (method, honest) => {
        const answer = (await honest()) as { result: object | null };
        // Until the block is there, a node has no receipt to lie about.
        if (method !== 'eth_getTransactionReceipt' || answer.result === null) return answer;
        return result({ ...answer.result, status: '0x0' });
      }, clients.chain.rpcUrl);
      try {
        const client = await clients.connect(0, { rpcUrl: failing.rpcUrl });
        const account = await clients.accreditor.sender();
        const error = await client
          .openJurisdiction('US-VT', 'Vermont', account)
          .catch((caught: unknown) => caught);
        assert.ok(error instanceof RegistryError);
        // By now the contract has a reason: whoever was first opened it.
        assert.deepEqual([error.code, error.refusal?.name], ['TRANSACTION_FAILED', 'JurisdictionExists']);
      } finally {
        await failing.stop();
      }
    });

    test('it sends as an account of the node by number or address, and as no other', async () => {
      const account = await clients.accreditor.sender();
      assert.equal(await (await clients.connect(account.toLowerCase())).sender(), account);
      for (const missing of [99, `0x${'22'.repeat(20)}`, 'me']) {
        const client = await clients.connect(missing);
        assert.ok((await client.logHead()).size > 0);
        await fails(client.sender(), 'ACCOUNT_UNAVAILABLE');
      }
    });

    test('it sends from an encrypted keystore once that can pay, and only with its passphrase', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pratique-keystore-'));
      try {
        const { address, keystore } = await poorKeystore(folder);
        const client = await clients.connect(0, { keystore });
        assert.equal(await client.sender(), address);
        await clients.governor.openJurisdiction('US-KEYSTORE', 'Keystore', address);
        const issuer = issuerOf(null, { jurisdiction: 'US-KEYSTORE' });
        await fails(client.registerIssuer(issuer), 'ACCOUNT_UNAVAILABLE');
        await callNode(clients.chain.rpcUrl, 'hardhat_setBalance', [address, '0xde0b6b3a7640000']);
        await client.registerIssuer(issuer);

        const locked = await clients.connect(0, { keystore: { ...keystore, passphrase: 'x' } });
        await fails(locked.sender(), 'ACCOUNT_UNAVAILABLE');
        await writeFile(keystore.path, '{"not":"a keystore"}');
        await fails((await clients.connect(0, { keystore })).sender(), 'ACCOUNT_UNAVAILABLE');
        await rm(keystore.path);
        await fails((await clients.connect(0, { keystore })).sender(), 'ACCOUNT_UNAVAILABLE');
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });
}

function anchorOf(issuerId: number, counter: number): Parameters<RegistryClient['anchor']>[0] {
  const root = Buffer.from(word('root').slice(2), 'hex');
  return { issuerId, list: 'name:audit', root, counter, length: 10, revoked: 0, final: false };
}
