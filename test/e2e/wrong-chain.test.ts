import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { deployRegistry } from '../../contracts/deploy.ts';
import { startChain } from '../support/chain.ts';
import type { LocalChain } from '../support/chain.ts';
import { run } from '../support/cli.ts';

let folder: string;
let chains: LocalChain[];
let registry: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-chains-'));
  chains = [await startChain(), await startChain({ chainId: 4242 })];
  // The same account deploys first on both, so both registries have one address.
  const deployed = [];
  for (const { rpcUrl } of chains) deployed.push(await deployRegistry({ rpcUrl, account: 0, adminDelay: 0 }));
  const [here, there] = deployed;
  assert.equal(here?.address, there?.address);
  registry = here?.address ?? '';
});
after(async () => {
  for (const chain of chains) await chain.stop();
  await rm(folder, { recursive: true });
});

test('a store goes on with the chain it began with, and refuses another that holds the same address', async () => {
  const sync = async (chain: LocalChain | undefined): Promise<readonly [number | null, string]> => {
    const args = [
      'trust',
      'sync',
      '--rpc',
      chain?.rpcUrl ?? '',
      '--registry',
      registry,
      '--store',
      join(folder, 'store'),
    ];
    const { status, stderr } = await run('pratique', args);
    // What took longer than a second said so before.
    const [, code = ''] = /^([A-Z_]+):/m.exec(stderr) ?? [];
    return [status, code];
  };
  const [here, there] = chains;
  assert.deepEqual(await sync(here), [0, '']);
  assert.deepEqual(await sync(there), [65, 'WRONG_CHAIN']);
  assert.deepEqual(await sync(here), [0, '']);
});
