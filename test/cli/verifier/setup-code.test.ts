import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { loadQrWasm } from '../../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../../credential/qr-reader.ts';
import { exporterKeyOf, oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { writeFloor } from '../../../verifier/node/store-floor.ts';
import { checkSetup } from '../../../verifier/pipeline/setup-check.ts';
import { checkPin } from '../../../verifier/web/lock/pin-hash.ts';
import { run } from '../../support/cli.ts';
import { temporaryFolder } from '../../verifier/node/temporary-folder.ts';

interface Made {
  readonly code: string;
  readonly id: string;
  readonly iat: number;
  readonly takeUntil: number;
  readonly exp: number;
}

const setupCode = async (store: string, ...args: readonly string[]): ReturnType<typeof run> =>
  run('pratique', ['verifier', 'setup-code', '--store', store, ...args]);

test('a code is printed for the terminal or as pictures, signed by the store’s key, with the PIN as a hash only', async (t) => {
  const store = await temporaryFolder(t);
  const [pin, png, svg] = [join(store, 'pin'), join(store, 'code.png'), join(store, 'code.svg')];
  await writeFile(pin, '482913\n');
  const plain = await setupCode(store, '--name', 'Harbour Hall');
  assert.equal(plain.status, 0, plain.stderr);
  assert.match(plain.stdout, /[▄▀█]/);
  assert.match(plain.stdout, /Set-up code for Harbour Hall/);
  const rest = [
    '--rules',
    'US-NY/ENTRY',
    '--language',
    'es',
    'en',
    '--pin-file',
    pin,
    '--png',
    png,
    '--svg',
    svg,
  ];
  const { status, stdout, stderr } = await setupCode(store, '--json', '--name', 'Harbour Hall', ...rest);
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stdout, /482913|argon2id/);
  const made = JSON.parse(stdout) as Made;
  const exporter = await exporterKeyOf(store);
  const known = { exporter, registry: null, fixedRules: null, withdrawn: [], ruleSets: [] };
  const { code, fault } = await checkSetup(made.code, known, made.iat, importEs256Key);
  assert.equal(fault, null);
  assert.deepEqual(
    [code?.name, code?.rules, code?.languages, made.takeUntil - made.iat, made.exp - made.iat],
    ['Harbour Hall', 'US-NY/ENTRY', ['es', 'en'], 86_400, 365 * 86_400],
  );
  assert.equal(await checkPin(code?.pin ?? '', '482913'), true);
  assert.deepEqual(await readQrCodes(await readFile(png), loadQrWasm), [made.code]);
  assert.match(await readFile(svg, 'utf8'), /^<svg /);
  assert.equal((await stat(png)).mode & 0o777, 0o600);
});

test('codes are listed, and a withdrawn one is told by the node that serves, at once', async (t) => {
  const store = await temporaryFolder(t);
  const { stdout } = await setupCode(store, '--json', '--name', 'Harbour Hall');
  const { id } = JSON.parse(stdout) as Made;
  assert.match((await setupCode(store, '--list')).stdout, new RegExp(`${id} {2}Harbour Hall`));
  const program = fileURLToPath(new URL('../../../cli/pratique.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    [program, 'verifier', 'serve', '--port', '0', '--json', '--store', store],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  );
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const told = async (): Promise<unknown> =>
      ((await (await fetch(`${url}/venue`)).json()) as { withdrawnSetups: unknown }).withdrawnSetups;
    assert.deepEqual(await told(), []);
    const gone = await setupCode(store, '--withdraw', id);
    assert.equal(gone.status, 0, gone.stderr);
    assert.deepEqual(await told(), [id]);
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  assert.match((await setupCode(store, '--withdraw', id)).stdout, /withdrawn before/);
  assert.match((await setupCode(store, '--list')).stdout, /withdrawn/);
});

for (const [what, args, status, code] of [
  ['nothing to do', [], 64, 'USAGE'],
  ['two things to do', ['--list', '--name', 'x'], 64, 'USAGE'],
  ['an empty name', ['--name', ' '], 64, 'USAGE'],
  ['a name with hidden characters', ['--name', 'Hall\u202e'], 64, 'USAGE'],
  ['rules that are no name', ['--name', 'x', '--rules', 'a b'], 64, 'USAGE'],
  ['a PIN asked for twice', ['--name', 'x', '--lock', '--pin-file', 'y'], 64, 'USAGE'],
  ['nobody to ask for the PIN', ['--name', 'x', '--lock'], 65, 'PIN_MISSING'],
  ['a PIN file that is not there', ['--name', 'x', '--pin-file', 'nowhere'], 65, 'INPUT_UNREADABLE'],
  ['an id that nobody knows', ['--withdraw', 'AbCdEfGhIjKlMnOp'], 65, 'SETUP_CODE_UNKNOWN'],
] as const) {
  test(`${what} is refused with ${code}`, async (t) => {
    const ended = await setupCode(await temporaryFolder(t), '--json', ...args);
    assert.equal(ended.status, status);
    assert.match(ended.stderr, new RegExp(code));
    assert.equal(ended.stdout, '');
  });
}

for (const [pin, code] of [
  ['12345', 'PIN_TOO_SHORT'],
  ['123456', 'PIN_TOO_SIMPLE'],
] as const) {
  test(`the PIN ${pin} is ${code}`, async (t) => {
    const store = await temporaryFolder(t);
    await writeFile(join(store, 'pin'), pin);
    const ended = await setupCode(store, '--json', '--name', 'x', '--pin-file', join(store, 'pin'));
    assert.equal(ended.status, 65);
    assert.match(ended.stderr, new RegExp(code));
  });
}

test('a folder that is no store is STORE_MISSING, and none is made', async (t) => {
  const store = join(await temporaryFolder(t), 'mistyped');
  const ended = await setupCode(store, '--json', '--name', 'x');
  assert.equal(ended.status, 65);
  assert.match(ended.stderr, /STORE_MISSING/);
  await assert.rejects(stat(store), { code: 'ENOENT' });
});

test('a code says to which registry its node belongs; a store that passes on another’s bundle makes none', async (t) => {
  const store = await temporaryFolder(t);
  const source = {
    kind: 'chain',
    chainId: 5,
    registry: `0x${'AB'.repeat(20)}`,
    head: `0x${'00'.repeat(32)}`,
    size: 1,
    block: { number: 1, hash: `0x${'00'.repeat(32)}`, time: 1 },
  } as const;
  await writeFloor(store, { source, codeHash: null, exporter: null });
  const own = await setupCode(store, '--json', '--name', 'x');
  assert.equal((JSON.parse(own.stdout) as { registry: string }).registry, `5:0x${'ab'.repeat(20)}`);
  await writeFloor(store, { source, codeHash: null, exporter: oneTimeExporterKey().kid });
  const others = await setupCode(store, '--json', '--name', 'x');
  assert.equal(others.status, 65);
  assert.match(others.stderr, /SETUP_OF_ANOTHER_NODE/);
});
