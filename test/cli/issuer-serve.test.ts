import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { NEW_YORK } from '../agent/records.ts';
import { run, verifyJson } from '../support/cli.ts';
import { startFederation } from '../support/federation.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));
const SAMPLE = new URL('../../cli/samples/immunization.json', import.meta.url);
const WALLET = 'https://wallet.example/SMARTHealthCard/';
const PASSPHRASE = 'correct horse battery';

interface Issued {
  readonly card: { readonly id: string; readonly jws: string; readonly deepLink?: string };
}

test('a client issues over HTTP what venues accept, and revokes it, on the chain soon after; told to stop, it ends well', async (t) => {
  const federation = await startFederation();
  t.after(() => federation.stop());
  const { folder: cwd, rpcUrl, registry, north } = federation;
  const { iss, policy } = north.issuer;
  await policy.say(NEW_YORK);
  await north.issuer.close();
  await writeFile(join(cwd, 'secret'), PASSPHRASE);
  const folder = ['--dir', 'north', '--passphrase-file', 'secret', '--json'];
  const client = await run(
    'pratique',
    ['issuer', 'client', 'add', ...folder, '--scope', 'issue', 'revoke', '--', 'Harbor'],
    { cwd },
  );
  const { apiKey } = JSON.parse(client.stdout) as { readonly apiKey: string };
  const chain = ['--rpc', rpcUrl, '--registry', registry];
  const child = spawn(
    process.execPath,
    [
      PROGRAM,
      'issuer',
      'serve',
      ...folder,
      ...chain,
      '--account',
      '2',
      '--port',
      '0',
      '--every',
      '1s',
      '--wallet',
      WALLET,
    ],
    { cwd, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, iss: served } = JSON.parse(line) as { readonly url: string; readonly iss: string };
  assert.equal(served, iss);
  const post = async (path: string, json: object): Promise<unknown> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKey}` },
      body: JSON.stringify(json),
    });
    assert.ok(response.ok, `${response.status} ${said}`);
    return response.json();
  };
  /** What a venue that synchronises now says of a card. */
  const codes = async (jws: string): Promise<readonly string[]> => {
    const { kid } = JSON.parse(Buffer.from(jws.split('.')[0] ?? '', 'base64url').toString()) as {
      kid: string;
    };
    const list = join('public', 'status', `${kid}.list`);
    const sync = ['trust', 'sync', ...chain, '--store', 'gate', '--confirmations', '0', '--list', list];
    // The list of the server's first look may not be there yet, or be newer than the one that was read.
    if ((await run('pratique', sync, { cwd })).status !== 0) return [];
    const { decisions } = await verifyJson(['--store', 'gate', jws], { cwd });
    return decisions[0]?.codes ?? [];
  };
  const cameTo = async (code: string, jws: string): Promise<readonly string[]> => {
    let found: readonly string[] = [];
    for (let looks = 0; looks < 20 && !found.includes(code); looks++) {
      if (looks > 0) await sleep(1000);
      found = await codes(jws);
    }
    return found;
  };

  const fhirBundle = JSON.parse(await readFile(SAMPLE, 'utf8')) as unknown;
  const asked = {
    credential: { credentialSubject: { fhirBundle } },
    options: { product: 'vaccination-pass' },
  };
  const { card } = (await post('/credentials/issue', asked)) as Issued;
  assert.deepEqual(await cameTo('VALID', card.jws), ['VALID'], said);
  /** What the issuer itself says of a card. */
  const ownCodes = async (verifiableCredential: unknown): Promise<readonly string[]> => {
    const answer = await post('/credentials/verify', { verifiableCredential });
    return (
      (answer as { readonly decisions: readonly { readonly codes: string[] }[] }).decisions[0]?.codes ?? []
    );
  };
  assert.deepEqual(await ownCodes(card.jws), ['VALID']);
  const plus = (await post('/credentials/issue', {
    ...asked,
    options: { product: 'vaccination-plus' },
  })) as Issued;
  assert.ok(plus.card.deepLink?.startsWith(`${WALLET}#`));
  // A link is a text that the verifier takes.
  assert.deepEqual(await ownCodes(plus.card.deepLink), ['VALID']);

  const status = [{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation', status: true }];
  await post('/credentials/status', { credentialId: card.id, credentialStatus: status });
  assert.deepEqual(await ownCodes(card.jws), ['REVOKED']);
  assert.deepEqual(await cameTo('REVOKED', card.jws), ['REVOKED'], said);

  const busy = await run('pratique', ['issuer', 'show', ...folder], { cwd });
  assert.match(busy.stderr, /STORE_LOCKED/);
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], said);
  assert.doesNotMatch(said, /Marisol|Ferreira|1984-06-19/);
  const audit = await run('pratique', ['issuer', 'audit', 'verify', ...folder], { cwd });
  assert.equal(audit.status, 0, audit.stdout);
});
