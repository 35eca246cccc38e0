import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createLog } from '../../../../verifier/http/request-log.ts';
import { serveWallet } from '../../../../verifier/node/http/wallet-app.ts';
import type { WalletOptions } from '../../../../verifier/node/http/wallet-app.ts';
import { mintCard } from '../../../support/cards.ts';
import { localhostCertificate } from '../../../support/localhost-certificate.ts';
import { sendRaw } from './raw-request.ts';
import { key, post, served, venueWith } from './venues.ts';

async function walletAt(t: TestContext, options: WalletOptions = {}): Promise<string> {
  const { url, stop } = await serveWallet(venueWith(), options);
  t.after(stop);
  return url;
}

/** A folder that holds a page. */
async function page(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pratique-page-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'index.html'), '<title>Kept here</title>');
  return folder;
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types pratique',
].join(';');

/** The whole policies of a page, as its browser reads them. */
async function policiesOf(url: string): Promise<{ readonly content: string; readonly permissions: string }> {
  const { headers } = await fetch(url);
  return {
    content: headers.get('content-security-policy') ?? '',
    permissions: headers.get('permissions-policy') ?? '',
  };
}

test('a scanner may use the camera, fill the screen and keep it on, and speak to its node; nothing else', async (t) => {
  assert.deepEqual(await policiesOf(await served(t)), {
    content: POLICY,
    permissions:
      'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), ' +
      'display-capture=(), fullscreen=(self), screen-wake-lock=(self), browsing-topics=(), ' +
      'publickey-credentials-create=(), publickey-credentials-get=(), xr-spatial-tracking=()',
  });
});

test('a wallet may use the camera and passkeys, keep the screen on, and speak to issuers over TLS', async (t) => {
  const url = await walletAt(t, { hosts: ['wallet.example'] });
  const trial = 'https: http://127.0.0.1:* http://localhost:*';
  assert.deepEqual(await policiesOf(url), {
    content: POLICY.replace("connect-src 'self'", `connect-src 'self' ${trial}`),
    permissions:
      'camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), ' +
      'display-capture=(), fullscreen=(), screen-wake-lock=(self), browsing-topics=(), ' +
      'publickey-credentials-create=(self), publickey-credentials-get=(self), xr-spatial-tracking=()',
  });
  // Behind a proxy, under a name of its own.
  const named = await sendRaw(url, 'GET / HTTP/1.1\r\nHost: wallet.example\r\nConnection: close\r\n\r\n');
  assert.match(named, /;connect-src 'self' https:;/);
});

test('a wallet served over TLS speaks to nobody without', async (t) => {
  const { key: pem, cert } = localhostCertificate();
  const url = await walletAt(t, { tls: { key: pem, cert } });
  const { request } = await import('node:https');
  const policy = await new Promise((resolve, reject) => {
    request(`${url}/trust`, { ca: cert, servername: 'localhost' }, (response) => {
      response.resume();
      resolve(response.headers['content-security-policy']);
    })
      .on('error', reject)
      .end();
  });
  assert.equal(policy, POLICY.replace("connect-src 'self'", "connect-src 'self' https:"));
});

test('a wallet’s server hands out the page, trust data and issuers, and takes no card', async (t) => {
  const issuers = [{ url: 'https://passes.example', name: 'Example Health' }];
  const folder = await page(t);
  const url = await walletAt(t, { issuers, pages: async () => Promise.resolve(folder) });
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { readonly paths: object };
  assert.deepEqual(Object.keys(paths).toSorted(), [
    '/healthz',
    '/openapi.json',
    '/readyz',
    '/trust',
    '/trust/bundle',
    '/trust/log',
    '/venue',
    '/wallet',
  ]);
  assert.deepEqual(await (await fetch(`${url}/wallet`)).json(), { issuers });
  const node = await served(t);
  for (const path of ['/trust', '/venue']) {
    assert.deepEqual(await (await fetch(url + path)).json(), await (await fetch(node + path)).json(), path);
  }
  for (const path of ['/', '/SMARTHealthCard/']) {
    assert.equal(await (await fetch(url + path)).text(), '<title>Kept here</title>', path);
  }
  for (const path of ['/verify', '/presentations', '/SMARTHealthCard/']) {
    assert.equal((await post(url + path, { credential: mintCard(key) })).status, 404, path);
  }
});

test('where there is no page, what stands at / says what this is', async (t) => {
  const text = await (await fetch(await walletAt(t))).text();
  assert.match(text, /<h1>Pratique wallet<\/h1>/);
});

test('a wallet’s log holds where a request went and how it ended, and nothing that came with it', async (t) => {
  const lines: string[] = [];
  const url = await walletAt(t, { log: createLog({ write: (line: string) => void lines.push(line) }) });
  const secret = 'eyJ6aXAiOiJERUYi';
  for (const path of [`/${secret}`, `/SMARTHealthCard/?${secret}`, `/wallet?${secret}`]) {
    await (await fetch(url + path, { headers: { Referer: `${url}/${secret}`, Origin: url } })).text();
  }
  await post(`${url}/wallet`, { secret });
  assert.equal(lines.length, 4);
  for (const line of lines) {
    assert.deepEqual(
      Object.keys(JSON.parse(line) as object).toSorted(),
      ['level', 'method', 'ms', 'route', 'status', 'time'],
      line,
    );
    assert.doesNotMatch(line, new RegExp(secret));
  }
});
