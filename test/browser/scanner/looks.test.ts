import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { hashPin } from '../../../verifier/web/lock/pin-hash.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import { AXE, axeFaults, GOOD, LATE, show, STAGES } from './stages.ts';

/** What guests see, and what leads there and away. */
const KIOSK_STAGES: typeof STAGES = {
  'the kiosk’s cover': async (page) => page.getByRole('button', { name: 'Touch to start' }).waitFor(),
  'the kiosk’s camera': async (page) => {
    await page.locator('.actions .primary').click();
    await page.locator('.scan').waitFor();
  },
  'the kiosk’s green': async (page) => show(page, GOOD, 'accepted'),
  'the kiosk’s red': async (page) => show(page, LATE, 'rejected'),
  'the question for the PIN': async (page) => {
    await page.locator('.staff').click();
    await page.locator('dialog[open]').waitFor();
  },
};
const OFFER: typeof STAGES = {
  'the choice of kiosk mode': async (page) => {
    await page.locator('.gear').click();
    await page.locator('dialog[open] button', { hasText: 'Kiosk mode' }).click();
    await page.locator('dialog[open]', { hasText: 'Guests scan by themselves' }).waitFor();
  },
};

/** Width and height of phones, tablets and a laptop, each as it is held. */
const SIZES = [
  [360, 640],
  [640, 360],
  [768, 1024],
  [1024, 768],
  [1280, 800],
] as const;

describe('what it looks like', { skip: withoutChromium }, () => {
  let door: Door;
  let pin: string;
  before(async () => {
    pin = await hashPin('4711');
    door = await openDoor({ film: [{ picture: { width: 1, height: 1, at: () => 0 }, frames: 5 }] });
    await door.page.addInitScript(AXE);
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  /** Each stage, reached from a page that was just opened. */
  async function throughStages(
    stages: typeof STAGES,
    settings: object,
    look: (page: Page, stage: string) => Promise<void>,
  ): Promise<void> {
    const { page } = door;
    for (const [stage, go] of Object.entries(stages)) {
      await page.evaluate((changed) => {
        const all = { language: 'en', introduced: true, greenSeconds: 30, ...changed };
        localStorage.setItem('pratique-scanner-settings', JSON.stringify(all));
      }, settings);
      await page.reload();
      await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
      await go(page);
      await look(page, stage);
    }
  }

  for (const theme of ['light', 'dark'] as const) {
    test(`${theme} as chosen, on a device that is the other: nothing against WCAG 2.2 AA on any stage`, async () => {
      await door.page.setViewportSize({ width: 390, height: 844 });
      await door.page.emulateMedia({
        colorScheme: theme === 'light' ? 'dark' : 'light',
        reducedMotion: 'reduce',
      });
      const look = async (page: Page, stage: string): Promise<void> => {
        const background = await page.evaluate(
          () => getComputedStyle(document.querySelector('.top') ?? document.body).backgroundColor,
        );
        assert.equal(background, theme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(24, 37, 48)', stage);
        assert.deepEqual(await axeFaults(page), [], stage);
      };
      await throughStages({ ...STAGES, ...OFFER }, { theme }, look);
      await throughStages(KIOSK_STAGES, { theme, kiosk: { seconds: 10, pin } }, look);
    });
  }

  test('the choice is in the settings, and is kept', async () => {
    const { page } = door;
    await door.page.emulateMedia({ colorScheme: 'light' });
    await throughStages(
      { settings: STAGES['the settings'] ?? (() => Promise.reject(new Error())) },
      {},
      async () => {
        await page.getByLabel('Appearance').selectOption('dark');
        const dark = 'rgb(12, 21, 28)';
        const background = async (): Promise<string> =>
          page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(await background(), dark);
        await page.reload();
        await page.locator('.idle').waitFor();
        assert.equal(await background(), dark);
      },
    );
  });

  test('at every size nothing scrolls sideways, and the big button and the verdict’s word are in sight', async () => {
    const look = async (page: Page, stage: string): Promise<void> => {
      for (const [width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        for (const letters of ['100%', '200%']) {
          const faults = await page.evaluate(outOfSight, letters);
          assert.deepEqual(faults, [], `${stage}, ${width} by ${height}, letters ${letters}`);
        }
      }
    };
    await throughStages(STAGES, { language: 'es' }, look);
    await throughStages(KIOSK_STAGES, { kiosk: { seconds: 10, pin } }, look);
  });
});

/** In the page, with letters of that size: what is too wide, outside the screen, or behind something else. */
async function outOfSight(letters: string): Promise<readonly string[]> {
  const root = document.documentElement;
  root.style.fontSize = letters;
  await new Promise((done) => requestAnimationFrame(done));
  const faults: string[] = [];
  const wide = root.scrollWidth - innerWidth;
  if (wide > 0) faults.push(`${wide} pixels too wide`);
  const isModal = document.querySelector('dialog[open]') !== null;
  for (const wanted of document.querySelectorAll('.actions .big, .verdict-word')) {
    const { left, right, top, bottom, x, y, width, height } = wanted.getBoundingClientRect();
    const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    const covered = [0.1, 0.5, 0.9].some((part) => {
      const found = document.elementFromPoint(x + width / 2, y + height * part);
      return !wanted.contains(found) && !wanted.parentElement?.contains(found);
    });
    if (!isInside || (covered && !isModal)) {
      faults.push(
        `${wanted.className} ${[left, top, innerWidth - right, innerHeight - bottom].join()}${covered ? ' covered' : ''}`,
      );
    }
  }
  return faults;
}
