import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withoutChromium } from '../../support/chromium.ts';
import { lockWallet, openHousehold, openWallet, PIN } from './household.ts';
import type { Household } from './household.ts';

describe('opening a wallet', { skip: withoutChromium }, () => {
  let household: Household;
  before(async () => {
    household = await openHousehold();
  });
  after(async () => {
    await household.close();
    assert.deepEqual(household.complaints, []);
  });

  test('one is made with a PIN, locked, and opened with it', async () => {
    const { page } = household;
    await openWallet(page, PIN);
    await lockWallet(page);
    await openWallet(page, PIN);
  });

  test('one that was there is opened with its PIN', async () => {
    await household.anew(async (vault) => vault.put(new Map([['x', 1]])));
    await openWallet(household.page);
  });
});
