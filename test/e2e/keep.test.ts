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
import { importEs256Key } from '../../credential/es256-node.ts';
import type { TrustReport } from '../../verifier/node/venue.ts';
import { replayLog } from '../../verifier/pipeline/replay.ts';
import type { RawLog } from '../../verifier/pipeline/registry-log.ts';
import type { ChainSource } from '../../verifier/pipeline/trust-document.ts';
import { readRequest } from '../../wallet/asking/read-request.ts';
import { openChromium, withoutChromium } from '../support/chromium.ts';
import { run, verifyJson } from '../support/cli.ts';

const SCRIPT = fileURLToPath(new URL('../../cli/start.ts', import.meta.url));
const [MARIA, MEI] = SAMPLE_PEOPLE;

/** What `/trust/log` gives. */
interface Told {
  readonly source: ChainSource;
  readonly logs: readonly RawLog[];
}

interface Card {
  readonly id: string;
  readonly jws: string;
}

describe('npm start -- --keep', () => {
  let folder: string;
  let child: ReturnType<typeof spawn>;
  let told = '';
  let url: string;
  let wallet: string;
  let scanner: string;
  const chain = { rpc: '', registry: '' };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-keep-'));
    child = spawn(process.execPath, [SCRIPT, '--keep'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.setEncoding('utf8').on('data', (part: string) => (told += part));
    await until(() => /The issuer answers at .*\n/.test(told), 110_000);
    const command = /trust sync --rpc (\S+) --registry (\S+)/.exec(told);
    [chain.rpc, chain.registry] = [command?.[1] ?? '', command?.[2] ?? ''];
    url = /The issuer answers at ([^\s,]+)/.exec(told)?.[1] ?? '';
    wallet = addressOf('wallet').replace('localhost', '127.0.0.1');
    scanner = addressOf('scanner');
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

  /** As the box says it. */
  const addressOf = (what: string): string => new RegExp(`│ ${what} +(\\S+) `).exec(told)?.[1] ?? '';

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

  test('the desk, the wallet and the scanner are where it says, and hold the same trust data', async () => {
    assert.equal(addressOf('issuer desk'), `${url}/desk`);
    for (const one of [`${url}/desk`, wallet, scanner, `${wallet}/SMARTHealthCard/`]) {
      const page = await fetch(one);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/, one);
    }
    const registries = await Promise.all(
      [wallet, scanner].map(async (one) => {
        const { source, lists } = (await (await fetch(`${one}/trust`)).json()) as TrustReport;
        assert.ok(source?.kind === 'chain');
        assert.deepEqual(
          lists.map(({ state, fault }) => [state, fault]),
          [['current', null]],
        );
        return source.registry;
      }),
    );
    const registry = chain.registry.toLowerCase();
    assert.deepEqual(registries, [registry, registry]);
    const offered = (await (await fetch(`${wallet}/wallet`)).json()) as object;
    assert.deepEqual(offered, { issuers: [{ url, name: 'Example Department of Health' }] });
  });

  test('wallets know by name who asks at the scanner', async () => {
    const asked = await fetch(`${scanner}/requests`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    const { request } = (await asked.json()) as { readonly request: string };
    const read = await readRequest(
      request,
      { trust: 'missing', now: Date.now() / 1000, allowUnanchored: false },
      importEs256Key,
    );
    assert.ok(typeof read !== 'string');
    assert.equal(read.request.purpose, 'Entry to the concert');
    const { source, logs } = (await (await fetch(`${wallet}/trust/log`)).json()) as Told;
    const { venues } = replayLog(logs, source).trust;
    assert.deepEqual(
      venues.map(({ did, name }) => [did, name]),
      [[read.asker.did, 'Sample Concert Hall']],
    );
  });

  test(
    'the pages load without a complaint, and the wallet’s origin can retrieve from the issuer',
    { skip: withoutChromium },
    async () => {
      const browser = await openChromium();
      try {
        const complaints: string[] = [];
        const page = await browser.context.newPage();
        page.on('pageerror', ({ message }) => complaints.push(message));
        page.on('console', (line) => {
          if (line.type() === 'error' || line.type() === 'warning') complaints.push(line.text());
        });
        for (const address of [scanner, wallet]) {
          await page.goto(address);
          await page.locator('body button').first().waitFor();
          await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
        }
        const { given, family, birthDate, zip } = MEI;
        const answered = await page.evaluate(
          async ([issuer, person]) => {
            const answer = await fetch(`${issuer}/retrieve`, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: person,
            });
            return { status: answer.status, told: (await answer.json()) as { id?: string } };
          },
          [url, JSON.stringify({ name: { family, given: [given] }, birthDate, zip })] as const,
        );
        assert.equal(answered.status, 202);
        assert.match(answered.told.id ?? '', /./);
        // What comes now is complained of.
        assert.deepEqual(complaints, []);
        const refused = await page.evaluate(
          async (issuer) =>
            fetch(`${issuer}/me`).then(
              () => 'read',
              () => 'not read',
            ),
          url,
        );
        assert.equal(refused, 'not read');
        const strangers = browser.requested.filter(
          (one) => ![url, wallet, scanner].some((ours) => one.startsWith(ours)) && !one.startsWith('blob:'),
        );
        assert.deepEqual(strangers, []);
      } finally {
        await browser.close();
      }
    },
  );

  test('it ends well when it is interrupted, and the chain with it', async () => {
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    for (const one of [url, wallet, scanner]) await assert.rejects(fetch(one));
    await assert.rejects(fetch(chain.rpc));
  });
});
