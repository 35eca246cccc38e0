import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { startChain } from '../support/chain.ts';
import { dataDir } from '../support/data.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** What `npm pack` of this checkout would give someone: unpacked, beside the packages it declares and no others. */
let home = '';
let installed = '';

interface PackedFile {
  readonly path: string;
  readonly mode: number;
}
let packed: readonly PackedFile[] = [];

interface Locked {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
}

/** Packages that whoever installs ours gets as well: everything in the lock file that is not for development. */
async function packagesOfTheUser(): Promise<readonly string[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Locked;
  return Object.entries(packages)
    .filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && dev !== true)
    .map(([path]) => path.slice('node_modules/'.length));
}

async function linkPackage(name: string): Promise<void> {
  const target = join(home, 'node_modules', name);
  await mkdir(dirname(target), { recursive: true });
  await symlink(join(ROOT, 'node_modules', name), target, 'junction');
}

before(
  async () => {
    home = await mkdtemp(join(tmpdir(), 'pratique-package-'));
    installed = join(home, 'node_modules', 'pratique');
    const { stdout } = await run(
      'npm',
      ['pack', '--json', '--loglevel=error', `--pack-destination=${home}`],
      {
        cwd: ROOT,
        timeout: 120_000,
        shell: process.platform === 'win32',
      },
    );
    const [pack] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [
      { filename: string; files: readonly PackedFile[] },
    ];
    packed = pack.files;
    await run('tar', ['-xzf', join(home, pack.filename), '-C', home]);
    await mkdir(dirname(installed), { recursive: true });
    await cp(join(home, 'package'), installed, { recursive: true });
    await Promise.all((await packagesOfTheUser()).map(linkPackage));
  },
  { timeout: 180_000 },
);

after(() => rm(home, { recursive: true, force: true }));

/** Runs the installed program as a shell would. Never rejects: the exit status is part of the answer. */
function pratique(...words: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const program = join(installed, 'dist/cli/pratique.js');
    execFile(
      process.execPath,
      [program, ...words],
      { cwd: home, timeout: 60_000 },
      (error, stdout, stderr) => {
        done({ status: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

test('the package holds JavaScript, its data, the contracts and the licence, and no sources or tests', () => {
  const paths = packed.map(({ path }) => path);
  for (const path of [
    'LICENSE',
    'README.md',
    'package.json',
    'dist/cli/pratique.js',
    'dist/pages/scanner/index.html',
    'dist/pages/scanner/service-worker.js',
    'dist/pages/wallet/index.html',
    'dist/pages/wallet/service-worker.js',
  ]) {
    assert.ok(paths.includes(path), path);
  }
  assert.ok(paths.some((path) => /^contracts\/\w+\.sol$/.test(path)));
  const strangers = paths.filter((path) =>
    /\.m?ts$|^(test|bench|\.ci|\.github)\/|\.test\.|package-lock/.test(path),
  );
  assert.deepEqual(strangers, []);
});

test('the program in the package is executable and names its interpreter', async () => {
  const program = packed.find(({ path }) => path === 'dist/cli/pratique.js');
  assert.equal((program?.mode ?? 0) & 0o111, 0o111);
  const text = await readFile(join(installed, 'dist/cli/pratique.js'), 'utf8');
  assert.equal(text.split('\n')[0], '#!/usr/bin/env node');
});

/** What a compiled file imports, statically or when called for; compiled text has each on one line. */
async function importsOf(file: string): Promise<string[]> {
  const text = await readFile(join(installed, file), 'utf8');
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]([@\w.][-\w@./:]*)['"]/g);
  return Array.from(found, ([, specifier]) => specifier ?? '');
}

/** The package that a specifier belongs to; undefined if it is our own file or Node's module. */
function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Every compiled file that can come to run when `entry` does, with the packages it imports. */
async function reachOf(
  entry: string,
): Promise<{ files: ReadonlySet<string>; packages: ReadonlySet<string> }> {
  const files = new Set([entry]);
  const packages = new Set<string>();
  for (const file of files) {
    for (const specifier of await importsOf(file)) {
      const owner = packageOf(specifier);
      if (owner !== undefined) packages.add(owner);
      else if (specifier.startsWith('.')) files.add(posix.join(posix.dirname(file), specifier));
    }
  }
  return { files, packages };
}

async function dependencies(): Promise<ReadonlySet<string>> {
  const text = await readFile(join(installed, 'package.json'), 'utf8');
  const declared = JSON.parse(text) as { dependencies: object; peerDependencies: object };
  // Those that only some install: what needs them says so when they are not there.
  return new Set([declared.dependencies, declared.peerDependencies].flatMap((list) => Object.keys(list)));
}

test('verifying reaches neither Veramo, nor ethers, nor a development tool', async () => {
  const { packages } = await reachOf('dist/cli/verify.js');
  assert.deepEqual(
    [...packages].filter((name) => /^(ethers$|pkcs11js$|@veramo\/|did-)/.test(name)),
    [],
  );
  const known = await dependencies();
  assert.deepEqual(
    [...packages].filter((name) => !known.has(name)),
    [],
  );
});

test('everything else reaches dependencies only, but for what deploys from a checkout', async () => {
  const known = await dependencies();
  const { files } = await reachOf('dist/cli/pratique.js');
  for (const file of files) {
    const owners = (await importsOf(file)).flatMap((specifier) => packageOf(specifier) ?? []);
    const strangers = owners.filter((name) => !known.has(name));
    // That the installed program never loads these is shown below, where it deploys without Hardhat.
    const ofCheckout =
      /^dist\/(contracts\/(deploy-ignition|build|ignition\/modules\/[\w-]+)|hardhat\.config)\.js$/.test(file);
    assert.deepEqual(
      strangers.filter((name) => !ofCheckout || !/^(hardhat$|@nomicfoundation\/)/.test(name)),
      [],
      file,
    );
  }
});

test('the installed program tells what it can do', async () => {
  const { status, stdout } = await pratique('--help');
  assert.equal(status, 0);
  assert.match(stdout, /verify/);
});

test('the installed package has the page for clerks, as JavaScript that imports what is there', async () => {
  const module = pathToFileURL(join(installed, 'dist/agent/service/desk-files.js')).href;
  const { readDeskFiles } = (await import(module)) as {
    readonly readDeskFiles: () => Promise<{
      readonly page: { readonly bytes: Buffer };
      readonly files: ReadonlyMap<string, unknown>;
    }>;
  };
  const { page, files } = await readDeskFiles();
  assert.match(page.bytes.toString(), /src="desk\/agent\/desk\/main\.js"/);
  assert.ok(files.size > 30);
  for (const path of files.keys()) assert.match(path, /\.(?:js|css|svg)$/);
});

test('the installed program deploys a registry where there is no Hardhat, and reads it', async () => {
  for (const name of ['hardhat', '@nomicfoundation', 'solc']) {
    assert.ok(!existsSync(join(home, 'node_modules', name)), name);
  }
  const chain = await startChain();
  try {
    const deployed = await pratique('registry', 'deploy', '--rpc', chain.rpcUrl, '--json');
    assert.equal(deployed.status, 0, deployed.stderr);
    const { address, block } = JSON.parse(deployed.stdout) as { address: string; block: number };
    assert.equal(block, 1);
    const where = ['--rpc', chain.rpcUrl, '--registry', address, '--json'];
    const { status, stdout } = await pratique('registry', 'head', ...where);
    assert.equal(status, 0);
    assert.equal((JSON.parse(stdout) as { size: number }).size, 0);

    const governor = `0x${'0'.repeat(40)}`;
    const refused = await pratique(
      'registry',
      'deploy',
      '--rpc',
      chain.rpcUrl,
      '--governor',
      governor,
      '--json',
    );
    assert.equal(refused.status, 65);
    assert.equal((JSON.parse(refused.stderr) as { error: { code: string } }).error.code, 'REVERTED');
  } finally {
    await chain.stop();
  }
});

test('the installed program answers for an input that is not there', async () => {
  const { status, stdout } = await pratique('verify', '--json', 'no-such-file.smart-health-card');
  assert.equal(status, 3);
  const [decision] = JSON.parse(stdout) as readonly { outcome: string; codes: string[] }[];
  assert.equal(decision?.outcome, 'unreadable');
});

test(
  'the installed program reads an official card and, without trust data, accepts nothing',
  { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
  async () => {
    const card = join(dataDir ?? '', 'shc-examples', 'example-00-e-file.smart-health-card');
    const trust = join(home, 'no-such.bundle');
    const { status, stdout } = await pratique('verify', '--json', '--trust', trust, card);
    assert.equal(status, 2);
    const [decision] = JSON.parse(stdout) as readonly { codes: string[] }[];
    assert.ok(decision?.codes.includes('TRUST_MISSING'));
  },
);
