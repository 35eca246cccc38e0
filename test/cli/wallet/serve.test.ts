import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signBundle } from '../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { newKey, trustDocument, trustedKey } from '../../support/cards.ts';
import { run } from '../../support/cli.ts';

const PROGRAM = fileURLToPath(new URL('../../../cli/pratique.ts', import.meta.url));
const HEALTH = ['--issuer', 'https://passes.example/', 'Example Health'];

describe('pratique wallet serve', () => {
  let cwd: string;
  before(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'pratique-wallet-'));
    const document = trustDocument({ takenAt: Math.floor(Date.now() / 1000), keys: [trustedKey(newKey())] });
    await writeFile(join(cwd, 'bundle'), signBundle(document, oneTimeExporterKey()));
  });
  after(() => rm(cwd, { recursive: true }));

  test('hands out the page, the trust data and its issuers until it is told to stop, and says where', async () => {
    const args = ['wallet', 'serve', '--port', '0', '--json', '--trust', 'bundle', ...HEALTH];
    const child = spawn(process.execPath, [PROGRAM, ...args, '--issuer', 'http://127.0.0.1:8081', '測試'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const errors = text(child.stderr);
    try {
      const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
      const { url, ...said } = JSON.parse(line) as { readonly url: string };
      const issuers = [
        { url: 'https://passes.example', name: 'Example Health' },
        { url: 'http://127.0.0.1:8081', name: '測試' },
      ];
      assert.deepEqual(said, { state: 'held', freshness: 'fresh', anchored: false, issuers });
      assert.deepEqual(await (await fetch(`${url}/wallet`)).json(), { issuers });
      for (const path of ['/', '/SMARTHealthCard/']) {
        const page = await fetch(url + path);
        assert.equal(page.headers.get('cache-control'), 'no-cache');
        assert.match(await page.text(), /<title>Pratique Wallet<\/title>/);
      }
      const worker = await (await fetch(`${url}/service-worker.js`)).text();
      assert.match(worker, /pratique-wallet-/);
      assert.match(worker, /SMARTHealthCard/);
      assert.equal((await fetch(`${url}/verify`, { method: 'POST' })).status, 404);
      assert.equal((await fetch(`${url}/metrics`)).status, 404);
    } finally {
      child.kill('SIGTERM');
    }
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    // Each line is a request or a sync; of whoever asked there is nothing.
    assert.doesNotMatch(await errors, /127\.0\.0\.1|user-agent/i);
  });

  for (const [what, args] of [
    ['an issuer without a name', ['--issuer', 'https://passes.example']],
    ['a name where the address belongs', ['--issuer', 'Example Health', 'https://passes.example']],
    ['an issuer that is not served over TLS', ['--issuer', 'http://passes.example', 'Example Health']],
    ['a secret in an issuer’s address', ['--issuer', 'https://me:secret@passes.example', 'Example Health']],
    ['a name of two lines', ['--issuer', 'https://passes.example', 'Example\nHealth']],
    [
      'TLS, and an issuer that its page could not ask',
      ['--tls-local-ca', '--issuer', 'http://127.0.0.1:8081', 'Example Health'],
    ],
    ['a bundle beside a store', ['--trust', 'bundle', '--store', 'y']],
    ['a registry without endpoints', ['--registry', `0x${'11'.repeat(20)}`]],
    ['rules, which are the user’s to choose', ['--rules', 'ENTRY']],
  ] as const) {
    test(`${what}: that is wrong usage, said in a sentence, and nothing is served`, async () => {
      const ended = await run('pratique', ['wallet', 'serve', '--port', '0', ...args], { cwd });
      assert.deepEqual([ended.status, ended.stdout], [64, '']);
      assert.match(ended.stderr, /\S/);
      assert.doesNotMatch(ended.stderr, /node:internal|at file:/);
    });
  }

  test('a LAN address without TLS, and a certificate that is not there, are refused by name', async () => {
    for (const [args, code] of [
      [['--host', '0.0.0.0'], 'TLS_REQUIRED'],
      [['--tls-cert', 'none.pem', '--tls-key', 'none.pem'], 'TLS_FILE_UNREADABLE'],
    ] as const) {
      const ended = await run('pratique', ['wallet', 'serve', '--port', '0', '--json', ...args], { cwd });
      assert.deepEqual([ended.status, ended.stdout], [65, '']);
      assert.equal((JSON.parse(ended.stderr) as { error: { code: string } }).error.code, code);
    }
  });

  test('its help shows how it is called', async () => {
    const { status, stdout } = await run('pratique', ['wallet', 'serve', '--help'], { cwd });
    assert.equal(status, 0);
    assert.match(stdout, /Examples?:\n {2}pratique wallet serve /);
  });
});
