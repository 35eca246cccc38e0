import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeIssuer, PASSPHRASE } from '../agent/issuer-fixture.ts';
import { run } from '../support/cli.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));

interface Told {
  readonly id: string;
  readonly apiKey: string;
  readonly by: string | null;
  readonly disabledAt: number | null;
  readonly quota: { readonly issue: { readonly hour: number } };
  readonly clients: readonly { readonly id: string; readonly disabledAt: number | null }[];
}

test('clients are kept through the server that holds the folder, and what is said counts there at once', async (t) => {
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const cwd = dirname(dir);
  await writeFile(join(cwd, 'secret'), PASSPHRASE);
  const folder = ['--dir', dir, '--passphrase-file', 'secret', '--json'];
  const client = async (...args: readonly string[]): ReturnType<typeof run> =>
    run('pratique', ['issuer', 'client', ...args], { cwd });
  const told = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Told => {
    assert.notEqual(stdout, '', stderr);
    return JSON.parse(stdout) as Told;
  };
  const admin = told(await client('add', ...folder, '--scope', 'admin', 'issue', '--', 'Office'));
  await writeFile(join(cwd, 'key'), `${admin.apiKey}\n`);
  const child = spawn(
    process.execPath,
    [PROGRAM, 'issuer', 'serve', ...folder, '--port', '0', '--out', 'public'],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url } = JSON.parse(line) as { readonly url: string };
  const server = ['--server', url, '--api-key-file', 'key', '--json'];

  const held = await client('list', ...folder);
  assert.match(held.stderr, /STORE_LOCKED.*--server/s);
  const added = told(await client('add', ...server, '--scope', 'issue', '--issue-hour', '7', '--', 'Desk'));
  assert.deepEqual([added.by, added.quota.issue.hour], [admin.id, 7]);
  const me = async (): Promise<number> =>
    (await fetch(`${url}/me`, { headers: { Authorization: `Bearer ${added.apiKey}` } })).status;
  assert.equal(await me(), 200);
  const raised = told(await client('quota', ...server, '--issue-hour', '9', added.id));
  assert.equal(raised.quota.issue.hour, 9);
  const escalated = await client('add', ...server, '--scope', 'audit', '--', 'Auditor');
  assert.equal(escalated.status, 65);
  assert.match(escalated.stderr, /SERVICE_REFUSED.*ESCALATION/s);
  const disabled = told(await client('disable', ...server, added.id));
  assert.notEqual(disabled.disabledAt, null);
  assert.equal(await me(), 401);
  const list = told(await client('list', ...server));
  assert.deepEqual(
    list.clients.map(({ id, disabledAt }) => [id, disabledAt === null]),
    [
      [admin.id, true],
      [added.id, false],
    ],
  );
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], said);
  const gone = await client('list', ...server);
  assert.equal(gone.status, 69, gone.stderr);
  const after = told(await client('list', ...folder));
  assert.deepEqual(
    after.clients.map(({ id }) => id),
    [admin.id, added.id],
  );
});

test('an API key is sent to no server that others could listen to, and is taken from no command line', async () => {
  const list = ['issuer', 'client', 'list', '--json'];
  for (const server of ['http://issuer.example', 'ftp://127.0.0.1', 'issuer']) {
    const { status } = await run('pratique', [...list, '--server', server, '--api-key-file', 'key']);
    assert.equal(status, 64, server);
  }
  const nobody = await run('pratique', [...list, '--server', 'http://127.0.0.1:9']);
  assert.equal(nobody.status, 65);
  assert.match(nobody.stderr, /API_KEY_MISSING/);
});
