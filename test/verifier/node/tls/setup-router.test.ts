import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openLocalCa, type LocalCa } from '../../../../verifier/node/tls/local-ca.ts';
import { SETUP_WORDS } from '../../../../verifier/node/tls/setup-page.ts';
import { LANGUAGES } from '../../../../verifier/pipeline/words/language.ts';
import { serveSetup } from './serve-setup.ts';

const ORIGIN = 'https://venue-pc.local:8443';

let folder: string;
let ca: LocalCa;
let site: Awaited<ReturnType<typeof serveSetup>>;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-setup-'));
  ca = await openLocalCa(folder, { hostname: 'venue-pc', addresses: [] }, Date.now() / 1000);
  site = await serveSetup(() => ca, ORIGIN);
});
after(async () => {
  site.close();
  await rm(folder, { recursive: true });
});

const ask = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${site.origin}${path}`, { headers });

describe('the certificate to download', () => {
  for (const [path, type, read] of [
    ['/setup/ca.crt', 'application/x-x509-ca-cert', (body: Buffer) => body],
    ['/setup/ca.pem', 'application/x-x509-ca-cert', (body: Buffer) => body],
    [
      '/setup/ca.mobileconfig',
      'application/x-apple-aspen-config',
      (body: Buffer) => Buffer.from(/<data>([^<]+)<\/data>/.exec(body.toString())?.[1] ?? '', 'base64'),
    ],
  ] as const) {
    test(`${path} holds the CA and nothing secret, as ${type}`, async () => {
      const response = await ask(path);
      const body = Buffer.from(await response.arrayBuffer());
      assert.equal(response.headers.get('content-type'), type);
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      const certificate = new X509Certificate(read(body));
      assert.deepEqual(Uint8Array.from(certificate.raw), ca.certificate.der);
      assert.equal(certificate.fingerprint256.replaceAll(':', ''), ca.certificate.fingerprint);
      assert.doesNotMatch(body.toString('latin1'), /PRIVATE KEY/);
    });
  }

  test('the profile offers a root to iPhones, under names that its certificate alone decides', async () => {
    const text = await (await ask('/setup/ca.mobileconfig')).text();
    assert.match(text, /<string>com\.apple\.security\.root<\/string>/);
    const uuids = text.match(/[\dA-F]{8}-[\dA-F]{4}-8[\dA-F]{3}-A[\dA-F]{3}-[\dA-F]{12}/g) ?? [];
    assert.equal(new Set(uuids).size, 2);
    assert.equal(await (await ask('/setup/ca.mobileconfig')).text(), text);
  });

  test('it is the one held now, when the CA was renewed meanwhile', async () => {
    const held = ca;
    const other = await mkdtemp(join(tmpdir(), 'pratique-setup-'));
    try {
      ca = await openLocalCa(other, { hostname: 'venue-pc', addresses: [] }, Date.now() / 1000);
      const body = Buffer.from(await (await ask('/setup/ca.crt')).arrayBuffer());
      assert.equal(createHash('sha256').update(body).digest('hex').toUpperCase(), ca.certificate.fingerprint);
    } finally {
      ca = held;
      await rm(other, { recursive: true });
    }
  });
});

describe('the page', () => {
  test('comes in the language chosen on it, else in the one of the device', async () => {
    const languageOf = async (path: string, asked: string) => {
      const response = await ask(path, { 'Accept-Language': asked });
      const page = await response.text();
      const language = /<html lang="([^"]*)"/.exec(page)?.[1];
      assert.equal(response.headers.get('content-language'), language);
      assert.ok(LANGUAGES.some((one) => one === language && page.includes(SETUP_WORDS[one].title)));
      return language;
    };
    assert.equal(await languageOf('/setup', 'zh-TW'), 'zh-Hant');
    assert.equal(await languageOf('/setup?lang=es', 'zh-TW'), 'es');
    assert.equal(await languageOf('/setup?lang=fr&lang=es', 'zh-TW'), 'zh-Hant');
    assert.equal(await languageOf('/setup?lang=%3Cscript%3E', 'fr'), 'en');
  });

  test('shows the fingerprint in groups, the steps with this certificate’s name, and nothing from elsewhere', async () => {
    for (const language of LANGUAGES) {
      const response = await ask(`/setup?lang=${language}`);
      const page = await response.text();
      const groups = [...page.matchAll(/<span>([\dA-F]{4})<\/span>/g)].map(([, group]) => group);
      assert.equal(groups.join(''), ca.certificate.fingerprint);
      assert.ok(page.split(ca.certificate.name).length > 5, 'the name stands in each list of steps');
      assert.doesNotMatch(page, /<script|\son\w+=|\sstyle=|\{(?:name|origin|local|until)\}/);
      for (const [, address = ''] of page.matchAll(/\s(?:href|src|action)="([^"]*)"/g)) {
        assert.ok(address.startsWith('/setup'), address);
      }
      assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none';/);
    }
  });

  test('leads to where it was configured to be, whatever Host was asked for', async () => {
    const page = await (await ask('/setup', { Host: 'evil.example' })).text();
    assert.ok(page.includes(ORIGIN) && page.includes(`${ORIGIN}/setup`));
    assert.ok(!page.includes('evil.example'));
  });

  test('writes a machine’s name as text, whatever characters it has', async () => {
    const name = '<img src=x onerror="alert(1)">&\'';
    const other = await serveSetup(() => ({ certificate: { ...ca.certificate, name } }), ORIGIN);
    try {
      for (const path of ['/setup', '/setup/ca.mobileconfig']) {
        const page = await (await fetch(`${other.origin}${path}`)).text();
        assert.ok(!page.includes('<img') && page.includes('&#60;img src=x'), path);
      }
    } finally {
      other.close();
    }
  });
});
