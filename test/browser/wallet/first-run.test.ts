import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf } from '../venue.ts';
import { openHousehold, PIN } from './household.ts';
import type { Household } from './household.ts';

/** A deep link as an issuer's page gives it. */
function linkOf(url: string): string {
  const jws = cardOf({ given: 'Nora', family: 'Green' });
  return `${url}/SMARTHealthCard/#${encodeURIComponent(JSON.stringify({ verifiableCredential: [jws] }))}`;
}

async function fill(page: Page, pin: string, again = pin): Promise<void> {
  await page.locator('input[name=pin]').fill(pin);
  await page.locator('input[name=again]').fill(again);
}

const submit = async (page: Page): Promise<void> => page.locator('form button[type=submit]').click();

describe('the first run of a wallet', { skip: withoutChromium }, () => {
  let household: Household;
  let page: Page;
  before(async () => {
    household = await openHousehold();
    ({ page } = household);
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  test('says what it is, in the language that is chosen there', async () => {
    assert.equal(await page.locator('h1').innerText(), 'Your passes, on this device');
    await page.locator('select[name=language]').selectOption('zh-Hant');
    await page.locator('h1', { hasText: '您的通行證' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hant');
    await page.locator('select[name=language]').selectOption('en');
    await page.locator('h1', { hasText: 'Your passes' }).waitFor();
  });

  test('refuses in words, at once, a PIN that is short, simple, or not the same twice', async () => {
    await page.locator('.make').click();
    for (const [pin, again, words] of [
      ['12345', '12345', 'That is too short.'],
      ['123456', '123456', 'That is too easy to guess.'],
      [PIN, '274916', 'The two are not the same.'],
    ] as const) {
      await fill(page, pin, again);
      await submit(page);
      await page.locator('.wrong', { hasText: words }).waitFor();
    }
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'again');
    assert.equal(await page.locator('.way-lock').count(), 0);
  });

  test('shows what is typed to whoever wants it, and a keyboard with letters or without', async () => {
    const pin = page.locator('input[name=pin]');
    assert.deepEqual(await pin.evaluate((field: HTMLInputElement) => [field.type, field.inputMode]), [
      'password',
      'numeric',
    ]);
    await page.locator('input[name=show-typed]').check();
    await page.locator('input[name=with-letters]').check();
    assert.deepEqual(
      await pin.evaluate((field: HTMLInputElement) => [field.type, field.inputMode, field.value]),
      ['text', 'text', PIN],
    );
    await page.locator('input[name=with-letters]').uncheck();
  });

  test('makes the wallet without stopping the page, and only once', async () => {
    await fill(page, PIN);
    const seen = await page.evaluate(async () => {
      const form = document.querySelector('form');
      if (form === null) throw new Error('There is no form.');
      let frames = 0;
      let isRunning = true;
      const count = (): void => {
        frames += 1;
        if (isRunning) requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
      form.requestSubmit();
      form.requestSubmit();
      const busy = form.getAttribute('aria-busy');
      while (form.isConnected) await new Promise((done) => requestAnimationFrame(done));
      isRunning = false;
      return { busy, frames };
    });
    await page.locator('.way-lock').waitFor();
    assert.equal(seen.busy, 'true');
    // At its full cost it takes some hundred milliseconds: a page that stood still would have drawn one frame.
    assert.ok(seen.frames >= 4, `${seen.frames} frames`);
  });

  test('a link that came before there was a wallet waits until there is one, and is in no address', async () => {
    await household.anew();
    await page.goto(linkOf(household.url));
    await page.locator('.make').waitFor();
    assert.equal(page.url(), `${household.url}/`);
    assert.deepEqual(await page.evaluate(() => Object.keys(history.state as object)), ['way', 'depth']);
    await page.locator('.make').click();
    await fill(page, PIN);
    await submit(page);
    await page.locator('.way-lock').waitFor();
    // On the way to be added, and not at home.
    await page.locator('.menu-item[aria-current]', { hasText: 'Add' }).waitFor();
  });

  test('the browser’s back leads from the PIN to the first screen', async () => {
    await household.anew();
    await page.locator('.make').click();
    await page.locator('input[name=pin]').fill('27');
    await page.goBack();
    await page.locator('.make').waitFor();
    await page.goForward();
    assert.equal(await page.locator('input[name=pin]').inputValue(), '');
  });
});
