import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChain } from '../../cli/chain.ts';
import { callNode } from '../../contracts/json-rpc.ts';

const CHAIN = new URL('../../cli/chain.ts', import.meta.url).href;
const ANVIL = new URL('../support/anvil.ts', import.meta.url).href;

describe('the local chain', () => {
  test('it answers with the chain id asked for, its clock not ahead of ours, until it is stopped', async () => {
    const chain = await startChain({ chainId: 777 });
    assert.match(chain.rpcUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await callNode(chain.rpcUrl, 'eth_chainId', []), '0x309');
    const [from] = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
    for (let i = 0; i < 20; i++) await callNode(chain.rpcUrl, 'eth_sendTransaction', [{ from, to: from }]);
    const { timestamp } = (await callNode(chain.rpcUrl, 'eth_getBlockByNumber', ['latest', false])) as {
      timestamp: string;
    };
    assert.ok(Number(timestamp) <= Math.ceil(Date.now() / 1000));

    await assert.rejects(startChain({ port: Number(new URL(chain.rpcUrl).port) }), {
      code: 'CHAIN_UNAVAILABLE',
    });
    await chain.stop();
    await chain.stop();
    await assert.rejects(callNode(chain.rpcUrl, 'eth_chainId', []), { code: 'CHAIN_UNAVAILABLE' });
  });

  const killed = "process.kill(process.pid, 'SIGKILL');";
  for (const [title, module, start, ending] of [
    ['it does not outlive a process that ends without stopping it', CHAIN, 'startChain', ''],
    ['it does not outlive a process that is killed', CHAIN, 'startChain', killed],
    ['nor does anvil one that ends', ANVIL, 'startAnvil', ''],
    ['nor does anvil one that is killed', ANVIL, 'startAnvil', killed],
  ] as const) {
    test(title, async () => {
      const script = `const { ${start} } = await import('${module}');
        console.log((await ${start}()).rpcUrl); ${ending}`;
      const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(child, 'exit');
      const [rpcUrl] = (await once(createInterface(child.stdout), 'line')) as [string];
      await ended;
      assert.ok(await isGone(rpcUrl));
    });
  }
});

async function isGone(rpcUrl: string): Promise<boolean> {
  for (let i = 0; i < 50; i++) {
    try {
      await callNode(rpcUrl, 'eth_chainId', []);
    } catch {
      return true;
    }
    await sleep(100);
  }
  return false;
}
