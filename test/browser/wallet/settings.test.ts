import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { lockWallet, openHousehold, openWallet, PIN } from './household.ts';
import type { Household } from './household.ts';
import { withPasses } from './fillings.ts';

/** A passkey of the device that derives secrets, as telephones have. */
const AUTHENTICATOR = {
  protocol: 'ctap2',
  ctap2Version: 'ctap2_1',
  transport: 'internal',
  hasUserVerification: true,
  isUserVerified: true,
  hasPrf: true,
  automaticPresenceSimulation: true,
} as const;

async function goTo(page: Page, ...places: readonly string[]): Promise<void> {
  await page.locator('.menu-item', { hasText: /More|Más|更多/ }).click();
  for (const place of places) await page.locator(`.to-${place}`).click();
}

async function submit(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, value] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(value);
  await page.locator('form button[type=submit]').click();
}

describe('the settings of a wallet', { skip: withoutChromium }, () => {
  let household: Household;
  let page: Page;
  before(async () => {
    household = await openHousehold({ fill: withPasses() });
    ({ page } = household);
  });
  beforeEach(async () => {
    await household.anew(withPasses());
    await openWallet(page);
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  test('language, light or dark, and the time until it locks are chosen, and stay chosen', async () => {
    await goTo(page, 'settings');
    await page.locator('select[name=theme]').selectOption('dark');
    await page.locator('select[name=idle]').selectOption('60');
    await page.locator('select[name=language]').selectOption('es');
    await page.locator('h1', { hasText: 'Ajustes' }).waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
    await page.reload();
    await openWallet(page);
    await goTo(page, 'settings');
    const chosen = await page
      .locator('select')
      .evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
    assert.deepEqual(chosen, ['es', 'dark', '60']);
    await household.inLanguage('en');
  });

  test('another PIN opens the wallet from then on, and the old one no more', async () => {
    await goTo(page, 'settings', 'change-pin');
    await submit(page, { pin: '274916', 'new-pin': '918273', again: '918273' });
    await page.locator('.answer', { hasText: 'not the PIN' }).waitFor();
    await submit(page, { pin: PIN, 'new-pin': '918273', again: '918273' });
    await page.locator('.told', { hasText: 'The PIN was changed.' }).waitFor();
    // It goes on being open, and can still be written to.
    await page.locator('h1', { hasText: 'Settings' }).waitFor();
    await lockWallet(page);
    await page.locator('input[name=pin]').fill(PIN);
    await page.locator('form button[type=submit]').click();
    await page.locator('.answer', { hasText: 'not the PIN' }).waitFor();
    await openWallet(page, '918273');
  });

  test('a passkey is added with the PIN, opens the wallet, and is removed', async () => {
    const devtools = await household.browser.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: AUTHENTICATOR,
    });
    assert.equal(await page.locator('.use-passkey').count(), 0);
    await goTo(page, 'settings', 'passkey');
    await submit(page, { pin: PIN });
    await page.locator('.told', { hasText: 'The passkey was added.' }).waitFor();
    await lockWallet(page);
    await page.locator('.use-passkey').click();
    await page.locator('.way-lock').waitFor();
    await goTo(page, 'settings', 'passkey');
    await submit(page, { pin: PIN });
    await page.locator('.told', { hasText: 'The passkey was removed.' }).waitFor();
    await lockWallet(page);
    assert.equal(await page.locator('.use-passkey').count(), 0);
    await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    await devtools.send('WebAuthn.disable');
  });

  test('where no passkey derives secrets, that is said, and nothing changes', async () => {
    const devtools = await household.browser.context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { ...AUTHENTICATOR, hasPrf: false } });
    await goTo(page, 'settings', 'passkey');
    await submit(page, { pin: PIN });
    await page.locator('.answer', { hasText: 'No passkey opened it.' }).waitFor();
    await devtools.detach();
    await lockWallet(page);
    await openWallet(page);
  });

  test('it tells what it keeps and sends, and its own name, which can be copied', async () => {
    await household.browser.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await goTo(page, 'privacy');
    const did = page.locator('.did');
    await did.filter({ hasText: /^did:jwk:/ }).waitFor();
    await page.locator('.copy').click();
    await page.locator('.told', { hasText: 'Copied.' }).waitFor();
    assert.equal(await page.evaluate(async () => navigator.clipboard.readText()), await did.textContent());
  });

  test('what nobody foresaw is said to be that, until it is closed, and tells nothing of itself', async () => {
    await goTo(page, 'privacy');
    await page.evaluate(() => {
      navigator.clipboard.writeText = async () => Promise.reject(new Error('Nora Nobody'));
    });
    await page.locator('.copy').click();
    const alert = page.locator('.alert[role=alert]');
    await alert.filter({ hasText: 'That did not work.' }).waitFor();
    assert.doesNotMatch(await page.locator('body').innerText(), /Nora/);
    await alert.locator('button').click();
    assert.equal(await alert.innerText(), '');
  });

  test('it tells how old its trust data is, and gets newer', async () => {
    await goTo(page, 'trust');
    await page.locator('.card', { hasText: 'Block 10 ' }).waitFor();
    household.know({ block: 12, age: 5 });
    await page.locator('main .primary').click();
    await page.locator('.card', { hasText: 'Block 12 ' }).waitFor();
    await household.stopServer();
    await page.locator('main .primary').click();
    await page.locator('.card', { hasText: 'OFFLINE' }).waitFor();
    await household.startServer();
  });

  test('a wallet is erased only by a typed word, and all of it', async () => {
    await goTo(page, 'settings', 'erase');
    const go = page.locator('.danger');
    await page.locator('input[name=word]').fill('yes');
    assert.equal(await go.isDisabled(), true);
    await page.locator('input[name=word]').fill('ERASE');
    await go.click();
    await page.locator('.make').waitFor();
    await page.locator('.told', { hasText: 'The wallet was erased.' }).waitFor();
    await page.reload();
    await page.locator('.make').waitFor();
  });
});
