import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { SAMPLE_PEOPLE } from '../../cli/start/sample-people.ts';
import { readPicture } from '../../verifier/node/read-picture.ts';
import { picturesOf, withoutPoppler } from '../agent/paper/paper.ts';
import { enterDesk, findPerson } from '../agent/desk/desk-fixture.ts';
import { writeFilm } from '../browser/scanner/camera-film.ts';
import { pressBig, verdictOn } from '../browser/scanner/door.ts';
import { heldBefore } from '../browser/scanner/lifelike.ts';
import { openWallet, PIN } from '../browser/wallet/household.ts';
import { complaintsOf, paste, until } from '../browser/watched-page.ts';
import { openChromium, withoutChromium } from '../support/chromium.ts';
import type { FreshBrowser } from '../support/chromium.ts';
import { startKept } from './kept.ts';
import type { Kept } from './kept.ts';

const [MARIA] = SAMPLE_PEOPLE;
const NAME = `${MARIA.given} ${MARIA.family}`;
const PASSPHRASE = 'a tin of seven sardines';

// One life of a resident's passes, each test from where the last one left it.
describe('a resident, a venue and an issuer, by their pages alone', { skip: withoutChromium }, () => {
  let kept: Kept;
  let folder: string;
  let browser: FreshBrowser;
  let page: Page;
  let door: { readonly browser: FreshBrowser; readonly page: Page };
  const complaints: (readonly string[])[] = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pratique-tour-'));
    kept = await startKept();
    browser = await openChromium({ hosts: ['localhost'] });
    page = await openPage(browser, kept.wallet);
  });
  after(async () => {
    await browser.close();
    await (door as typeof door | undefined)?.browser.close();
    await kept.stop();
    await rm(folder, { recursive: true });
    // The browser’s own line for what the issuer refuses in words: products that the record does not allow.
    assert.deepEqual(
      complaints.flat().filter((line) => !line.includes('status of 422')),
      [],
    );
  });

  async function openPage(own: FreshBrowser, address: string): Promise<Page> {
    const opened = await own.context.newPage();
    await opened.setViewportSize({ width: 390, height: 844 });
    complaints.push(await complaintsOf(opened));
    await opened.addInitScript(() => {
      const settings = { language: 'en', introduced: true, greenSeconds: 30 };
      localStorage.setItem('pratique-scanner-settings', JSON.stringify(settings));
    });
    await opened.goto(address);
    await opened.locator('h1').waitFor();
    return opened;
  }

  const press = async (name: string | RegExp): Promise<void> =>
    page.getByRole('button', { name, exact: true }).first().click();

  /** Its first screen. */
  async function home(): Promise<void> {
    await page.locator('nav').getByRole('button', { name: 'Passes' }).click();
    await page.locator('.home-people').waitFor();
  }

  test('the resident makes a wallet and gets every pass that the record allows', async () => {
    await page.locator('.make').click();
    await page.locator('input[name=pin]').fill(PIN);
    await page.locator('input[name=again]').fill(PIN);
    await page.locator('form button[type=submit]').click();
    await page.locator('.empty').getByRole('button', { name: 'Get my passes' }).click();
    await press('Next');
    await page.locator('input[name=given]').fill(MARIA.given);
    await page.locator('input[name=family]').fill(MARIA.family);
    await page.locator('input[name=birthDate]').fill(MARIA.birthDate);
    await page.locator('input[name=zip]').fill(MARIA.zip);
    await press('Send the code');
    await page.locator('input[name=code]').waitFor();
    await page.locator('input[name=code]').fill(await kept.nextCode());
    await press('Get my passes');
    await page.getByRole('heading', { name: 'What came of it' }).waitFor();
    assert.equal(await page.getByText('Checked, and in your wallet.').count(), 4);
    await press('To my passes');
    await page.locator('.home-people').waitFor();
    const kinds = await page.locator('.pass-kind').allTextContents();
    assert.deepEqual(kinds.toSorted(), ['PCR Test Pass', 'Pass Plus', 'Pass Plus', 'Vaccination Pass']);
    assert.deepEqual([...new Set(await page.locator('.person .state').allInnerTexts())], ['Valid']);
  });

  test('the venue’s camera sees the code on the resident’s screen, and it is green', async () => {
    await show('Vaccination Pass');
    const png = await page.locator('.code').screenshot({ animations: 'disabled' });
    const drawing = await browser.context.newPage();
    const film = join(folder, 'phone.y4m');
    await writeFilm(film, [{ picture: await heldBefore(drawing, png), frames: 5 }]);
    await drawing.close();
    const own = await openChromium({ film, hosts: ['localhost'] });
    door = { browser: own, page: await openPage(own, kept.scanner) };
    await door.page.locator('.banner-facts', { hasText: /block \d/ }).waitFor();
    await pressBig(door.page);
    assert.equal((await verdictOn(door.page, 'accepted')).name, NAME);
  });

  /** Bring the code of a pass of that kind to the screen. */
  async function show(kind: string): Promise<void> {
    await home();
    const pass = page.locator('.pass', { has: page.getByRole('heading', { name: kind, exact: true }) });
    await pass.first().getByRole('button', { name: 'Show code' }).click();
    await page.locator('.code svg').waitFor();
  }

  test('the venue asks, the wallet says who it is, and the answer counts once', async () => {
    const { page: scanner } = door;
    await scanner.reload();
    await scanner.locator('.ask-button').click();
    await scanner.locator('.ask-code').waitFor();
    await page.locator('.way-back').click();
    await page.locator('nav').getByRole('button', { name: 'Add' }).click();
    await page.locator('input[type=file]').setInputFiles({
      name: 'question.png',
      mimeType: 'image/png',
      buffer: await scanner.screenshot(),
    });
    await page.getByRole('button', { name: 'Show it', exact: true }).waitFor();
    assert.match(await page.locator('main').innerText(), /Known\s+Registered by/);
    await press('Show it');
    await page.locator('.code-frame svg').waitFor();
    const [answer = ''] = await readPicture(await page.locator('.code-frame').screenshot());
    await press('Done');
    await paste(scanner, answer);
    assert.equal((await verdictOn(scanner, 'accepted')).name, NAME);
    await paste(scanner, answer);
    await verdictOn(scanner, 'rejected');
    await page.locator('nav').getByRole('button', { name: 'More' }).click();
    await page.locator('.to-receipts').click();
    await page.getByText('shown as a code').waitFor();
  });

  test('a backup restores everything in another browser', async () => {
    await page.locator('nav').getByRole('button', { name: 'More' }).click();
    await page.locator('.to-backup').click();
    await page.locator('input[name=passphrase]').fill(PASSPHRASE);
    await page.locator('input[name=again]').fill(PASSPHRASE);
    const [download] = await Promise.all([page.waitForEvent('download'), press('Write a backup')]);
    const file = join(folder, 'backup.json');
    await download.saveAs(file);
    const other = await openChromium({ hosts: ['localhost'] });
    try {
      const second = await openPage(other, kept.wallet);
      await second.locator('.restore').click();
      await second.locator('input[type=file]').setInputFiles(file);
      for (const [name, value] of [
        ['passphrase', PASSPHRASE],
        ['pin', PIN],
        ['again', PIN],
      ] as const)
        await second.locator(`input[name=${name}]`).fill(value);
      await second.locator('form button[type=submit]').click();
      await second.locator('.home-people').waitFor();
      assert.equal(await second.locator('.pass').count(), 4);
    } finally {
      await other.close();
    }
  });

  test('the printed page says the same as the screen', { skip: withoutPoppler }, async () => {
    await home();
    const pass = page.locator('.pass', {
      has: page.getByRole('heading', { name: 'Vaccination Pass', exact: true }),
    });
    await pass.getByRole('button', { name: 'Details' }).click();
    await press('Print');
    await page.getByRole('heading', { level: 1, name: 'Print' }).waitFor();
    const pdf = join(folder, 'pass.pdf');
    await page.locator('main svg').first().waitFor();
    await writeFile(pdf, await page.pdf({ preferCSSPageSize: true }));
    const [paper] = await picturesOf(pdf);
    const [text = ''] = await readPicture(paper ?? new Uint8Array());
    await door.page.reload();
    await door.page.locator('.banner-facts', { hasText: /block \d/ }).waitFor();
    await paste(door.page, text);
    assert.equal((await verdictOn(door.page, 'accepted')).name, NAME);
  });

  test('what a clerk revokes is red at the door, and the wallet says so', async () => {
    await show('Vaccination Pass');
    const [text = ''] = await readPicture(await page.locator('.code').screenshot({ animations: 'disabled' }));
    const clerk = await browser.context.newPage();
    await enterDesk(clerk, kept.issuer, kept.clerk);
    await findPerson(clerk, { family: MARIA.family, given: MARIA.given, born: MARIA.birthDate });
    // All of them: the desk lists the newest first.
    for (let count = 0; count < 4; count++) {
      await clerk
        .getByRole('button', { name: /^Revoke/ })
        .first()
        .click();
      await clerk.getByRole('dialog').getByLabel('Reason').selectOption('error');
      await clerk.getByRole('button', { name: 'Revoke for good' }).click();
      await clerk.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await kept.nextAnchor();
    await until(async () => {
      await door.page.reload();
      await door.page.locator('.banner-facts', { hasText: /block \d/ }).waitFor();
      await paste(door.page, text);
      return (await verdictOn(door.page)).kind === 'rejected';
    });
    assert.match((await verdictOn(door.page)).reason ?? '', /revoked/);
    await page.reload();
    await openWallet(page);
    await until(async () => {
      await page.getByRole('button', { name: 'Check again now' }).click();
      return (await page.locator('.person .state', { hasText: 'Revoked' }).count()) === 4;
    });
  });
});
