import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { hashPin } from '../../../verifier/web/lock/pin-hash.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf, openDoor, paste, verdictOn } from './door.ts';
import type { Door } from './door.ts';
import { enterPin, setUp, setupOf, withoutVenues } from './set-up.ts';

const PIN = '482913';
const CARD = encodeCardUri(cardOf({ given: 'Nora', family: 'Green' }), 'shc');

describe('a scanner that its venue has locked', { skip: withoutChromium }, () => {
  let door: Door;
  let code = '';
  before(async () => {
    code = setupOf({ pin: await hashPin(PIN) });
    door = await openDoor();
    await door.page.addInitScript({ content: axe.source });
  });
  beforeEach(async () => {
    await withoutVenues(door.page);
    await setUp(door.page, code);
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  const asked = (page: Page): ReturnType<Page['locator']> =>
    page.locator('dialog[open]', { hasText: 'Enter the PIN' });

  test('asks for the PIN before its settings, its rules or another venue, and not before a card', async () => {
    const { page } = door;
    const ways: readonly (() => Promise<void>)[] = [
      async () => page.locator('.gear').click(),
      async () => page.locator('.mode button').click(),
      async () => paste(page, setupOf({ id: 'CityMuseum-00001', name: 'City Museum' })),
    ];
    for (const way of ways) {
      await way();
      await asked(page).waitFor();
      await asked(page).getByRole('button', { name: 'Cancel' }).click();
      assert.equal(await page.locator('dialog[open]').count(), 0);
    }
    assert.equal(await page.locator('.idle .venue').innerText(), 'Harbour Hall');
    await paste(page, CARD);
    await verdictOn(page, 'accepted');
  });

  test('opens to the PIN, each time anew', async () => {
    const { page } = door;
    for (let time = 0; time < 2; time++) {
      await page.locator('.gear').click();
      await enterPin(page, PIN);
      await page.locator('dialog[open]', { hasText: 'This shift' }).waitFor();
      await page.keyboard.press('Escape');
    }
    await page.locator('.mode button').click();
    await enterPin(page, PIN);
    await page.locator('dialog[open] select').waitFor();
  });

  test('makes whoever guesses wait from the third wrong PIN on, also after the page was loaded anew', async () => {
    const { page } = door;
    await page.locator('.gear').click();
    for (const wrong of ['000000', '111111']) {
      await enterPin(page, wrong);
      await asked(page).getByText('That PIN is wrong.').waitFor();
      await page.locator('dialog[open] [type=submit]:not(:disabled)').waitFor();
    }
    await enterPin(page, '222222');
    await asked(page).getByText('Try again in').waitFor();
    await page.reload();
    await page.locator('.idle .venue').waitFor();
    await page.locator('.gear').click();
    await asked(page).getByText('Try again in').waitFor();
    assert.ok(await asked(page).locator('[type=submit]').isDisabled());
    // Enter gets past a button that is off.
    await page.getByLabel('PIN', { exact: true }).fill(PIN);
    await page.keyboard.press('Enter');
    await asked(page).getByText('Try again in').waitFor();
    assert.equal(await page.locator('dialog[open]', { hasText: 'This shift' }).count(), 0);
  });

  test('is locked before anything was checked, without its node, and when its code counts no more', async () => {
    const { page } = door;
    door.know({ withdrawn: ['HarbourHall-0001'] });
    try {
      await page.reload();
      await page.locator('.gear').click();
      await asked(page).waitFor();
      await page.locator('.banner-problem', { hasText: 'has withdrawn this set-up' }).waitFor();
      await page.keyboard.press('Escape');
      await door.stopNode();
      await page.reload();
      await page.locator('.gear').click();
      await asked(page).waitFor();
    } finally {
      await door.startNode();
      door.know({});
    }
  });

  test('axe-core finds nothing on the screens of set-up and lock, in light and dark', async () => {
    const { page } = door;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.locator('.gear').click();
      await asked(page).waitFor();
      await assertAccessible(page);
      await enterPin(page, '999999');
      await asked(page).getByText('That PIN is wrong.').waitFor();
      await assertAccessible(page);
      await enterPin(page, PIN);
      await page.getByRole('button', { name: 'Venues' }).click();
      await page.getByRole('button', { name: 'Remove' }).click();
      await assertAccessible(page);
      await page.keyboard.press('Escape');
      await paste(page, code);
      await enterPin(page, PIN);
      await page.getByRole('button', { name: 'Set up' }).waitFor();
      await assertAccessible(page);
      await page.keyboard.press('Escape');
      await paste(page, 'pratique-setup:/0000');
      await verdictOn(page, 'unreadable');
      await assertAccessible(page);
      await page.locator('.actions .big').click();
    }
  });
});

declare global {
  // In the page.
  var axe: typeof import('axe-core');
}

async function assertAccessible(page: Page): Promise<void> {
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
  assert.deepEqual(found, []);
}
