import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { loadQrWasm } from '../../../../credential/qr-reader-node.ts';
import { readQrCodes } from '../../../../credential/qr-reader.ts';
import { makeServerCertificate } from '../../../../verifier/node/tls/certificates.ts';
import { openLocalCa, type LocalCa } from '../../../../verifier/node/tls/local-ca.ts';
import { SETUP_WORDS } from '../../../../verifier/node/tls/setup-page.ts';
import { LANGUAGES } from '../../../../verifier/pipeline/words/language.ts';
import {
  openChromium,
  prepareHome,
  withoutCertutil,
  withoutChromium,
  type FreshBrowser,
} from '../../../support/chromium.ts';
import { serveTls } from '../../../support/tls-server.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { serveSetup } from './serve-setup.ts';

const MACHINE = { hostname: 'venue-pc', addresses: ['192.168.1.20'] };
const ORIGIN = 'https://venue-pc.local:8443';
/** Set to a folder to look at the pictures afterwards. */
const PICTURES = process.env['PRATIQUE_PICTURES'];

let folder: string;
let ca: LocalCa;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-setup-'));
  ca = await openLocalCa(folder, MACHINE, Date.now() / 1000);
});
after(() => rm(folder, { recursive: true }));

describe('the setup page in Chromium', { skip: withoutChromium }, () => {
  let site: Awaited<ReturnType<typeof serveSetup>>;
  let browser: FreshBrowser;
  before(async () => {
    site = await serveSetup(() => ca, ORIGIN);
    browser = await openChromium();
  });
  after(async () => {
    await browser.close();
    site.close();
  });

  for (const language of LANGUAGES) {
    for (const width of [390, 1280]) {
      test(`${language} at ${width} pixels: nothing sideways, nothing refused, every step in reach`, async () => {
        const page = await browser.context.newPage();
        await page.setViewportSize({ width, height: 844 });
        const complaints: string[] = [];
        page.on('console', (line) => complaints.push(line.text()));
        await page.goto(`${site.origin}/setup?lang=${language}#sha256-${ca.certificate.fingerprint}`);
        assert.equal(await page.locator('html').getAttribute('lang'), language);
        assert.equal(await page.locator('h1').textContent(), SETUP_WORDS[language].title);
        assert.equal(await page.locator('.fingerprint:target').count(), 1);
        await picture(page, `setup-${language}-${width}`);

        for (const summary of await page.locator('summary').all()) await summary.click();
        assert.equal(await page.locator('ol > li:visible').count(), await page.locator('ol > li').count());
        await picture(page, `setup-${language}-${width}-open`);
        const [inside, outside] = await page.evaluate(() => [
          document.documentElement.clientWidth,
          document.documentElement.scrollWidth,
        ]);
        assert.equal(outside, inside);
        assert.deepEqual(complaints, []);
        await page.close();
      });
    }
  }

  test('its QR code leads the next device to the page and the fingerprint', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${site.origin}/setup`);
    const shown = await page.locator('figure svg').screenshot();
    assert.deepEqual(await readQrCodes(shown, loadQrWasm), [
      `${ORIGIN}/setup#sha256-${ca.certificate.fingerprint}`,
    ]);
    await page.close();
  });

  test('a link leads to each other language, and nothing is asked of anybody else', async () => {
    const page = await browser.context.newPage();
    await page.goto(`${site.origin}/setup`);
    await page.getByRole('link', { name: '繁體中文' }).click();
    await page.waitForURL('**/setup?lang=zh-Hant');
    assert.equal(await page.locator('[aria-current=page]').textContent(), '繁體中文');
    assert.deepEqual([...new Set(browser.requested.map((url) => new URL(url).origin))], [site.origin]);
    await page.close();
  });
});

describe('Chromium with the CA among its certificates', { skip: withoutChromium || withoutCertutil }, () => {
  test('takes the server for secure by name and by address, and so gives the page a camera and a service worker', async (t) => {
    const { page, port } = await browserAt(t, ca.server);
    for (const host of ['venue-pc.local', '127.0.0.1']) {
      await page.goto(`https://${host}:${port}/`);
      const [secure, camera, worker] = await page.evaluate(() => [
        isSecureContext,
        'mediaDevices' in navigator,
        'serviceWorker' in navigator,
      ]);
      assert.deepEqual([secure, camera, worker], [true, true, true], host);
    }
  });

  test('refuses another site’s name even by the CA’s own key', async (t) => {
    const key = await readFile(join(folder, 'ca-key.pem'), 'utf8');
    const forged = await makeServerCertificate(
      { key, certificate: ca.certificate.pem },
      { dns: ['bank.example', 'localhost'], ip: ['127.0.0.1'] },
      Date.now() / 1000,
    );
    const { page, port } = await browserAt(t, { key: forged.key, cert: forged.certificate });
    await assert.rejects(page.goto(`https://bank.example:${port}/`), /ERR_CERT_/);
  });

  test('refuses the server where the CA is not installed', async (t) => {
    const { page, port } = await browserAt(t, ca.server, { trusting: false });
    await assert.rejects(page.goto(`https://127.0.0.1:${port}/`), /ERR_CERT_AUTHORITY_INVALID/);
  });
});

async function browserAt(
  t: TestContext,
  certificate: LocalCa['server'],
  { trusting = true } = {},
): Promise<{ readonly page: Page; readonly port: number }> {
  const home = await temporaryFolder(t);
  await prepareHome(home, trusting ? join(folder, 'ca.pem') : undefined);
  const { port, close } = await serveTls(certificate);
  t.after(close);
  const browser = await openChromium({ home, hosts: ['venue-pc.local', 'bank.example'] });
  t.after(() => browser.close());
  return { page: await browser.context.newPage(), port };
}

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
