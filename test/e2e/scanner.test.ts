import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { paste, until, verdictOn } from '../browser/scanner/door.ts';
import { newKey, trustDocument, trustedKey } from '../support/cards.ts';
import { openChromium, withoutChromium } from '../support/chromium.ts';
import { run } from '../support/cli.ts';
import { startFederation } from '../support/federation.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

/** A node as an operator starts it. */
interface Node {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

async function startNode(cwd: string, ...args: readonly string[]): Promise<Node> {
  const serve = [PROGRAM, 'verifier', 'serve', '--port', '0', '--json', ...args];
  const child = spawn(process.execPath, serve, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function eventsOf({ url }: Node): Promise<number> {
  const { logs } = (await (await fetch(`${url}/trust/log`)).json()) as { logs: unknown[] };
  return logs.length;
}

test('pratique verifier serve serves the scanner at / and tells it what the venue holds cards to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-scanner-'));
  const bundle = join(folder, 'bundle');
  const document = trustDocument({ takenAt: Math.floor(Date.now() / 1000), keys: [trustedKey(newKey())] });
  await writeFile(bundle, signBundle(document, oneTimeExporterKey()));
  const node = await startNode(folder, '--trust', bundle, '--allow-unanchored', '--rules', 'ENTRY');
  try {
    const page = await (await fetch(node.url)).text();
    assert.match(page, /<title>Pratique Scanner<\/title>/);
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
    const { status, headers } = await fetch(node.url + script);
    assert.equal(status, 200);
    assert.match(headers.get('cache-control') ?? '', /immutable/);
    assert.equal((await fetch(`${node.url}/service-worker.js`)).headers.get('cache-control'), 'no-cache');
    const venue = (await (await fetch(`${node.url}/venue`)).json()) as Record<string, unknown>;
    assert.deepEqual([venue['rules'], venue['allowUnanchored']], ['ENTRY', true]);
  } finally {
    await node.stop();
    await rm(folder, { recursive: true });
  }
});

test(
  'from the chain to the door: issued, revoked, suspended, and the node gone',
  { skip: withoutChromium },
  async () => {
    const federation = await startFederation();
    const { north, south, accreditor, folder, rpcUrl, registry } = federation;
    const [good, revoked, other] = [await north.issue(), await north.issue(), await south.issue()];
    await north.issuer.revoke(revoked.rid);
    await north.anchor();
    const chain = ['--rpc', rpcUrl, '--registry', registry];
    const status = join(folder, 'public', 'status');
    const lists = (await readdir(status)).map((name) => join(status, name));
    const synced = await run('pratique', ['trust', 'sync', ...chain, '--list', ...lists], { cwd: folder });
    assert.equal(synced.status, 0, synced.stderr);
    const node = await startNode(folder, ...chain, '--interval', '5');
    const browser = await openChromium();
    try {
      const page = await browser.context.newPage();
      await page.goto(node.url);
      await page.locator('.banner-facts', { hasText: /block \d/ }).waitFor();
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      // What stands there goes first, so that it is not taken for the next.
      const see = async (jws: string): Promise<string> => {
        await page.reload();
        await page.locator('.banner-facts', { hasText: /block \d/ }).waitFor();
        await paste(page, jws);
        return (await verdictOn(page)).kind;
      };
      assert.deepEqual(
        [await see(good.jws), await see(other.jws), await see(revoked.jws)],
        ['accepted', 'accepted', 'rejected'],
      );

      const events = await eventsOf(node);
      await accreditor.setIssuerStatus(south.id, 'suspended', 1);
      await until(async () => (await eventsOf(node)) > events);
      await page.evaluate(() => dispatchEvent(new Event('online')));
      // Until the page has what the node has.
      await until(async () => (await see(other.jws)) === 'rejected');
      assert.equal(
        (await verdictOn(page, 'rejected')).reason,
        'The issuer, or its jurisdiction, is suspended.',
      );

      await node.stop();
      assert.deepEqual(
        [await see(good.jws), await see(other.jws), await see(revoked.jws)],
        ['accepted', 'rejected', 'rejected'],
      );
      await page.locator('.reached-no').waitFor();
    } finally {
      await browser.close();
      await node.stop();
      await federation.stop();
    }
  },
);
