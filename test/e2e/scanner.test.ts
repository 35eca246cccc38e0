import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { newKey, trustDocument, trustedKey } from '../support/cards.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

test('pratique verifier serve serves the scanner at / and tells it what the venue holds cards to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-scanner-'));
  const bundle = join(folder, 'bundle');
  const takenAt = Math.floor(Date.now() / 1000);
  await writeFile(
    bundle,
    signBundle(trustDocument({ takenAt, keys: [trustedKey(newKey())] }), oneTimeExporterKey()),
  );
  const args = [
    'verifier',
    'serve',
    '--port',
    '0',
    '--trust',
    bundle,
    '--allow-unanchored',
    '--rules',
    'ENTRY',
    '--json',
  ];
  const server = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const page = await (await fetch(url)).text();
    assert.match(page, /<title>Pratique Scanner<\/title>/);
    const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
    const { status, headers } = await fetch(url + script);
    assert.equal(status, 200);
    assert.match(headers.get('cache-control') ?? '', /immutable/);
    assert.equal((await fetch(`${url}/service-worker.js`)).headers.get('cache-control'), 'no-cache');
    const venue = (await (await fetch(`${url}/venue`)).json()) as Record<string, unknown>;
    assert.deepEqual([venue['rules'], venue['allowUnanchored']], ['ENTRY', true]);
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
    await rm(folder, { recursive: true });
  }
});
