import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { readRequest } from '../../../wallet/asking/read-request.ts';
import { run } from '../../support/cli.ts';

const PROGRAM = fileURLToPath(new URL('../../../cli/pratique.ts', import.meta.url));

async function folder(t: TestContext): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'pratique-ask-'));
  t.after(() => rm(made, { recursive: true }));
  return made;
}

/** Start a node that asks, make one request, and end the node. */
async function requestOf(store: string): Promise<{ readonly did: string; readonly request: string }> {
  const args = ['verifier', 'serve', '--port', '0', '--json', '--store', store];
  const child = spawn(process.execPath, [PROGRAM, ...args, '--ask-holders', 'Entry to the concert'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, did } = JSON.parse(line) as { url: string; did: string };
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/requests`, { method: 'POST', headers, body: '{}' });
    const { request } = (await answer.json()) as { request: string };
    return { did, request };
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
}

test('a node asks holders in the name of its own key, the same after a restart, with its operator’s words', async (t) => {
  const store = await folder(t);
  const first = await requestOf(store);
  const trust = { trust: 'missing', now: Date.now() / 1000, allowUnanchored: false } as const;
  const read = await readRequest(first.request, trust, importEs256Key);
  assert.ok(typeof read !== 'string');
  assert.deepEqual([read.asker.did, read.asker.standing], [first.did, 'unchecked']);
  assert.equal(read.request.purpose, 'Entry to the concert');
  assert.equal((await requestOf(store)).did, first.did);
});

for (const [what, args] of [
  ['two lines', ['--ask-holders', 'Entry\nVerified']],
  ['a bundle, which has no key', ['--ask-holders', 'Entry', '--trust', 'x']],
] as const) {
  test(`to ask holders with ${what} is wrong usage`, async (t) => {
    const cwd = await folder(t);
    const { status } = await run('pratique', ['verifier', 'serve', '--port', '0', ...args], { cwd });
    assert.equal(status, 64);
  });
}
