import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { DAY } from '../../support/cards.ts';
import { cardOf, NOW, STRANGER, UNLISTED } from '../venue.ts';
import { paste } from '../watched-page.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { holding, NORA, NORAS_PLUS, passOf, passUri, plusUri, THEO } from './purse.ts';
import { violationsOn } from './violations.ts';

const APART = plusUri(cardOf({ given: 'Ida', family: 'Strange' }, { key: STRANGER }));
const CARDS = [
  passUri(passOf(NORA, { nbf: NOW - 40 * DAY, exp: NOW + 9 * DAY, rid: 'rid-4' })),
  passUri(passOf(NORA, { exp: NOW + 3 * DAY + 60, rid: 'rid-5' })),
  APART,
  plusUri(cardOf({ given: 'Una', family: 'Orange' }, { key: UNLISTED })),
  passUri(passOf(THEO, { passType: 'antigen', exp: NOW - 60, rid: 'rid-2' })),
  passUri(passOf(THEO, { passType: 'pcr', nbf: NOW + DAY, exp: NOW + 3 * DAY })),
  passUri(passOf(THEO, { rid: 'rid-revoked' })),
  NORAS_PLUS,
];

const press = async (page: Page, place: string): Promise<void> => page.locator(place).first().click();

/** What is shown, by how one gets there from the first screen. */
const SCREENS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'the first screen': async (page) => page.locator('.home-people').waitFor(),
  'names and order': async (page) => {
    await press(page, '[data-key=arrange]');
    await page.locator('.arranging').waitFor();
  },
  adding: async (page) => {
    await press(page, '.menu button:nth-child(3)');
    await page.locator('textarea').waitFor();
  },
  'what became of three': async (page) => {
    await paste(page, [NORAS_PLUS, APART, 'eyJ.nothing.at'].join('\n'));
    await page.locator('.added').waitFor();
  },
  'the camera': async (page) => {
    await press(page, '.menu button:nth-child(2)');
    await page.locator('.scan-dark').waitFor();
  },
  'one pass': async (page) => {
    await press(page, '.pass-plus .pass-acts .quiet');
    await page.locator('.record').waitFor();
  },
  'one that was revoked': async (page) => {
    await press(page, '.pass:has([data-state=revoked]) .pass-acts .quiet');
    await page.locator('.pass-sheet').waitFor();
  },
  'one kept apart': async (page) => {
    await press(page, '.apart .quiet');
    await page.locator('.pass-sheet').waitFor();
  },
  deleting: async (page) => {
    await press(page, '.apart .quiet');
    await press(page, '.removal > button');
    await page.locator('dialog[open]').waitFor();
  },
  'Pass or Plus': async (page) => {
    await press(page, '.pass-plus .pass-show');
    await page.locator('.which-pass').waitFor();
  },
  'a code': async (page) => {
    await press(page, '.pass-plus:has([data-state=good]) .pass-show');
    await page.locator('.which-pass button').first().click();
    await page.locator('.code svg').waitFor();
  },
  'a warning': async (page) => {
    await press(page, '.pass:has([data-state=revoked]) .pass-show');
    await page.locator('.show-warning').waitFor();
  },
  'whether it would be accepted': async (page) => {
    await press(page, '.pass-plus .pass-acts .quiet');
    await press(page, '.acts > .quiet');
    await page.locator('h1').waitFor();
  },
};

describe('passes are for everyone', { skip: withoutChromium }, () => {
  let household: Household;
  before(async () => {
    household = await openHousehold({ fill: holding(CARDS) });
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  afterEach(async () => household.page.setViewportSize({ width: 390, height: 844 }));

  async function reopen(language: string): Promise<Page> {
    const { page } = household;
    await household.inLanguage(language);
    await openWallet(page);
    await page.locator('.home-people').waitFor();
    return page;
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const language of ['en', 'zh-Hant', 'es', 'ar'] as const) {
      test(`axe-core finds nothing against WCAG 2.2 AA on any screen: ${language}, ${scheme}`, async () => {
        await household.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        for (const [screen, go] of Object.entries(SCREENS)) {
          const page = await reopen(language);
          await go(page);
          // What the menu lies over can be scrolled from under it.
          await page.locator('.menu').evaluate((menu) => {
            menu.style.position = 'static';
          });
          const found = await violationsOn(page);
          assert.deepEqual(found, [], screen);
        }
      });
    }
  }

  test('twice the size needs no scrolling sideways', async () => {
    for (const [width, height] of [
      [195, 422],
      [320, 256],
    ] as const) {
      await household.page.setViewportSize({ width, height });
      for (const [screen, go] of Object.entries(SCREENS)) {
        const page = await reopen('es');
        await go(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${screen}: ${wide} pixels too wide at ${width}`);
      }
    }
  });

  test('from the lock to a code by keys alone, and back to where one was', async () => {
    const page = await reopen('en');
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');
    const tabTo = async (text: string): Promise<void> => {
      for (let turn = 0; turn < 60; turn++) {
        if ((await focused()) === text) return;
        await page.keyboard.press('Tab');
      }
      assert.fail(`${text} is not reached`);
    };
    assert.equal(await focused(), 'My passes');
    await tabTo('Show code');
    await page.keyboard.press('Enter');
    await page.locator('h1', { hasText: 'Show' }).waitFor();
    assert.equal(await focused(), 'Show');
    await tabTo('Show the PassThe venue sees: valid or not, name and birth date. Nothing else.');
    await page.keyboard.press('Enter');
    await page.locator('.code svg').waitFor();
    await page.locator('.way-back').focus();
    await page.keyboard.press('Enter');
    await page.locator('.home-people').waitFor();
    assert.equal(await focused(), 'My passes');
  });
});
