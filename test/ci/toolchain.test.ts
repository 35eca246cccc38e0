import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const NATIVE = `@nomicfoundation/edr-${process.platform}-${process.arch}-gnu`;

/**
 * Stands in for npm, which these tests do not need: writes down how it was called and does what the test asks for.
 * `leavesOut` is how many installs bring no native package.
 */
const FAKE_NPM = `
const { appendFileSync, mkdirSync, readFileSync, writeFileSync, existsSync } = require('node:fs');
const plan = JSON.parse(readFileSync('plan.json', 'utf8'));
const words = process.argv.slice(2);
if (words.includes('--version')) { console.log(plan.version); process.exit(0); }
appendFileSync('calls', words.join(' ') + '\\n');
const calls = readFileSync('calls', 'utf8').trim().split('\\n').length;
setTimeout(() => {
  if (plan.fails) { console.error('npm error something broke'); process.exit(1); }
  if (plan.rewrites !== '') writeFileSync('package-lock.json', plan.rewrites);
  const add = (name, more) => {
    mkdirSync('node_modules/' + name, { recursive: true });
    writeFileSync('node_modules/' + name + '/package.json', JSON.stringify({ name, ...more }));
  };
  add('@nomicfoundation/edr', { optionalDependencies: { ${JSON.stringify(NATIVE)}: '1.0.0' } });
  if (calls > plan.leavesOut) add(${JSON.stringify(NATIVE)}, {});
}, plan.takes);
`;

interface Plan {
  readonly version: string;
  readonly fails: boolean;
  /** What npm makes of the lock file; nothing if empty. */
  readonly rewrites: string;
  readonly leavesOut: number;
  readonly takes: number;
}

const LOCK = '{ "packages": {} }\n';
let folder = '';
const at = (path: string): string => join(folder, path);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-toolchain-'));
  await mkdir(at('.ci/pinned-node'), { recursive: true });
  for (const file of ['.ci/toolchain.mjs', '.ci/mutex.mjs', '.ci/pinned-node/package.json']) {
    await cp(join(ROOT, file), at(file));
  }
  await writeFile(at('package.json'), JSON.stringify({ packageManager: 'npm@11.19.1', dependencies: {} }));
  await writeFile(at('package-lock.json'), LOCK);
  await writeFile(at('npm-cli.js'), FAKE_NPM);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the step; answers its exit status and what it said. */
async function toolchain(change: Partial<Plan> = {}): Promise<{ status: number | null; said: string }> {
  const plan: Plan = { version: '11.19.1', fails: false, rewrites: '', leavesOut: 0, takes: 0, ...change };
  await writeFile(at('plan.json'), JSON.stringify(plan));
  const env = { ...process.env, npm_execpath: at('npm-cli.js') };
  const child = spawn(process.execPath, [at('.ci/toolchain.mjs')], { cwd: folder, env });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const status = await new Promise<number | null>((done) => child.on('close', done));
  assert.equal(printed, '', 'the standard output belongs to the command that follows');
  return { status, said };
}

async function npmCalls(): Promise<readonly string[]> {
  if (!existsSync(at('calls'))) return [];
  return (await readFile(at('calls'), 'utf8')).trim().split('\n');
}

const stamped = (): boolean => existsSync(at('node_modules/.pratique-toolchain'));

test('a fresh checkout is installed once, and then nothing is done and nothing is said', async () => {
  assert.equal((await toolchain()).status, 0);
  assert.deepEqual(await toolchain({ fails: true }), { status: 0, said: '' });
  assert.equal((await npmCalls()).length, 1);
});

test('another lock file means another install', async () => {
  await toolchain();
  await writeFile(at('package-lock.json'), `${LOCK}\n`);
  assert.equal((await toolchain()).status, 0);
  assert.equal((await npmCalls()).length, 2);
});

test('development and optional packages are asked for, whatever the environment leaves out', async () => {
  await toolchain();
  assert.deepEqual(await npmCalls(), ['install --no-audit --no-fund --include=dev --include=optional']);
});

test('an npm that would rewrite the lock file is not used: the pinned one is', async () => {
  await toolchain({ version: '10.9.4' });
  const [call = ''] = await npmCalls();
  assert.match(call, /^exec --yes --package=npm@11\.19\.1 --call=npm install /);
});

test('a failed install shows what npm said, ends in 1, and leaves no stamp', async () => {
  const { status, said } = await toolchain({ fails: true });
  assert.equal(status, 1);
  assert.match(said, /npm error something broke/);
  assert.equal(stamped(), false);
  assert.equal((await toolchain()).status, 0);
});

test('a lock file that npm changed is put back and the step fails', async () => {
  for (const rewrites of [
    '{}',
    '{"packages":{"a":{"version":"1.0.0"}}}',
    '{"packages":{},"lockfileVersion":4}',
  ]) {
    assert.equal((await toolchain({ rewrites })).status, 1);
    assert.equal(await readFile(at('package-lock.json'), 'utf8'), LOCK);
    assert.equal(stamped(), false);
  }
});

test('a native package of another platform that npm saw for the first time is no disagreement', async () => {
  const rewrites = '{"packages":{"node_modules/a-darwin":{"version":"1.0.0","optional":true}}}';
  assert.equal((await toolchain({ rewrites })).status, 0);
  assert.equal(await readFile(at('package-lock.json'), 'utf8'), LOCK);
});

test("Hardhat's native package, left out by npm, is installed from nothing", async () => {
  await mkdir(at('node_modules/leftover'), { recursive: true });
  assert.equal((await toolchain({ leavesOut: 1 })).status, 0);
  assert.equal((await npmCalls()).length, 2);
  assert.equal(existsSync(at('node_modules/leftover')), false);
  assert.ok(existsSync(at(`node_modules/${NATIVE}/package.json`)));
});

test("without Hardhat's native package the step fails and leaves no stamp", async () => {
  const { status, said } = await toolchain({ leavesOut: 9 });
  assert.equal(status, 1);
  assert.ok(said.includes(NATIVE));
  assert.equal(stamped(), false);
});

test('of two runs at once one installs and the other waits', async () => {
  const runs = await Promise.all([toolchain({ takes: 700 }), toolchain({ takes: 700 })]);
  assert.deepEqual(
    runs.map(({ status }) => status),
    [0, 0],
  );
  assert.equal((await npmCalls()).length, 1);
  assert.equal(existsSync(at('.toolchain.lock')), false);
});

test('what a killed run left behind stops nobody', async () => {
  const dead = spawn(process.execPath, ['-e', '']);
  await new Promise((done) => dead.on('close', done));
  await mkdir(at('.toolchain.lock'));
  await writeFile(at('.toolchain.lock/pid'), String(dead.pid));
  assert.equal((await toolchain()).status, 0);
  assert.equal(existsSync(at('.toolchain.lock')), false);
});
