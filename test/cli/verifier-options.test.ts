import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { run } from '../support/cli.ts';

let cwd: string;
before(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'pratique-options-'));
});
after(() => rm(cwd, { recursive: true }));

const RPC = ['--rpc', 'http://a.example', 'http://b.example', 'http://c.example'];
const REGISTRY = ['--registry', `0x${'11'.repeat(20)}`];

for (const [what, args] of [
  ['a quorum that is not most of the endpoints', [...RPC, ...REGISTRY, '--quorum', '1']],
  ['a quorum of none', [...RPC, ...REGISTRY, '--quorum', '0']],
  ['a quorum of more than there are', [...RPC, ...REGISTRY, '--quorum', '4']],
  ['a quorum without endpoints', ['--quorum', '2']],
  ['endpoints without a registry', RPC],
  ['a registry without endpoints', REGISTRY],
  ['a bundle beside a store', ['--trust', 'x', '--store', 'y']],
  ['a bundle beside endpoints', ['--trust', 'x', ...RPC, ...REGISTRY]],
  ['an exporter without a bundle', ['--exporter', 'x'.repeat(43)]],
  ['a certificate without its key', ['--tls-cert', 'x']],
  ['two kinds of certificate', ['--tls-cert', 'x', '--tls-key', 'y', '--tls-local-ca']],
  ['an interval of no time', ['--interval', '0']],
  ['an interval of a month', ['--interval', '3000000']],
  ['a port that is none', ['--port', '70000']],
  ['a name that is none', ['--name', 'under_score']],
] as const) {
  test(`verifier serve with ${what} is wrong usage: it says so and serves nothing`, async () => {
    const { status, stdout, stderr } = await run('pratique', ['verifier', 'serve', '--port', '0', ...args], {
      cwd,
    });
    assert.deepEqual([status, stdout], [64, '']);
    assert.match(stderr, /\S/);
    assert.doesNotMatch(stderr, /node:internal|at file:/);
  });
}

test('a LAN address without TLS, and a certificate that is not there, are refused by name', async () => {
  for (const [args, code] of [
    [['--host', '0.0.0.0'], 'TLS_REQUIRED'],
    [['--tls-cert', 'none.pem', '--tls-key', 'none.pem'], 'TLS_FILE_UNREADABLE'],
    [['--policy', 'none.json'], 'POLICY_UNREADABLE'],
  ] as const) {
    const { status, stdout, stderr } = await run(
      'pratique',
      ['verifier', 'serve', '--port', '0', '--json', ...args],
      { cwd },
    );
    assert.deepEqual([status, stdout], [65, '']);
    assert.equal((JSON.parse(stderr) as { error: { code: string } }).error.code, code);
  }
});
