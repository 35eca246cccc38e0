import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { builtPage } from '../../../cli/built-page.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf } from '../venue.ts';
import { until } from '../watched-page.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { withPasses } from './fillings.ts';

const fill = withPasses(cardOf({ given: 'Nora', family: 'Green' }));

describe('a wallet without its server', { skip: withoutChromium }, () => {
  let household: Household;
  let folder: string;
  before(async () => {
    const built = await builtPage('wallet');
    assert.ok(built);
    // A copy, of which a newer version can be made.
    folder = await mkdtemp(join(tmpdir(), 'pratique-wallet-pages-'));
    await cp(built, folder, { recursive: true });
    household = await openHousehold({ fill, pages: folder });
  });
  after(async () => {
    await household.close();
    await rm(folder, { recursive: true });
    assert.deepEqual(household.complaints, []);
  });

  test('opens, is used, and is set up anew, from what is kept on the device', async () => {
    const { page } = household;
    await household.stopServer();
    await page.reload();
    await openWallet(page);
    await page.locator('.menu-item').last().click();
    await page.locator('.to-trust').click();
    await page.locator('.card', { hasText: 'Block 10 ' }).waitFor();
    // The address that cards' links lead to is kept as well.
    await page.goto(`${household.url}/SMARTHealthCard/#x`);
    await page.locator('input[name=pin]').waitFor();
    await household.startServer();
  });

  test('takes a newer version over once it is locked and nobody types, and never while it is open', async () => {
    const { page } = household;
    await page.clock.install();
    await page.reload();
    await openWallet(page);
    const kept = await keptVersions();
    const worker = join(folder, 'service-worker.js');
    const text = await readFile(worker, 'utf8');
    const [version = ''] = kept;
    await writeFile(worker, text.replace(version, '0123456789abcdef'));
    await page.evaluate(async () => {
      await (await navigator.serviceWorker.ready).update();
    });
    const isWaiting = async (): Promise<boolean> =>
      page.evaluate(async () => (await navigator.serviceWorker.ready).waiting !== null);
    await until(isWaiting);
    await page.evaluate(() => {
      (globalThis as { isTheSame?: boolean }).isTheSame = true;
    });
    const isTheSame = async (): Promise<boolean> =>
      page.evaluate(() => (globalThis as { isTheSame?: boolean }).isTheSame === true);
    // It looks once a second.
    await page.clock.runFor(5000);
    assert.deepEqual([await isTheSame(), await isWaiting()], [true, true]);
    await page.locator('.way-lock').click();
    await page.locator('input[name=pin]').pressSequentially('27');
    await page.clock.runFor(5000);
    assert.deepEqual([await isTheSame(), await isWaiting()], [true, true]);
    await page.locator('input[name=pin]').fill('');
    await until(async () => !(await isTheSame().catch(() => true)));
    await until(async () => (await keptVersions()).join() === '0123456789abcdef');
    await openWallet(page);
  });

  async function keptVersions(): Promise<readonly string[]> {
    return household.page
      .evaluate(async () => (await caches.keys()).map((name) => name.replace('pratique-wallet-', '')))
      .catch(() => []);
  }
});
