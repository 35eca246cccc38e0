import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import type { Command } from 'commander';
import { issuerCommand } from '../../cli/issuer.ts';
import { registryCommand } from '../../cli/registry.ts';
import { trustCommand } from '../../cli/trust.ts';
import { verifyCommand } from '../../cli/verify.ts';
import { EXIT, failureOf, UsageError } from '../../cli/exit.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { BundleError } from '../../credential/errors.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { run } from '../support/cli.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-exit-'));
});
after(() => rm(folder, { recursive: true }));

describe('an error becomes', () => {
  test('a status by what it means: usage, refused, unavailable', () => {
    assert.equal(failureOf(new UsageError('x')).status, EXIT.usage);
    assert.equal(failureOf(new BundleError('PATIENT_MISSING', 'x')).status, EXIT.refused);
    assert.equal(failureOf(new RegistryError('WRONG_CHAIN', 'x')).status, EXIT.refused);
    assert.equal(failureOf(new RegistryError('CHAIN_UNAVAILABLE', 'x')).status, EXIT.unavailable);
    assert.equal(failureOf(new TrustError('STORE_LOCKED', 'x')).status, EXIT.unavailable);
  });

  test('refused with the name of the contract’s own error, where it is a contract that refuses', () => {
    const refusal = { name: 'KeyExists', args: [1n] };
    assert.equal(failureOf(new RegistryError('REVERTED', 'x', refusal)).refusal, 'KeyExists');
    assert.ok(!('refusal' in failureOf(new RegistryError('REVERTED', 'x'))));
  });

  test('internal without its message if nobody threw it on purpose', () => {
    const { code, message, status } = failureOf(new Error('eyJ-a-whole-credential'));
    assert.deepEqual([code, status], ['INTERNAL', EXIT.internal]);
    assert.ok(!message.includes('eyJ'));
    assert.equal(failureOf('a string').status, EXIT.internal);
  });
});

describe('wrong usage ends with 64 and a sentence', () => {
  const wrong: readonly (readonly string[])[] = [
    [],
    ['nonsense'],
    ['verify'],
    ['verify', '--nonsense', 'x'],
    ['verify', '--at', 'yesterday', 'x'],
    ['verify', '--at', '1766000000000', 'x'],
    ['verify', '--trust', 'a', '--store', 'b', 'x'],
    ['verify', '--exporter', 'kid', 'x'],
    ['trust', 'sync'],
    ['trust', 'build', '--out', 'x'],
  ];
  for (const args of wrong) {
    test(`pratique ${args.join(' ')}`, async () => {
      const { status, stdout, stderr } = await run('pratique', args, { cwd: folder });
      assert.equal(status, 64);
      assert.equal(stdout, '');
      assert.ok(stderr.length > 0 && !stderr.includes('    at '));
    });
  }

  test('while asking for help is no error', async () => {
    for (const args of [['--help'], ['verify', '--help'], ['trust', 'sync', '--help']]) {
      const { status, stdout } = await run('pratique', args);
      assert.equal(status, 0);
      assert.ok(stdout.includes('Usage:'), args.join(' '));
    }
  });
});

describe('the help of every command', () => {
  const leaves = (command: Command): readonly Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  for (const command of [verifyCommand(), trustCommand(), registryCommand(), issuerCommand()].flatMap(
    leaves,
  )) {
    test(`${command.parent?.name() ?? 'pratique'} ${command.name()} shows an example`, () => {
      let help = '';
      command.configureOutput({ writeOut: (part) => (help += part) }).outputHelp();
      assert.match(help, /Examples?:\n\s+pratique /);
    });
  }
});

test('a reader that goes away early ends the command without a stack trace', async () => {
  const script = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));
  const child = spawn(process.execPath, [script, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [stderr] = await Promise.all([text(child.stderr), once(child, 'close')]);
  assert.equal(stderr, '');
});

describe('what is not there ends with 69', () => {
  test('a chain that is not up', async () => {
    const sync = ['trust', 'sync', '--rpc', 'http://127.0.0.1:9', '--registry', `0x${'11'.repeat(20)}`];
    const { status, stderr } = await run('pratique', [...sync, '--store', join(folder, 'down')]);
    assert.deepEqual([status, stderr.split(':')[0]], [69, 'CHAIN_UNAVAILABLE']);
  });

  test('a server that is no chain', async () => {
    const server = createServer((_request, response) => response.end('<html>hello</html>')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sync = ['trust', 'sync', '--rpc', `http://127.0.0.1:${port}`, '--registry', `0x${'11'.repeat(20)}`];
    const { status, stderr } = await run('pratique', [...sync, '--json', '--store', join(folder, 'html')]);
    server.close();
    const { error } = JSON.parse(stderr) as { error: { code: string } };
    assert.deepEqual([status, error.code], [69, 'CHAIN_ANSWER_INVALID']);
  });

  test('a store locked by another process', async () => {
    const store = join(folder, 'locked');
    const script = `
      const { openTrustStore } = await import(${JSON.stringify(new URL('../../verifier/node/trust-store.ts', import.meta.url).href)});
      await openTrustStore(${JSON.stringify(store)});
      process.stdout.write('held');
      setTimeout(() => undefined, 30_000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(holder.stdout, 'data');
    const { status, stderr } = await run('pratique', ['verify', '--store', store, 'eyJ.a.b']);
    holder.kill();
    assert.deepEqual([status, stderr.split(':')[0]], [69, 'STORE_LOCKED']);
  });
});

test('an input that is refused ends with 65: a directory snapshot that is none', async () => {
  const path = join(folder, 'snapshot.json');
  await writeFile(path, '{"issuerInfo":"none"}');
  const { status } = await run('pratique', [
    'trust',
    'build',
    '--issuers',
    path,
    '--out',
    join(folder, 'out'),
  ]);
  assert.equal(status, 65);
});
