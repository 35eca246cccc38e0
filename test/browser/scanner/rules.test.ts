import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { trustedKey } from '../../support/cards.ts';
import { SHIPPED } from '../../support/rules.ts';
import { cardOf, LISTED, NOW, openDoor, paste, pressBig, verdictOn } from './door.ts';
import type { Door, Knowledge } from './door.ts';

/** Genuine, of one dose of two. */
const ONE_DOSE = encodeCardUri(cardOf({ given: 'Nora', family: 'Once' }), 'shc');
const NONE = 'Genuine and valid, no further rules';
const ENTRY = 'Vaccinated or tested (New York)';

const KNOWLEDGE: Knowledge = {
  document: {
    source: { kind: 'unanchored', origin: 'somebody' },
    keys: [trustedKey(LISTED, { validFrom: 0, validUntil: 0 })],
    ruleFiles: SHIPPED,
    anchors: [],
    lists: [],
  },
  anchored: false,
  allowUnanchored: true,
};

async function reopen(page: Page, settings: object = {}): Promise<void> {
  await page.evaluate((changed) => {
    const all = { language: 'en', introduced: true, greenSeconds: 30, ...changed };
    localStorage.setItem('pratique-scanner-settings', JSON.stringify(all));
  }, settings);
  await page.reload();
  await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
}

describe('rules that whoever scans may choose', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor({ knowledge: KNOWLEDGE });
  });
  beforeEach(async () => reopen(door.page));
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  async function choose(title: string): Promise<void> {
    await door.page.getByRole('button', { name: 'Change' }).click();
    await door.page.locator('dialog select').selectOption({ label: title });
  }

  test('the rules are named in the button and on the result, and change only once that is confirmed', async () => {
    const { page } = door;
    const scan = page.locator('.actions .primary');
    assert.match(await scan.innerText(), new RegExp(NONE));
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'accepted');
    assert.match(await page.locator('.verdict').innerText(), new RegExp(NONE));
    await pressBig(page);

    await choose(ENTRY);
    await page.locator('.question', { hasText: ENTRY }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    assert.match(await scan.innerText(), new RegExp(NONE));

    await choose(ENTRY);
    await page.locator('dialog').getByRole('button', { name: 'Change' }).click();
    await scan.filter({ hasText: ENTRY }).waitFor();
    await paste(page, ONE_DOSE);
    const { reason } = await verdictOn(page, 'rejected');
    assert.match(reason ?? '', /does not meet the acceptance rules/);
    assert.match(await page.locator('.verdict').innerText(), /Vaccinated or tested \(New York\)/);
    assert.deepEqual(await page.locator('.mark-failed .mark-name').allInnerTexts(), ['Rules and dates']);
  });

  test('rules that count back from an event ask when it begins, and decide nothing before', async () => {
    const { page } = door;
    await choose('Negative PCR test within 72 hours before the event (New York)');
    await page.locator('dialog').getByRole('button', { name: 'Change' }).click();
    await paste(page, ONE_DOSE);
    assert.match((await verdictOn(page, 'undetermined')).reason ?? '', /say when it begins/);
    await pressBig(page);
    await page.getByRole('button', { name: 'Change' }).click();
    const begins = new Date((NOW + 3600) * 1000 - new Date().getTimezoneOffset() * 60_000);
    await page.getByLabel('The event begins').fill(begins.toISOString().slice(0, 16));
    await page.locator('dialog').getByRole('button', { name: 'Change' }).click();
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'rejected');
  });

  test('rules that were chosen and are gone leave every card orange', async () => {
    await reopen(door.page, { rules: 'US-NY/GONE' });
    await paste(door.page, ONE_DOSE);
    await verdictOn(door.page, 'undetermined');
  });
});

describe('rules that the venue has set', { skip: withoutChromium }, () => {
  let door: Door;
  afterEach(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  test('nobody who scans can change them, not by what the device remembers either', async () => {
    door = await openDoor({ knowledge: { ...KNOWLEDGE, rules: 'US-NY/ENTRY' } });
    const { page } = door;
    await reopen(page, { rules: 'none' });
    await page.locator('.mode', { hasText: 'Your venue has set these rules.' }).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Change' }).count(), 0);
    assert.match(await page.locator('.actions .primary').innerText(), /Vaccinated or tested/);
    await paste(page, ONE_DOSE);
    await verdictOn(page, 'rejected');
  });
});
