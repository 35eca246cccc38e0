import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { askingNode } from './asking-guest.ts';
import { openDoor, verdictOn } from './door.ts';
import type { Door } from './door.ts';
import { AXE, axeFaults, GOOD, LATE, show, STAGES as SCANNING } from './stages.ts';

const { requests, clock } = askingNode();

const STAGES: typeof SCANNING = {
  ...SCANNING,
  'a question to a wallet': async (page) => {
    await page.locator('.ask-button').click();
    await page.locator('.ask-code').waitFor();
  },
  'a question that nobody answered': async (page) => {
    await page.locator('.ask-button').click();
    await page.locator('.ask-code').waitFor();
    clock.ahead += 301;
    await page.locator('.ask-over').waitFor();
  },
};

describe('for everyone', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor({ film: [{ picture: { width: 1, height: 1, at: () => 0 }, frames: 5 }], requests });
    await door.page.setViewportSize({ width: 390, height: 844 });
    await door.page.addInitScript(AXE);
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  async function reopen(settings: object = {}): Promise<Page> {
    const { page } = door;
    await page.evaluate((changed) => {
      const all = { language: 'en', introduced: true, greenSeconds: 30, ...changed };
      localStorage.setItem('pratique-scanner-settings', JSON.stringify(all));
    }, settings);
    await page.reload();
    await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
    return page;
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const language of ['en', 'zh-Hant', 'es', 'ar'] as const) {
      test(`axe-core finds nothing against WCAG 2.2 AA on any stage: ${language}, ${scheme}`, async () => {
        await door.page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
        for (const [stage, go] of Object.entries(STAGES)) {
          const page = await reopen({ language });
          await go(page);
          assert.deepEqual(await axeFaults(page), [], stage);
        }
      });
    }
  }

  test('a result is announced at once, and has the focus', async () => {
    const page = await reopen();
    await show(page, LATE, 'rejected');
    const speech = page.locator('[role=alert][aria-live=assertive]');
    assert.equal(await speech.innerText(), 'REJECTED The card has expired. Eve Late');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'REJECTED');
  });

  test('everything can be done by the keyboard', async () => {
    const page = await reopen();
    await page.locator('.actions .primary').focus();
    await page.keyboard.press('Enter');
    await page.locator('.scan').waitFor();
    await page.keyboard.press('Enter'); // Stop has the focus
    await page.locator('.idle').waitFor();
    await show(page, LATE, 'rejected');
    for (const expected of ['What should I do?', 'Scan next', 'Keep open']) {
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement?.textContent), expected);
    }
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.locator('.idle').waitFor();
    await page.locator('.gear').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
  });

  test('twice the size needs no scrolling sideways, and every control can be reached', async () => {
    // A browser's zoom of 200 % halves the pixels of a page; WCAG 1.4.10 asks for 320 by 256.
    for (const [width, height] of [
      [195, 422],
      [320, 256],
    ] as const) {
      await door.page.setViewportSize({ width, height });
      for (const [stage, go] of Object.entries(STAGES)) {
        const page = await reopen({ language: 'es' });
        await go(page);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${stage}: ${wide} pixels too wide at ${width}`);
      }
    }
    await door.page.setViewportSize({ width: 390, height: 844 });
  });

  test('nothing moves for whoever wants nothing to move', async () => {
    for (const [reducedMotion, name] of [
      ['reduce', 'none'],
      ['no-preference', 'arrive'],
    ] as const) {
      await door.page.emulateMedia({ reducedMotion });
      const page = await reopen();
      await show(page, GOOD, 'accepted');
      const moving = await page
        .locator('.verdict-symbol')
        .evaluate((symbol) => getComputedStyle(symbol).animationName);
      assert.equal(moving, name);
    }
  });

  test('Arabic and Yiddish run from right to left, and what is not translated is marked as English', async () => {
    for (const [language, word] of [
      ['ar', 'مقبول'],
      ['yi', 'אָנגענומען'],
    ] as const) {
      const page = await reopen({ language });
      assert.deepEqual(
        await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]),
        [language, 'rtl'],
      );
      await show(page, GOOD, 'accepted');
      assert.equal((await verdictOn(page)).word, word);
      const marks = page.locator('.mark-name span');
      assert.deepEqual(await marks.first().evaluate((mark: HTMLElement) => [mark.lang, mark.dir]), [
        'en',
        'ltr',
      ]);
    }
  });
});
