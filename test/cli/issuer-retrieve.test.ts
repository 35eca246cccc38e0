import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { initIssuer } from '../../agent/issuer-folder.ts';
import { temporaryFolder } from '../agent/issuer-fixture.ts';
import { NEW_YORK } from '../agent/records.ts';
import { registryServer } from '../agent/records/registry-server.ts';
import { mailServer } from '../agent/retrieval/mail-server.ts';
import { smsGateway } from '../agent/retrieval/sms-gateway.ts';
import { NOBODY, residentRecord, until, ZOE } from '../agent/service/resident-service.ts';
import { run, verifyJson } from '../support/cli.ts';
import { startFederation } from '../support/federation.ts';

const PROGRAM = fileURLToPath(new URL('../../cli/pratique.ts', import.meta.url));
const TOKEN = 'canary-token-of-the-registry';

test('residents retrieve over HTTP from loaded records and from a FHIR server what venues accept; told to stop, it ends well', async (t) => {
  const federation = await startFederation();
  t.after(() => federation.stop());
  const { folder: cwd, rpcUrl, registry, north } = federation;
  const { policy, iss } = north.issuer;
  const { kid } = north.issuer.keys()[0] ?? assert.fail();
  await policy.say(NEW_YORK);
  await north.issuer.publishStatus(kid, join(cwd, 'public'));
  await north.issuer.close();
  const put = async (name: string, content: string): Promise<void> => writeFile(join(cwd, name), content);
  await put('secret', 'correct horse battery');
  const folder = ['--dir', 'north', '--passphrase-file', 'secret', '--json'];
  await put('records.ndjson', JSON.stringify(residentRecord()));
  const load = ['issuer', 'records', 'load', ...folder, '--source', 'New York', 'records.ndjson'];
  assert.equal((await run('pratique', load, { cwd })).status, 0);

  const mail = await mailServer(t);
  const sms = await smsGateway(t, (_attempt, response) => response.writeHead(202).end());
  const ada = residentRecord(undefined, {
    name: [{ family: 'Canary-Bryon', given: ['Ada'] }],
    telecom: [{ system: 'email', value: 'ada.canary@mail.example.org' }],
  });
  const jersey = await registryServer(t, [ada], {
    intercept: ({ authorization }, response) => {
      if (authorization === `Bearer ${TOKEN}`) return false;
      response.writeHead(401).end();
      return true;
    },
  });
  await put('nj-token', `${TOKEN}\n`);
  await put('ca.pem', mail.ca);
  await put('mail-password', 'secret of tests\n');
  await put('sms-secret', `whsec_${Buffer.alloc(32, 5).toString('base64')}`);
  const config = {
    sources: [
      { kind: 'loaded', name: 'New York' },
      {
        kind: 'fhir',
        name: 'New Jersey',
        base: jersey.base,
        authorization: { kind: 'bearer', tokenFile: 'nj-token' },
      },
    ],
    smtp: {
      host: 'localhost',
      port: mail.port,
      from: 'codes@health.example.org',
      user: { name: 'issuer', passwordFile: 'mail-password' },
      caFile: 'ca.pem',
    },
    sms: { url: sms.url, secretFile: 'sms-secret' },
  };
  await put('service.json', JSON.stringify(config));
  const serve = ['issuer', 'serve', ...folder, '--port', '0', '--out', 'public', '--config', 'service.json'];
  const child = spawn(process.execPath, [PROGRAM, ...serve], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  let said = '';
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const { url, sources } = JSON.parse(line) as { readonly url: string; readonly sources: unknown };
  assert.deepEqual(sources, ['New York', 'New Jersey']);
  const post = async (path: string, json: object): Promise<Record<string, unknown>> => {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(json),
    });
    assert.ok(response.ok, `${response.status} ${await response.clone().text()} ${said}`);
    return (await response.json()) as Record<string, unknown>;
  };

  // A proxy in front of it speaks to it under the name that people use, and nobody under another.
  assert.deepEqual([await asHost(url, new URL(iss).host), await asHost(url, 'evil.example')], [200, 421]);

  const zoe = await post('/retrieve', ZOE);
  const bryon = await post('/retrieve', NOBODY);
  await until(() => mail.received.length === 1 && sms.asked.length === 1);
  const codes = [
    [zoe, /code is (\d{8})/.exec(sms.asked[0]?.body ?? '')?.[1] ?? '', 'New York'],
    [bryon, /code is (\d{8})/.exec(mail.received[0]?.source ?? '')?.[1] ?? '', 'New Jersey'],
  ] as const;
  const list = join('public', 'status', `${kid}.list`);
  const chain = ['--rpc', rpcUrl, '--registry', registry, '--store', 'gate'];
  const sync = ['trust', 'sync', ...chain, '--confirmations', '0', '--list', list];
  assert.equal((await run('pratique', sync, { cwd })).status, 0);
  for (const [{ id }, code, source] of codes) {
    const done = await post('/retrieve/complete', { id, code, product: 'vaccination-pass' });
    assert.deepEqual(done['records'], [{ source, doses: 2, tests: 0 }]);
    const { jws } = done['card'] as { readonly jws: string };
    const { decisions } = await verifyJson(['--store', 'gate', jws], { cwd });
    assert.deepEqual(decisions[0]?.codes, ['VALID']);
  }

  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], said);
  assert.doesNotMatch(said, /canary|Zoë|1980-02-29|10001/i);
  for (const [, code] of codes) assert.ok(!said.includes(code));
});

async function asHost(url: string, host: string): Promise<number | undefined> {
  const [response] = (await once(get(`${url}/healthz`, { headers: { host } }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  return response.statusCode;
}

test('what is wrong with the configuration or the options ends the server at once, in words', async (t) => {
  const cwd = await temporaryFolder(t);
  const passphrase = 'correct horse battery';
  await writeFile(join(cwd, 'secret'), passphrase);
  const iss = 'https://health.example.org/shc';
  await (
    await initIssuer({ dir: join(cwd, 'clinic'), passphrase, iss, name: 'Clinic', kdfCost: 2 ** 14 })
  ).close();
  const serve = async (...args: readonly string[]) =>
    run('pratique', ['issuer', 'serve', '--dir', 'clinic', '--passphrase-file', 'secret', ...args], { cwd });
  for (const [option, value] of [
    ['--trust-proxy', '0.0.0.0/0'],
    ['--trust-proxy', '::/0'],
    ['--trust-proxy', 'proxy.example'],
    ['--base', 'clinic'],
    ['--base', 'https://clinic.example/'],
  ] as const) {
    const { status, stderr } = await serve(option, value);
    assert.equal(status, 64, `${value} ${stderr}`);
  }
  await writeFile(join(cwd, 'service.json'), '{"sources":[{"kind":"loaded","name":"A","canary":1}]}');
  const wrong = await serve('--config', 'service.json', '--port', '0');
  assert.equal(wrong.status, 65);
  assert.match(wrong.stderr, /^CONFIG_INVALID: .*sources\.0: /);
  const registry = `0x${'1'.repeat(40)}`;
  const chain = ['--rpc', 'http://127.0.0.1:9', '--registry', registry, '--every', '1s', '--port', '0'];
  for (const keystore of ['nothing.json', 'service.json']) {
    const sender = ['--keystore', keystore, '--keystore-passphrase-file', 'secret'];
    const unopened = await serve(...chain, ...sender);
    assert.equal(unopened.status, 65, unopened.stderr);
    assert.match(unopened.stderr, /^ACCOUNT_UNAVAILABLE: The keystore /);
  }
  const sms = '"sms":{"url":"https://sms.example/send","secretFile":"secret-of-sms"}';
  await writeFile(join(cwd, 'secret-of-sms'), 'x'.repeat(32));
  await writeFile(join(cwd, 'service.json'), `{"sources":[{"kind":"loaded","name":"A"}],${sms}}`);
  // The work behind it must not keep a server alive that could not listen.
  const busy = await serve('--config', 'service.json', '--port', '0', '--host', '192.0.2.1');
  assert.notEqual(busy.status, 0);
  assert.match(busy.stderr, /TLS_REQUIRED/);
});

test('an office that sends no codes has the desk and the FHIR operation, no addresses of residents, and a quiet standard error', async (t) => {
  const cwd = await temporaryFolder(t);
  const passphrase = 'correct horse battery';
  await writeFile(join(cwd, 'secret'), passphrase);
  const iss = 'https://health.example.org/shc';
  await (
    await initIssuer({ dir: join(cwd, 'clinic'), passphrase, iss, name: 'Clinic', kdfCost: 2 ** 14 })
  ).close();
  await writeFile(join(cwd, 'service.json'), '{"sources":[{"kind":"loaded","name":"New York"}]}');
  const serve = [
    'issuer',
    'serve',
    '--dir',
    'clinic',
    '--passphrase-file',
    'secret',
    '--port',
    '0',
    '--config',
  ];
  const child = spawn(process.execPath, [PROGRAM, ...serve, 'service.json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  t.after(() => child.kill('SIGKILL'));
  let [out, said] = ['', ''];
  child.stdout.on('data', (bytes) => (out += String(bytes)));
  child.stderr.on('data', (bytes) => (said += String(bytes)));
  await until(() => /looked up in New York/.test(out));
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? assert.fail();
  const statuses = ['/desk', '/desk/agent/desk/main.ts', '/fhir/metadata', '/retrieve', '/corrections'].map(
    async (path) => (await fetch(url + path)).status,
  );
  assert.deepEqual(await Promise.all(statuses), [200, 200, 200, 404, 404]);
  assert.equal(said, '');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], said);
});
