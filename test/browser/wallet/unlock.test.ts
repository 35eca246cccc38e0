import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { LISTED, cardOf } from '../venue.ts';
import { lockWallet, openHousehold, openWallet, PIN } from './household.ts';
import type { Household } from './household.ts';
import { withPasses } from './fillings.ts';

const NAME = /Nora|Green/;

async function tryPin(page: Page, pin: string): Promise<void> {
  await page.locator('input[name=pin]').fill(pin);
  await page.locator('form button[type=submit]').click();
}

describe('opening a wallet', { skip: withoutChromium }, () => {
  let household: Household;
  let page: Page;
  const fill = withPasses(cardOf({ given: 'Nora', family: 'Green' }, { key: LISTED }));
  before(async () => {
    household = await openHousehold({ fill });
    ({ page } = household);
  });
  beforeEach(async () => household.anew(fill));
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  test('its PIN opens it, and a wrong one says so in words', async () => {
    await tryPin(page, '274916');
    await page.locator('.answer', { hasText: 'That is not the PIN of this wallet.' }).waitFor();
    assert.equal(await page.locator('input[name=pin]').inputValue(), '');
    await openWallet(page);
  });

  test('who guesses waits, longer each time, and is told how long; loading the page again gains nothing', async () => {
    for (let tries = 0; tries < 3; tries++) {
      await tryPin(page, '000111');
      await page.locator('.answer', { hasText: 'not the PIN' }).waitFor();
      await page.locator('form[aria-busy=false]').waitFor();
    }
    await tryPin(page, PIN);
    await page.locator('.answer', { hasText: 'too many wrong PINs' }).waitFor();
    await page.locator('.wait', { hasText: 'Try again in 30 seconds.' }).waitFor();
    assert.equal(await page.locator('form button[type=submit]').isDisabled(), true);
    await page.reload();
    await page.locator('.wait', { hasText: /Try again in \d+ seconds/ }).waitFor();
  });

  test('once locked, nothing of a name is on the page, nor behind the browser’s back button', async () => {
    await openWallet(page);
    await page.locator('main', { hasText: NAME }).waitFor();
    // As a screen's dialog stands beside the frame.
    await page.evaluate(() => {
      const dialog = document.createElement('dialog');
      dialog.append('Nora Green');
      document.body.append(dialog);
      dialog.show();
    });
    await page.locator('.menu-item', { hasText: 'More' }).click();
    await page.locator('.to-settings').click();
    await page.locator('.way-back').click();
    await page.locator('.to-settings').waitFor();
    await page.evaluate(() => {
      document.querySelector('dialog')?.close();
    });
    await lockWallet(page);
    const seen = async (): Promise<string> =>
      page.evaluate(
        () => `${document.documentElement.outerHTML} ${document.title} ${JSON.stringify(history.state)}`,
      );
    assert.doesNotMatch(await seen(), NAME);
    await page.evaluate(() => {
      history.forward();
    });
    await page.locator('input[name=pin]').waitFor();
    assert.doesNotMatch(await seen(), NAME);
    assert.equal(await page.locator('.way-lock').count(), 0);
  });

  test('it locks itself when nobody touched it for as long as was chosen', async () => {
    await page.clock.install();
    await page.reload();
    await openWallet(page);
    await page.clock.fastForward('01:00');
    await page.locator('.menu-item', { hasText: 'More' }).click();
    await page.clock.fastForward('01:59');
    assert.equal(await page.locator('.way-lock').count(), 1);
    await page.clock.fastForward('00:05');
    await page.locator('.notice', { hasText: 'nobody used it' }).waitFor();
    assert.equal(await page.locator('.way-lock').count(), 0);
  });

  test('printing is not cut off, and a print dialog that is forgotten keeps nothing open', async () => {
    await page.clock.install();
    await page.reload();
    await openWallet(page);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.clock.fastForward('05:00');
    assert.equal(await page.locator('.way-lock').count(), 1);
    await page.clock.fastForward('06:00');
    await page.clock.fastForward('03:00');
    await page.locator('.notice').waitFor();
  });

  test('a page that was left is locked when the browser brings it back', async () => {
    await openWallet(page);
    await page.goto(`${household.url}/empty`);
    await page.goBack();
    await page.locator('input[name=pin]').waitFor();
    assert.equal(await page.locator('.way-lock').count(), 0);
  });

  test('a change in another window locks it: it is opened anew, with what was changed', async () => {
    await openWallet(page);
    const other = await household.browser.context.newPage();
    await other.goto(household.url);
    await openWallet(other);
    await other.locator('.menu-item', { hasText: 'More' }).click();
    await other.locator('.to-settings').click();
    await other.locator('.to-change-pin').click();
    await other.locator('input[name=pin]').fill(PIN);
    await other.locator('input[name=new-pin]').fill('918273');
    await other.locator('input[name=again]').fill('918273');
    await other.locator('form button[type=submit]').click();
    await other.locator('.told', { hasText: 'The PIN was changed.' }).waitFor();
    await other.close();
    await page.locator('.notice', { hasText: 'changed in another window' }).waitFor();
    await openWallet(page, '918273');
  });

  test('the way leads back and forward as the browser’s buttons say, and a reload ends at the lock', async () => {
    await openWallet(page);
    await page.locator('.menu-item', { hasText: 'More' }).click();
    await page.locator('.to-settings').click();
    const title = page.locator('h1');
    await page.goBack();
    await title.filter({ hasText: 'More' }).waitFor();
    await page.goForward();
    await title.filter({ hasText: 'Settings' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Settings');
    assert.equal(await page.title(), 'Settings · Pratique');
    await page.locator('.menu-item', { hasText: 'Passes' }).click();
    await title.filter({ hasText: 'My passes' }).waitFor();
    assert.equal(await page.locator('.way-back').count(), 0);
    await page.reload();
    await page.locator('input[name=pin]').waitFor();
  });

  test('who forgot the PIN is told what can be done, and may erase the wallet by a typed word', async () => {
    await page.locator('.forgot').click();
    await page.locator('.erase').click();
    const go = page.locator('.danger');
    assert.equal(await go.isDisabled(), true);
    await page.locator('input[name=word]').fill('erase');
    await go.click();
    await page.locator('.make').waitFor();
    assert.deepEqual(await storedNames(page), []);
  });

  test('a wallet that was tampered with says so, is left as it is, and leads to ways out', async () => {
    const stored = await storedNames(page);
    await page.evaluate(async () => {
      const opening = indexedDB.open('pratique-wallet');
      await new Promise((done) => {
        opening.addEventListener('success', done);
      });
      const transaction = opening.result.transaction('vault', 'readwrite');
      const store = transaction.objectStore('vault');
      const asking = store.getAllKeys();
      asking.addEventListener('success', () => {
        const record = asking.result.find((key) => typeof key === 'string' && key.length === 43);
        if (record !== undefined) store.put(new Uint8Array(99), record);
      });
      await new Promise((done) => {
        transaction.addEventListener('complete', done);
      });
      opening.result.close();
    });
    await tryPin(page, PIN);
    await page.locator('.answer', { hasText: 'What is stored here is damaged.' }).waitFor();
    assert.deepEqual((await storedNames(page)).toSorted(), stored.toSorted());
    await page.locator('.answer button').click();
    await page.locator('.restore').waitFor();
  });

  test('a header that is none, or of a newer version, is told apart', async () => {
    for (const [header, words, isDamaged] of [
      ['{}', 'What is stored here is damaged.', true],
      ['{"version":2}', 'A newer version of this page made this wallet.', false],
    ] as const) {
      await page.evaluate(async (text) => {
        const opening = indexedDB.open('pratique-wallet');
        await new Promise((done) => {
          opening.addEventListener('success', done);
        });
        const transaction = opening.result.transaction('vault', 'readwrite');
        transaction.objectStore('vault').put(new TextEncoder().encode(text), 'header');
        await new Promise((done) => {
          transaction.addEventListener('complete', done);
        });
        opening.result.close();
      }, header);
      await page.reload();
      await page.locator('.trouble', { hasText: words }).waitFor();
      assert.equal(await page.locator('.what-to-do').count(), isDamaged ? 1 : 0);
    }
  });
});

async function storedNames(page: Page): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('pratique-wallet');
    await new Promise((done) => {
      opening.addEventListener('success', done);
    });
    const asking = opening.result.transaction('vault').objectStore('vault').getAllKeys();
    await new Promise((done) => {
      asking.addEventListener('success', done);
    });
    opening.result.close();
    return asking.result.map(String);
  });
}
