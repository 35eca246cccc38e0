import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { openHousehold, openWallet, PIN } from './household.ts';
import type { Household } from './household.ts';
import { withPasses } from './fillings.ts';

/** What is shown before there is a wallet, by how one gets there. */
const BEFORE: readonly (readonly [string, (page: Page) => Promise<void>])[] = [
  ['the first screen', async (page) => page.locator('.make').waitFor()],
  [
    'a PIN refused',
    async (page) => {
      await page.locator('.make').click();
      await page.locator('input[name=pin]').fill('111111');
      await page.locator('form button[type=submit]').click();
      await page.locator('.wrong p').first().waitFor();
    },
  ],
  [
    'restoring',
    async (page) => {
      await page.goBack();
      await page.locator('.restore').click();
      await page.locator('form button[type=submit]').click();
      await page.locator('input[name=file]').waitFor();
    },
  ],
];

/** What is shown of one that is locked. */
const LOCKED: typeof BEFORE = [
  [
    'a wrong PIN',
    async (page) => {
      await page.locator('input[name=pin]').fill('999991');
      await page.locator('form button[type=submit]').click();
      await page.locator('.answer .fault-words').waitFor();
      await page.locator('form[aria-busy=false]').waitFor();
    },
  ],
  ['the PIN forgotten', async (page) => page.locator('.forgot').click()],
  ['erasing it unopened', async (page) => page.locator('.erase').click()],
  [
    'restoring over it',
    async (page) => {
      await page.goBack();
      await page.locator('.restore').click();
    },
  ],
];

/** What is shown of one that is open, by the screens on the way to it. */
const OPEN: readonly (readonly string[])[] = [
  [],
  ['settings'],
  ['settings', 'change-pin'],
  ['settings', 'passkey'],
  ['settings', 'erase'],
  ['backup'],
  ['trust'],
  ['privacy'],
];

async function goTo(page: Page, places: readonly string[]): Promise<void> {
  await page.locator('.menu-item').last().click();
  for (const place of places) await page.locator(`.to-${place}`).click();
  await page.locator('.stage > *').first().waitFor();
}

declare global {
  // In the page.
  var axe: typeof import('axe-core');
}

async function assertFaultless(page: Page, stage: string): Promise<void> {
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  });
  assert.deepEqual(found, [], stage);
}

describe('keeping a wallet, for everyone', { skip: withoutChromium }, () => {
  let household: Household;
  let page: Page;
  before(async () => {
    household = await openHousehold();
    ({ page } = household);
    await page.addInitScript({ content: axe.source });
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  /** Every screen, in turn. */
  async function throughAll(language: string, seen: (stage: string) => Promise<void>): Promise<void> {
    await household.anew();
    await household.inLanguage(language);
    for (const [stage, go] of BEFORE) {
      await go(page);
      await seen(stage);
    }
    await household.anew(withPasses());
    await household.inLanguage(language);
    for (const [stage, go] of LOCKED) {
      await go(page);
      await seen(stage);
    }
    await page.reload();
    await openWallet(page);
    for (const places of OPEN) {
      await goTo(page, places);
      await seen(['more', ...places].join(', '));
    }
  }

  for (const [language, colorScheme] of [
    ['en', 'light'],
    ['zh-Hant', 'dark'],
    ['es', 'light'],
    ['ar', 'dark'],
  ] as const) {
    test(`axe-core finds nothing against WCAG 2.2 AA on any screen: ${language}, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await throughAll(language, async (stage) => assertFaultless(page, stage));
    });
  }

  test('twice the size needs no scrolling sideways', async () => {
    // A browser's zoom of 200 % halves the pixels of a page; WCAG 1.4.10 asks for 320 by 256.
    for (const [width, height] of [
      [195, 422],
      [320, 256],
    ] as const) {
      await page.setViewportSize({ width, height });
      await throughAll('es', async (stage) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${stage}: ${wide} pixels too wide at ${width}`);
      });
    }
    await page.setViewportSize({ width: 390, height: 844 });
  });

  test('a wallet is made, used and locked by the keyboard alone', async () => {
    await household.anew();
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = async (): Promise<string> =>
      page.evaluate(() => {
        const at = document.activeElement;
        return at?.getAttribute('name') ?? at?.textContent ?? '';
      });
    const tabTo = async (what: string): Promise<void> => {
      for (let turn = 0; turn < 20 && (await focused()) !== what; turn++) await press('Tab');
      assert.equal(await focused(), what);
    };
    await tabTo('Make my wallet');
    await press('Enter');
    await page.locator('input[name=pin]').waitFor();
    // The title has the focus, so that it is read first.
    assert.equal(await focused(), 'Choose a PIN');
    await tabTo('pin');
    await page.keyboard.type(PIN);
    await press('Tab');
    await page.keyboard.type(PIN);
    await press('Enter');
    await page.locator('.way-lock').waitFor();
    await tabTo('More');
    await press('Enter');
    await page.locator('.to-settings').waitFor();
    await tabTo('Settings');
    await press('Space');
    await page.locator('h1', { hasText: 'Settings' }).waitFor();
    await tabTo('Back');
    await press('Enter');
    await page.locator('.to-settings').waitFor();
    await press('Shift+Tab');
    await tabTo('Lock');
    await press('Enter');
    await page.locator('input[name=pin]').waitFor();
    assert.equal(await focused(), 'Open your wallet');
  });

  test('what went wrong is an alert, what went well a status, and neither moves the focus away', async () => {
    await household.anew(withPasses());
    await page.locator('input[name=pin]').fill('999991');
    await page.keyboard.press('Enter');
    await page.locator('.answer[role=alert]', { hasText: 'not the PIN' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'pin');
    await openWallet(page);
    await goTo(page, ['trust']);
    await page.locator('main .primary').focus();
    await page.keyboard.press('Enter');
    await page.locator('.told[role=status]', { hasText: 'newest' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Get newer data');
  });
});
