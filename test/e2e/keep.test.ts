import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SAMPLE_PEOPLE } from '../../cli/start/sample-people.ts';
import { run, verifyJson } from '../support/cli.ts';

const SCRIPT = fileURLToPath(new URL('../../cli/start.ts', import.meta.url));
const [MARIA] = SAMPLE_PEOPLE;

interface Card {
  readonly id: string;
  readonly jws: string;
}

describe('npm start -- --keep', () => {
  let folder: string;
  let child: ReturnType<typeof spawn>;
  let told = '';
  let url: string;
  const chain = { rpc: '', registry: '' };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-keep-'));
    child = spawn(process.execPath, [SCRIPT, '--keep'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (told += part));
    await until(() => /verifier serve .*\n/.test(told), 110_000);
    const command = /trust sync --rpc (\S+) --registry (\S+)/.exec(told);
    [chain.rpc, chain.registry] = [command?.[1] ?? '', command?.[2] ?? ''];
    url = /The issuer answers at (\S+?):? /.exec(told)?.[1]?.replace(/:$/, '') ?? '';
  });
  after(async () => {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  async function until(holds: () => boolean, withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    while (!holds()) {
      assert.ok(performance.now() < end && child.exitCode === null, told);
      await sleep(100);
    }
  }

  async function post(path: string, json: unknown, key?: string): Promise<unknown> {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(json),
    });
    const text = await response.text();
    assert.ok(response.ok, `${path}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  const keyOf = (who: string): string => new RegExp(`key of a ${who} +(\\S+)`).exec(told)?.[1] ?? '';

  /** As a venue that has synchronised just now decides. */
  async function venueSays(jws: string): Promise<readonly string[] | undefined> {
    const [store, lists] = ['gate', join(folder, '.pratique', 'start', 'public', 'status')];
    const files = (await readdir(lists)).map((name) => join(lists, name));
    const { rpc, registry } = chain;
    const sync = [
      'trust',
      'sync',
      '--rpc',
      rpc,
      '--registry',
      registry,
      '--store',
      store,
      '--list',
      ...files,
    ];
    assert.equal((await run('pratique', sync, { cwd: folder })).status, 0);
    const { decisions } = await verifyJson(['--store', join(folder, store), jws]);
    return decisions[0]?.codes;
  }

  test('a resident retrieves a pass, a venue accepts it, a clerk revokes it, and the venue does not any more', async () => {
    const { family, given, birthDate, zip } = MARIA;
    const begun = (await post('/retrieve', { name: { family, given: [given] }, birthDate, zip })) as {
      readonly id: string;
    };
    await until(() => /your code is \d{8}/.test(told), 30_000);
    const code = /your code is (\d{8})/.exec(told)?.[1] ?? '';
    const answer = await post('/retrieve/complete', { id: begun.id, code, product: 'vaccination-plus' });
    const { card } = answer as { readonly card: Card };
    assert.deepEqual(await venueSays(card.jws), ['VALID']);

    const clerk = keyOf('clerk');
    const asked = { verifiableCredential: card.jws };
    const verify = async (): Promise<unknown> => {
      const { verified } = (await post('/credentials/verify', asked, clerk)) as {
        readonly verified: boolean;
      };
      return verified;
    };
    assert.equal(await verify(), true);
    const seen = told.length;
    await post(
      '/credentials/status',
      {
        credentialId: card.id,
        credentialStatus: [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }],
        reason: 'error',
      },
      clerk,
    );
    assert.equal(await verify(), false, 'the issuer knows at once');
    await until(() => /anchored as counter/.test(told.slice(seen)), 60_000);
    assert.deepEqual(await venueSays(card.jws), ['REVOKED']);
  });

  test('a clerk’s key opens what it is for and nothing else, and the desk is there', async () => {
    const me = async (key: string): Promise<unknown> =>
      (await fetch(`${url}/me`, { headers: { Authorization: `Bearer ${key}` } })).json();
    const clerk = (await me(keyOf('clerk'))) as { readonly scopes: readonly string[] };
    assert.deepEqual(clerk.scopes, ['issue', 'revoke', 'records']);
    const smart = (await (await fetch(`${url}/.well-known/smart-configuration`)).json()) as object;
    assert.equal((smart as { token_endpoint: string }).token_endpoint, `${url}/token`);
    const audit = await fetch(`${url}/audit`, { headers: { Authorization: `Bearer ${keyOf('clerk')}` } });
    assert.equal(audit.status, 403);
    const desk = await fetch(`${url}/desk`);
    assert.match(desk.headers.get('content-type') ?? '', /^text\/html/);
  });

  test('it ends well when it is interrupted, and the chain with it', async () => {
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await assert.rejects(fetch(url));
    await assert.rejects(fetch(chain.rpc));
  });
});
