import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { mintCard, newKey, trustDocument, trustedKey } from '../support/cards.ts';

/** Names every module that is loaded on standard error when the process ends. */
const SPY = `data:text/javascript,
  import { registerHooks } from 'node:module';
  const seen = [];
  registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
  process.on('exit', () => process.stderr.write(seen.join('\\n')));`;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-loading-'));
});
after(() => rm(folder, { recursive: true }));

/** The npm packages that a command line loads. */
function packagesOf(args: readonly string[]): ReadonlySet<string> {
  const script = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));
  const { stderr, status } = spawnSync(process.execPath, ['--import', SPY, script, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.ok(status !== null && status < 64, stderr);
  const names = [...stderr.matchAll(/\/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].map(([, name]) => name ?? '');
  return new Set(names);
}

test('verify by a bundle loads neither the chain, the agent, nor a database', async () => {
  const key = newKey();
  const document = trustDocument({ keys: [trustedKey(key)], takenAt: Math.floor(Date.now() / 1000) });
  const bundle = join(folder, 'trust');
  await writeFile(bundle, signBundle(document, oneTimeExporterKey()));
  const packages = packagesOf(['verify', '--allow-unanchored', '--trust', bundle, mintCard(key)]);
  assert.deepEqual([...packages].toSorted(), [
    '@noble/hashes',
    'certlogic-js',
    'commander',
    'pako',
    'picocolors',
  ]);
});

test('verify by a store loads neither ethers nor Veramo', async () => {
  const packages = packagesOf(['verify', '--store', join(folder, 'none'), mintCard(newKey())]);
  for (const heavy of ['ethers', '@veramo/core', 'did-jwt', 'jose', 'hardhat', 'zxing-wasm']) {
    assert.ok(!packages.has(heavy), heavy);
  }
});
