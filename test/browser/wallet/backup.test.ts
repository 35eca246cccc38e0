import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { withoutChromium } from '../../support/chromium.ts';
import { cardOf } from '../venue.ts';
import { openHousehold, openWallet, PIN } from './household.ts';
import type { Household } from './household.ts';
import { withPasses } from './fillings.ts';

const PASSPHRASE = 'correct horse battery';
const fill = withPasses(cardOf({ given: 'Nora', family: 'Green' }));

async function goTo(page: Page, place: string): Promise<void> {
  await page.locator('.menu-item', { hasText: 'More' }).click();
  await page.locator(`.to-${place}`).click();
}

/** The DID that the wallet on the page goes by. */
async function didOn(page: Page): Promise<string | null> {
  await goTo(page, 'privacy');
  const did = page.locator('.did', { hasText: 'did:jwk:' });
  await did.waitFor();
  return did.textContent();
}

async function write(page: Page, passphrase = PASSPHRASE): Promise<string> {
  await goTo(page, 'backup');
  await page.locator('input[name=passphrase]').fill(passphrase);
  await page.locator('input[name=again]').fill(passphrase);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('form button[type=submit]').first().click(),
  ]);
  assert.match(download.suggestedFilename(), /^pratique-wallet-\d{4}-\d{2}-\d{2}\.json$/);
  return readFile(await download.path(), 'utf8');
}

async function restoreAs(
  page: Page,
  {
    file,
    passphrase = PASSPHRASE,
    pin = '918273',
    word,
  }: { file: string; passphrase?: string; pin?: string; word?: string },
): Promise<void> {
  await page
    .locator('input[name=file]')
    .setInputFiles({ name: 'backup.json', mimeType: 'application/json', buffer: Buffer.from(file) });
  await page.locator('input[name=passphrase]').fill(passphrase);
  await page.locator('input[name=pin]').fill(pin);
  await page.locator('input[name=again]').fill(pin);
  if (word !== undefined) await page.locator('input[name=word]').fill(word);
  await page.locator('form button[type=submit]').click();
}

const answered = async (page: Page, words: string): Promise<void> =>
  page.locator('.answer', { hasText: words }).waitFor();

describe('a backup', { skip: withoutChromium }, () => {
  let household: Household;
  /** Another person's browser: nothing of the first one's storage is there. */
  let other: Household;
  let file: string;
  let did: string | null;
  before(async () => {
    [household, other] = await Promise.all([openHousehold({ fill }), openHousehold()]);
    await openWallet(household.page);
    did = await didOn(household.page);
    file = await write(household.page);
  });
  after(async () => {
    await Promise.all([household.close(), other.close()]);
    assert.deepEqual([household.complaints, other.complaints], [[], []]);
  });

  test('needs a passphrase of its own that is long enough', async () => {
    const { page } = household;
    await page.locator('input[name=passphrase]').fill('elevenchars');
    await page.locator('input[name=again]').fill('elevenchars');
    await page.locator('form button[type=submit]').first().click();
    await page.locator('.wrong', { hasText: 'That passphrase is too short.' }).waitFor();
  });

  test('is a file that tells nothing', () => {
    for (const secret of ['Nora', 'Green', 'did:jwk', PASSPHRASE, PIN, 'eyJ']) {
      assert.ok(!file.includes(secret), secret);
    }
  });

  test('that does not open, is cut short or is none says what it is, and makes nothing', async () => {
    const { page } = other;
    await page.locator('.restore').click();
    for (const [given, words] of [
      [{ file, passphrase: 'correct horse batteri' }, 'That passphrase does not open the backup.'],
      [{ file: file.slice(0, -40) }, 'That backup is damaged.'],
      [{ file: '{"resourceType":"Bundle"}' }, 'That file is no backup of this wallet.'],
      [
        { file: file.replace('"version":1', '"version":2') },
        'A newer version of this page wrote that backup.',
      ],
    ] as const) {
      await restoreAs(page, given);
      await answered(page, words);
    }
    await page.reload();
    await page.locator('.make').waitFor();
  });

  test('is restored in another browser under a new PIN: the same passes, the same name of the wallet', async () => {
    const { page } = other;
    await page.locator('.restore').click();
    await restoreAs(page, { file });
    await page.locator('.way-lock').waitFor();
    assert.equal(await didOn(page), did);
    await page.reload();
    await openWallet(page, '918273');
    // What is in it is what was in it: a backup of it opens to the same.
    const again = await write(page);
    await household.page
      .locator('input[name=file]')
      .setInputFiles({ name: 'b.json', mimeType: 'application/json', buffer: Buffer.from(again) });
    await household.page.locator('input[name=restore-passphrase]').fill(PASSPHRASE);
    await household.page.locator('form button[type=submit]').last().click();
    await household.page.locator('.told', { hasText: 'The backup was restored.' }).waitFor();
  });

  test('that is older than the open wallet is refused', async () => {
    const { page } = household;
    await page
      .locator('input[name=file]')
      .setInputFiles({ name: 'b.json', mimeType: 'application/json', buffer: Buffer.from(file) });
    await page.locator('input[name=restore-passphrase]').fill(PASSPHRASE);
    await page.locator('form button[type=submit]').last().click();
    await answered(page, 'That backup is older than this wallet.');
  });

  test('takes the place of a wallet whose PIN is forgotten, by a typed word, and only if it opens', async () => {
    const { page } = other;
    await other.anew(async (vault) => vault.put(new Map([['x', 1]])));
    await page.locator('.forgot').click();
    await page.locator('.restore').click();
    await restoreAs(page, { file, passphrase: 'correct horse batteri', word: 'REPLACE' });
    await answered(page, 'That passphrase does not open the backup.');
    await restoreAs(page, { file, word: 'no' });
    await page.locator('input[name=word][aria-invalid=true]').waitFor();
    assert.equal(await page.locator('.way-lock').count(), 0);
    await restoreAs(page, { file, word: 'replace' });
    await page.locator('.way-lock').waitFor();
    assert.equal(await didOn(page), did);
  });
});
