import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { DAY, mintCard, trustedKey } from '../../support/cards.ts';
import { negativePcr } from '../../support/published-rules.ts';
import { SHIPPED } from '../../support/rules.ts';
import { LISTED, NOW, venueOf } from '../venue.ts';
import type { Knowledge } from '../venue.ts';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import { readPicture } from '../../../verifier/node/read-picture.ts';
import { addPasses } from '../../../wallet/passes/pass-box.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';
import { plusUri } from './purse.ts';

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
/** A negative PCR test of yesterday. */
const TESTED = plusUri(mintCard(LISTED, { nbf: NOW - DAY, ...negativePcr(NOW - DAY) }));
const BEFORE_EVENT = /Negative PCR test within 72 hours before the event/;
const ENTRY = /Vaccinated or tested/;

async function holdTest(vault: OpenVault): Promise<void> {
  const trust = { trust: venueOf(KNOWLEDGE).trust(), now: NOW, allowUnanchored: true };
  await addPasses(vault, { text: TESTED }, trust, { inflate: inflateRawNode, readPicture });
}

/** What a field for date and time takes: the browser's own time. */
const fieldTime = async (page: Page, seconds: number): Promise<string> =>
  page.evaluate((at) => {
    const date = new Date(at * 1000);
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  }, seconds);

describe('whether a pass would be accepted', { skip: withoutChromium }, () => {
  let household: Household;
  before(async () => {
    household = await openHousehold({ fill: holdTest, knowledge: KNOWLEDGE });
  });
  after(async () => {
    await household.close();
    // Trust data that is tied to no chain has no log: the server says so by 404.
    const complaints = household.complaints.filter((text) => !text.includes('404'));
    assert.deepEqual(complaints, []);
  });

  async function ask(): Promise<Page> {
    const { page } = household;
    await household.anew(holdTest);
    await openWallet(page);
    await page.getByRole('button', { name: 'Details' }).click();
    await page.getByRole('button', { name: 'Would this pass be accepted?' }).click();
    await page.locator('.acceptance-answer [data-outcome]').waitFor();
    return page;
  }
  async function choose(page: Page, title: RegExp): Promise<void> {
    const options = await page.locator('select option').allInnerTexts();
    const label = options.find((text) => title.test(text));
    assert.ok(label, options.join());
    await page.locator('select').selectOption({ label });
  }
  const outcome = (page: Page, is: string) =>
    page.locator(`.acceptance-answer [data-outcome=${is}]`).waitFor();

  test('is said of a place and a time, with the rules in words, and nobody is asked', async () => {
    const page = await ask();
    await household.stopServer();
    try {
      const asked = household.browser.requested.length;
      await choose(page, ENTRY);
      await outcome(page, 'accepted');
      assert.match(await page.locator('.acceptance-answer').innerText(), /It would be accepted/);
      assert.match(await page.locator('.rules').innerText(), /One of these is enough/);
      await page.getByLabel('When you arrive').fill(await fieldTime(page, NOW + 9 * DAY));
      await outcome(page, 'rejected');
      assert.match(
        await page.locator('.acceptance-answer').innerText(),
        /It would not be accepted[^]*does not meet the acceptance rules/,
      );
      assert.deepEqual(household.browser.requested.slice(asked), []);
    } finally {
      await household.startServer();
    }
  });

  test('asks when the event begins where the rules count back from one, and says nothing before', async () => {
    const page = await ask();
    const event = page.getByLabel('When the event begins');
    await choose(page, ENTRY);
    await outcome(page, 'accepted');
    assert.equal(await event.isVisible(), false);
    await choose(page, BEFORE_EVENT);
    await outcome(page, 'undetermined');
    await page.getByText('say when it begins').first().waitFor();
    await event.fill(await fieldTime(page, NOW + DAY));
    await outcome(page, 'accepted');
    await event.fill(await fieldTime(page, NOW + 4 * DAY));
    await outcome(page, 'rejected');
  });
});
