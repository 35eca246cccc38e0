import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf } from '../venue.ts';
import { lockWallet, openHousehold, openWallet, PIN } from './household.ts';
import type { Household } from './household.ts';
import { withPasses } from './fillings.ts';

const CARD = cardOf({ given: 'Nora', family: 'Nobody' });

/** Everything that the browser keeps of the page, names and values, as text in which any ASCII word would be found. */
async function everythingKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const found: string[] = [];
    const settled = async <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((done, fail) => {
        request.addEventListener('success', () => {
          done(request.result);
        });
        request.addEventListener('error', () => {
          fail(request.error ?? new Error('no reason'));
        });
      });
    for (const { name = '' } of await indexedDB.databases()) {
      // What is known of issuers is for everyone.
      if (name === 'pratique-wallet-trust') continue;
      const database = await settled(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = [await settled(objects.getAllKeys()), await settled(objects.getAll())];
        for (const key of keys) found.push(JSON.stringify(key));
        for (const value of values as readonly unknown[]) {
          found.push(
            value instanceof Uint8Array
              ? Array.from(value, (byte) => String.fromCharCode(byte)).join('')
              : JSON.stringify(value),
          );
        }
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) found.push(`${request.method} ${request.url}`);
    }
    found.push(
      ...Object.entries(localStorage).flat().map(String),
      ...Object.entries(sessionStorage).flat().map(String),
      document.cookie,
      JSON.stringify(history.state),
      location.href,
      window.name,
    );
    return found.join('\n');
  });
}

describe('what a wallet leaves behind', { skip: withoutChromium }, () => {
  let household: Household;
  let page: Page;
  before(async () => {
    household = await openHousehold({ fill: withPasses(CARD) });
    ({ page } = household);
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  test('at rest there is no name, no card, no DID and no PIN anywhere, open or locked', async () => {
    await openWallet(page);
    await page.locator('.menu-item', { hasText: 'More' }).click();
    await page.locator('.to-privacy').click();
    const shown = page.locator('.did', { hasText: 'did:jwk:' });
    await shown.waitFor();
    const did = (await shown.textContent()) ?? '';
    const words = [
      'Nora',
      'Nobody',
      '1980',
      'eyJ',
      'shc:',
      'holder-key',
      'pass/',
      PIN,
      did,
      did.slice(8, 40),
    ];
    for (const isLocked of [false, true]) {
      if (isLocked) await lockWallet(page);
      const kept = await everythingKept(page);
      assert.match(kept, /^"header"$/m);
      assert.match(kept, /pratique-wallet-settings/);
      for (const word of words) assert.ok(!kept.includes(word), word);
    }
  });

  test('a link leaves nothing in the address, the history or a cache', async () => {
    const json = JSON.stringify({ verifiableCredential: [CARD] });
    await page.goto(`${household.url}/SMARTHealthCard/#${encodeURIComponent(json)}`);
    await page.locator('input[name=pin]').waitFor();
    const kept = await everythingKept(page);
    assert.ok(!kept.includes(CARD.slice(0, 40)));
    assert.doesNotMatch(await page.content(), /Nora|eyJ/);
  });

  test('nothing that was typed stays in the page once it was taken', async () => {
    await household.anew(withPasses(CARD));
    await openWallet(page);
    assert.equal(
      await page.evaluate(() => [...document.querySelectorAll('input')].some(({ value }) => value !== '')),
      false,
    );
  });

  test('settings that were tampered with keep no wallet open and put nothing into the page', async () => {
    await page.evaluate(() => {
      localStorage.setItem(
        'pratique-wallet-settings',
        JSON.stringify({ idleSeconds: 1e9, theme: '"><img>', language: '<b>', keyboard: {} }),
      );
    });
    await page.reload();
    await openWallet(page);
    await page.locator('.menu-item').last().click();
    await page.locator('.to-settings').click();
    const values = await page
      .locator('select')
      .evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
    assert.deepEqual(values, ['en', 'system', '120']);
  });

  test('the page asked nobody but its own server', () => {
    const origins = new Set(household.browser.requested.map((address) => new URL(address).origin));
    origins.delete('null');
    assert.deepEqual([...origins], [household.url]);
  });
});
