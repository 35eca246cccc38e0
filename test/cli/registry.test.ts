import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callNode } from '../../contracts/json-rpc.ts';
import { decodeBase64url, encodeBase64url } from '../../credential/base64url.ts';
import { newKey } from '../support/cards.ts';
import { type LocalChain, startChain } from '../support/chain.ts';
import { type Ended, run } from '../support/cli.ts';

const ISS = 'https://clinic.example';

describe('pratique registry', () => {
  let chain: LocalChain;
  let folder: string;
  let registry: string;
  let accounts: string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-registry-'));
    chain = await startChain();
    accounts = (await callNode(chain.rpcUrl, 'eth_accounts', [])) as string[];
    registry = String((await json('deploy', '--rpc', chain.rpcUrl))['address']);
    const [, accreditor = ''] = accounts;
    await json('jurisdiction', 'open', 'US-NY', '--name', 'New York', '--accreditor', accreditor, ...at(0));
  });
  after(async () => {
    await chain.stop();
    await rm(folder, { recursive: true });
  });

  const at = (account: number): string[] => ['--account', String(account), ...where()];
  const where = (): string[] => ['--rpc', chain.rpcUrl, '--registry', registry];
  const registryCommand = (...args: string[]): Promise<Ended> => run('pratique', ['registry', ...args]);

  async function json(...args: string[]): Promise<Record<string, unknown>> {
    const { status, stdout, stderr } = await registryCommand(...args, '--json');
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  async function refused(status: number, code: string, ...args: string[]): Promise<void> {
    const ended = await registryCommand(...args, '--json');
    assert.equal(ended.status, status, ended.stderr);
    const { error } = JSON.parse(ended.stderr) as { error: { code: string } };
    assert.equal(error.code, code);
    assert.equal(ended.stdout, '');
  }

  test('an issuer is registered, its key proven by a signature made elsewhere, retired and given up', async () => {
    const [, , controller = ''] = accounts;
    const terms = ['--name', 'Clinic', '--jurisdiction', 'US-NY', '--controller', controller, '--pending'];
    const { issuerId } = await json('issuer', 'register', '--iss', ISS, ...terms, ...at(1));
    await json('issuer', 'status', ISS, 'active', ...at(1));
    const shown = await json('issuer', 'show', String(issuerId), ...where());
    assert.deepEqual([shown['status'], shown['jurisdiction']], ['active', 'US-NY']);

    const key = newKey();
    const point = ['--x', key.x, '--y', key.y, '--from', '1760000000', '--until', '1860000000'];
    const { message, kid } = await json('key', 'message', ISS, ...point, ...where());
    assert.equal(kid, key.kid);
    const signature = encodeBase64url(key.sign(decodeBase64url(String(message))));
    const registered = await json('key', 'register', ISS, ...point, '--signature', signature, ...at(2));
    assert.equal(registered['kid'], key.kid);
    await json('key', 'retire', ISS, key.kid, ...at(2));
    await json('key', 'compromise', ISS, key.kid, ...at(1));
  });

  test('the fit keys of a published set are listed, the others passed over', async () => {
    const iss = 'https://published.example';
    await json('issuer', 'register', '--iss', iss, '--name', 'P', '--jurisdiction', 'US-NY', ...at(1));
    const [fit, second, leaking] = [newKey(), newKey(), newKey()];
    const jwk = { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' };
    const path = join(folder, 'jwks.json');
    const keys = [
      { ...jwk, kid: fit.kid, x: fit.x, y: fit.y, crlVersion: '1' },
      { ...jwk, kid: leaking.kid, x: leaking.x, y: leaking.y, d: 'secret' },
      { ...jwk, kid: second.kid, x: second.x, y: second.y, note: 'unknown members are fine' },
      { kty: 'RSA' },
      { ...jwk, kid: fit.kid, x: fit.x, y: fit.y },
    ];
    await writeFile(path, JSON.stringify({ keys }));
    const { listed, skipped } = await json('list-keys', iss, path, ...at(1));
    assert.deepEqual(
      (listed as { kid: string }[]).map(({ kid }) => kid),
      [fit.kid, second.kid],
    );
    assert.deepEqual(
      (skipped as { position: number }[]).map(({ position }) => position),
      [2, 4, 5],
    );
    const { entries } = (await json('log', ...where())) as {
      entries: { details: Record<string, unknown> }[];
    };
    const methods = entries.filter(
      ({ details }) => details['kid'] === fit.kid || details['kid'] === second.kid,
    );
    assert.deepEqual(
      methods.map(({ details }) => details['revocation']),
      ['rids', 'none'],
    );

    await Promise.all([
      refused(65, 'REVERTED', 'list-keys', 'https://nobody.example', path, ...at(1)),
      refused(65, 'FILE_UNREADABLE', 'list-keys', iss, join(folder, 'none.json'), ...at(1)),
    ]);
    await writeFile(path, '[]');
    await refused(65, 'MALFORMED', 'list-keys', iss, path, ...at(1));
  });

  test('a suspension stands in the log, which leads to the head that the chain holds', async () => {
    await json('jurisdiction', 'suspend', 'US-NY', '--reason', '7', ...at(0));
    await json('jurisdiction', 'resume', 'US-NY', ...at(0));
    const [log, head, { status, stdout }] = await Promise.all([
      json('log', ...where()),
      json('head', ...where()),
      registryCommand('log', ...where()),
    ]);
    assert.deepEqual([log['head'], log['size']], [head['head'], head['size']]);
    const lines = stdout.trim().split('\n');
    assert.deepEqual([status, lines.length], [0, Number(head['size']) + 1]);
    assert.ok(lines.some((line) => line.includes('US-NY') && line.includes('reason 7')));
    assert.ok(lines.at(-1)?.includes(String(head['head'])));
  });

  test('what the chain refuses, what is not there and what makes no sense end with their own status', async () => {
    const nowhere = ['--rpc', 'http://127.0.0.1:1', '--registry', registry];
    const usage = async (...args: string[]): Promise<void> =>
      assert.equal((await registryCommand(...args)).status, 64, args.join(' '));
    await Promise.all([
      refused(65, 'REVERTED', 'jurisdiction', 'suspend', 'US-NY', ...at(3)),
      refused(69, 'CHAIN_UNAVAILABLE', 'head', ...nowhere),
      refused(64, 'USAGE', 'issuer', 'status', ISS, 'pending', ...at(1)),
      usage('head', '--registry', 'x'),
      usage('fly'),
    ]);
  });

  test('every subcommand explains itself with an example', async () => {
    const commands = ['deploy', 'jurisdiction open', 'jurisdiction suspend', 'jurisdiction resume'];
    commands.push('issuer register', 'issuer status', 'issuer show', 'list-keys', 'log', 'head');
    commands.push('key message', 'key register', 'key retire', 'key compromise');
    const { registryCommand: build } = await import('../../cli/registry.ts');
    for (const path of commands) {
      const command = path
        .split(' ')
        .reduce((parent, name) => parent.commands.find((child) => child.name() === name) ?? parent, build());
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      assert.match(help, new RegExp(`Example:\n  pratique registry ${path} `), path);
    }
  });
});
