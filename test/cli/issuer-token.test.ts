import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { initIssuer } from '../../agent/issuer-folder.ts';
import { connectRegistry } from '../../contracts/registry-client.ts';
import { run } from '../support/cli.ts';
import { now, startFederation, type Federation } from '../support/federation.ts';
import { makeTokens, PIN, withoutToken, type Tokens } from '../support/softhsm.ts';

const ISS = 'https://cove.example/health';
const PASSPHRASE = 'a passphrase of the cove';
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url).pathname;

let federation: Federation;
let tokens: Tokens;
let dir: string;
let secret: string;
let pin: string;

/** A kid can begin with a hyphen: what is no option stands last, behind `--`. */
async function command(
  ...args: readonly string[]
): Promise<{ status: number | null; out: string; json: Record<string, unknown> }> {
  const at = args.indexOf('--');
  const [options, rest] = at < 0 ? [args, []] : [args.slice(0, at), args.slice(at)];
  const words = ['issuer', ...options, '--dir', dir, '--passphrase-file', secret, '--json', ...rest];
  const { status, stdout, stderr } = await run('pratique', words, { cwd: federation.folder });
  const out = stdout === '' ? stderr : stdout;
  return { status, out, json: JSON.parse(out) as Record<string, unknown> };
}

async function issuer(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { status, out, json } = await command(...args);
  assert.equal(status, 0, out);
  return json;
}

async function refusal(...args: readonly string[]): Promise<readonly [number | null, string]> {
  const { status, json } = await command(...args);
  return [status, (json['error'] as { code: string }).code];
}

describe('pratique issuer, with a key on a token', { skip: withoutToken }, () => {
  before(async () => {
    tokens = await makeTokens('clinic');
    federation = await startFederation();
    dir = join(federation.folder, 'cove');
    secret = join(federation.folder, 'cove-passphrase');
    pin = join(federation.folder, 'pin');
    await writeFile(secret, PASSPHRASE);
    await writeFile(pin, `${PIN}\n`);
    const cove = { dir, passphrase: PASSPHRASE, iss: ISS, name: 'Cove Clinic' };
    await (await initIssuer({ ...cove, kdfCost: 2 ** 14 })).close();
    const { rpcUrl, registry } = federation;
    const controller = await (await connectRegistry({ rpcUrl, address: registry, account: 5 })).sender();
    await federation.accreditor.registerIssuer({
      iss: ISS,
      name: 'Cove Clinic',
      statusBase: ISS,
      jurisdiction: 'US-NY',
      controller,
      accreditedFrom: now() - 60,
      accreditedUntil: 0,
      attestations: 0,
      status: 'active',
    });
  });
  after(async () => {
    await federation.stop();
    await tokens.stop();
  });

  test('the key is made on the token, proven to the chain, found again, followed by one there, and destroyed there', async () => {
    const { module, token } = tokens.place('clinic');
    const on = ['--pkcs11', module, '--token', token];
    const pinned = ['--pin-file', pin];
    const chain = ['--rpc', federation.rpcUrl, '--registry', federation.registry, '--account', '5'];

    assert.deepEqual(await refusal('key', '--token', token), [64, 'USAGE']);
    assert.deepEqual(await refusal('key', '--pkcs11', module), [64, 'USAGE']);
    assert.deepEqual(await refusal('key', ...on, '--kid', 'k'), [64, 'USAGE']);
    assert.deepEqual(await refusal('key', ...on), [65, 'PIN_MISSING']);
    const nowhere = ['--pkcs11', 'nowhere.so', '--token', token];
    assert.deepEqual(await refusal('key', ...nowhere, ...pinned), [69, 'TOKEN_MODULE_UNUSABLE']);
    const nobody = ['--pkcs11', module, '--token', 'nobody'];
    assert.deepEqual(await refusal('key', ...nobody, ...pinned), [69, 'TOKEN_ABSENT']);

    const made = await issuer('key', ...on, ...pinned);
    const kid = String(made['kid']);
    assert.deepEqual([made['registered'], made['token'], made['module']], [false, token, module]);
    // The one that was made before is what the chain is told of.
    assert.equal((await issuer('key', ...on, ...pinned, ...chain))['kid'], kid);
    await issuer('anchor', ...pinned, ...chain);

    const shown = async (): Promise<Record<string, unknown>> => {
      const { keys } = (await issuer('show')) as { keys: Record<string, unknown>[] };
      return keys.find((key) => key['kid'] === kid) ?? {};
    };
    const { private: lies, token: label } = await shown();
    assert.deepEqual([lies, label], ['token', token]);

    assert.deepEqual(await refusal('issue', SAMPLE), [65, 'PIN_MISSING']);
    const wrong = join(federation.folder, 'wrong-pin');
    await writeFile(wrong, 'not the PIN');
    assert.deepEqual(await refusal('issue', SAMPLE, '--pin-file', wrong), [65, 'PIN_WRONG']);
    assert.equal((await issuer('issue', SAMPLE, ...pinned))['kid'], kid);

    // Who looks every second would lock the token within a minute.
    const words = ['--dir', dir, '--passphrase-file', secret, ...chain, '--pin-file', wrong, '--every', '1s'];
    const loop = await run('pratique', ['issuer', 'anchor', ...words], { cwd: federation.folder });
    assert.deepEqual([loop.status, loop.stderr.includes('PIN_WRONG')], [65, true], loop.stderr);

    const next = await issuer('rotate', ...pinned, ...chain, '--retire-old');
    assert.deepEqual([next['from'], next['retired']], [kid, true]);
    const { keys } = (await issuer('show')) as { keys: Record<string, unknown>[] };
    const follows = keys.find((key) => key['kid'] === next['kid']);
    assert.deepEqual([follows?.['module'], follows?.['token']], [module, token], 'the next lies there too');
    assert.equal((await issuer('issue', SAMPLE, ...pinned))['kid'], next['kid']);

    await tokens.pull();
    assert.deepEqual(await refusal('key', 'destroy', ...pinned, '--', kid), [69, 'TOKEN_ABSENT']);
    await tokens.plugIn();
    assert.equal((await shown())['private'], 'token');
    assert.equal((await issuer('key', 'destroy', ...pinned, '--', kid))['token'], token);
    assert.equal((await shown())['private'], 'destroyed');
  });
});
