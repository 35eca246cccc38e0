import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeCardFile } from '../../../credential/smart-health-card-file.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf } from '../venue.ts';
import { openHousehold, openWallet } from './household.ts';
import type { Household } from './household.ts';

describe('the page of a wallet whose server is gone', { skip: withoutChromium }, () => {
  let household: Household;
  before(async () => {
    household = await openHousehold({ fill: async () => Promise.resolve() });
    await household.stopServer();
  });
  after(async () => household.close());

  for (const path of ['/', '/SMARTHealthCard/']) {
    test(`is still there at ${path}`, async () => {
      const { page, url } = household;
      await page.goto(url + path);
      await openWallet(page);
      await page.locator('h1').waitFor();
      assert.deepEqual(household.complaints, []);
    });
  }

  test('a link with a card opens it, and nobody is sent what stands behind the #', async () => {
    const { page, url, browser } = household;
    const card = cardOf({ given: 'Ana', family: 'Enlace' });
    // Another page in between: else only what stands behind the # would change.
    await page.goto('about:blank');
    await page.goto(`${url}/SMARTHealthCard/#${encodeURIComponent(encodeCardFile([card]))}`);
    await openWallet(page);
    await page.getByText('Enlace').first().waitFor();
    assert.deepEqual(
      browser.requested.filter((one) => !one.startsWith(url) && !/^(?:blob|data|about):/.test(one)),
      [],
    );
    assert.deepEqual(household.complaints, []);
  });
});
