import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { encryptKeystoreJson, Wallet } from 'ethers';
import { type LocalChain, startChain } from '../../cli/chain.ts';
import { builtHardhat } from '../../contracts/build.ts';
import { deployByIgnition } from '../../contracts/deploy-ignition.ts';
import { deployBytecode, type Deployment, deployRegistry } from '../../contracts/deploy.ts';
import { callNode } from '../../contracts/json-rpc.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import { NODES } from './clients.ts';
import { lyingNode } from './rpc-stub.ts';

const WAYS = [
  ['with Ignition, as in a checkout', deployByIgnition],
  ['from the bytecode, as where the package is installed', deployBytecode],
] as const;

for (const [title, deploy, node, start] of WAYS.flatMap(([way, by]) =>
  NODES.map((on) => [way, by, on.node, on.start] as const),
)) {
  describe(`deployment ${title}, on ${node}`, () => {
    let chain: LocalChain;
    before(async () => {
      chain = await start({ chainId: 4242 });
    });
    after(() => chain.stop());

    const refuses = (deployment: Partial<Deployment>, code: string): Promise<void> =>
      assert.rejects(
        deployRegistry({ rpcUrl: chain.rpcUrl, adminDelay: 0, ...deployment }, (order) => deploy(order)),
        { name: 'RegistryError', code },
      );

    test('a registry stands with its governor, and another beside it on the same chain', async () => {
      const { rpcUrl, chainId } = chain;
      const governor = `0x${'33'.repeat(20)}`;
      const first = await deployRegistry({ rpcUrl, chainId, adminDelay: 60 }, (order) => deploy(order));
      const second = await deployRegistry({ rpcUrl, account: 1, governor, adminDelay: 0 }, (order) =>
        deploy(order),
      );
      assert.notEqual(first.address, second.address);
      assert.deepEqual([first.chainId, first.block, second.block], [4242, 1, 2]);
      // Three contracts in one transaction: below what one may take (EIP-7825), and below 15 million as all others.
      assert.ok(first.gas > 1_000_000n && first.gas < 15_000_000n, String(first.gas));

      const client = await connectRegistry({ rpcUrl, address: first.address, chainId });
      assert.equal(await client.governor(), await client.sender());
      const other = await connectRegistry({ rpcUrl, address: second.address });
      assert.equal(await other.governor(), governor);
      assert.notEqual((await client.logHead()).head, (await other.logHead()).head);
      assert.ok(!existsSync(new URL('../../contracts/ignition/deployments', import.meta.url)));
    });

    test('a keystore pays for it, once it can', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'pratique-deploy-'));
      try {
        const { address, privateKey } = Wallet.createRandom();
        const keystore = { path: join(folder, 'keystore.json'), passphrase: 'correct horse' };
        const json = await encryptKeystoreJson({ address, privateKey }, keystore.passphrase, {
          scrypt: { N: 2, r: 8, p: 1 },
        });
        await writeFile(keystore.path, json);
        await refuses({ keystore }, 'ACCOUNT_UNAVAILABLE');
        await callNode(chain.rpcUrl, 'hardhat_setBalance', [address, '0xde0b6b3a7640000']);
        const { rpcUrl } = chain;
        const deployed = await deployRegistry({ rpcUrl, keystore, adminDelay: 0 }, (order) => deploy(order));
        const client = await connectRegistry({ rpcUrl, address: deployed.address });
        assert.equal(await client.governor(), address);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    test('the wrong chain, a missing or empty account, no node and a governor that cannot be are refused', async () => {
      await refuses({ chainId: 1 }, 'WRONG_CHAIN');
      await refuses({ account: 99 }, 'ACCOUNT_UNAVAILABLE');
      await refuses({ rpcUrl: 'http://127.0.0.1:1' }, 'CHAIN_UNAVAILABLE');
      await refuses({ governor: `0x${'0'.repeat(40)}` }, 'REVERTED');
      await refuses({ governor: '0x1234' }, 'ARGUMENT_INVALID');
      await refuses({ adminDelay: 2 ** 48 }, 'ARGUMENT_INVALID');
      const accounts = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
      await callNode(chain.rpcUrl, 'hardhat_setBalance', [accounts[5], '0x1']);
      await refuses({ account: 5 }, 'ACCOUNT_UNAVAILABLE');
    });

    test('a node that goes away half-way is said to be gone, one that takes nothing to have taken nothing', async () => {
      let gone = false;
      const leaving = await lyingNode((method, honest, response) => {
        gone ||= method === 'eth_sendTransaction';
        return gone ? void response.destroy() : honest();
      }, chain.rpcUrl);
      const refusing = await lyingNode(
        (method, honest) =>
          method === 'eth_sendTransaction'
            ? { jsonrpc: '2.0', id: 1, error: { code: -32_000, message: 'not today' } }
            : honest(),
        chain.rpcUrl,
      );
      const reverting = await lyingNode(async (method, honest) => {
        const answer = (await honest()) as { result: object | null };
        return method === 'eth_getTransactionReceipt' && answer.result !== null
          ? { ...answer, result: { ...answer.result, status: '0x0' } }
          : answer;
      }, chain.rpcUrl);
      try {
        await refuses({ rpcUrl: leaving.rpcUrl }, 'CHAIN_UNAVAILABLE');
        await refuses({ rpcUrl: refusing.rpcUrl }, 'TRANSACTION_FAILED');
        await refuses({ rpcUrl: reverting.rpcUrl }, 'TRANSACTION_FAILED');
      } finally {
        await leaving.stop();
        await refusing.stop();
        await reverting.stop();
      }
    });
  });
}

test('contracts that do not compile are said not to, and nothing is sent', async () => {
  const chain = await startChain();
  const folder = await mkdtemp(join(tmpdir(), 'pratique-broken-'));
  try {
    await writeFile(join(folder, 'Broken.sol'), 'pragma solidity ^0.8.30; contract Broken {');
    const paths = { sources: folder, artifacts: join(folder, 'artifacts'), cache: join(folder, 'cache') };
    const build: typeof builtHardhat = (overrides) =>
      builtHardhat({ ...overrides, paths: { ...overrides?.paths, ...paths } });
    await assert.rejects(
      deployRegistry({ rpcUrl: chain.rpcUrl, adminDelay: 0 }, (order) => deployByIgnition(order, build)),
      { name: 'RegistryError', code: 'BUILD_FAILED' },
    );
    assert.equal(await callNode(chain.rpcUrl, 'eth_blockNumber', []), '0x0');
  } finally {
    await chain.stop();
    await rm(folder, { recursive: true });
  }
});
