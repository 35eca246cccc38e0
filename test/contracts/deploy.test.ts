import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { type LocalChain, startChain } from '../../cli/chain.ts';
import { deployRegistry } from '../../contracts/deploy.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';

describe('deployment', () => {
  let chain: LocalChain;
  before(async () => {
    chain = await startChain({ chainId: 4242 });
  });
  after(() => chain.stop());

  test('a registry stands with its governor, and another beside it on the same chain', async () => {
    const { rpcUrl, chainId } = chain;
    const governor = `0x${'33'.repeat(20)}`;
    const first = await deployRegistry({ rpcUrl, chainId, adminDelay: 60 });
    const second = await deployRegistry({ rpcUrl, account: 1, governor, adminDelay: 0 });
    assert.notEqual(first.address, second.address);
    assert.deepEqual([first.chainId, first.block, second.block], [4242, 1, 2]);
    assert.ok(first.gas > 1_000_000n);

    const client = await connectRegistry({ rpcUrl, address: first.address, chainId });
    assert.equal(await client.governor(), await client.sender());
    const other = await connectRegistry({ rpcUrl, address: second.address });
    assert.equal(await other.governor(), governor);
    assert.notEqual((await client.logHead()).head, (await other.logHead()).head);
    assert.ok(!existsSync(new URL('../../contracts/ignition/deployments', import.meta.url)));
  });

  test('the wrong chain, a missing account, no node and a governor that cannot be are refused', async () => {
    const { rpcUrl } = chain;
    const terms = { rpcUrl, adminDelay: 0 };
    await assert.rejects(deployRegistry({ ...terms, chainId: 1 }), { code: 'WRONG_CHAIN' });
    await assert.rejects(deployRegistry({ ...terms, account: 99 }), { code: 'ACCOUNT_UNAVAILABLE' });
    await assert.rejects(deployRegistry({ ...terms, rpcUrl: 'http://127.0.0.1:1' }), {
      code: 'CHAIN_UNAVAILABLE',
    });
    const governor = `0x${'0'.repeat(40)}`;
    await assert.rejects(deployRegistry({ ...terms, governor }), { code: 'TRANSACTION_FAILED' });
  });
});
