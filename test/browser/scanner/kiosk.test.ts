import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { encodeCardUri } from '../../../credential/shc-uri.ts';
import { hashPin } from '../../../verifier/web/lock/pin-hash.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { cardCode, cardOf, openDoor, paste, until, verdictOn } from './door.ts';
import type { Door } from './door.ts';
import { enterPin, setUp, setupOf, withoutVenues } from './set-up.ts';

const GOOD = cardOf({ given: 'Nora', family: 'Green' });
const REVOKED = encodeCardUri(cardOf({ given: 'Max', family: 'Red' }, { rid: 'rid-revoked' }), 'shc');
const PIN = '4711';

describe('guests scan by themselves', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    const blank = { width: 1, height: 1, at: () => 0 };
    door = await openDoor({
      film: [
        { picture: cardCode(GOOD, 4), frames: 20 },
        { picture: blank, frames: 40 },
      ],
    });
    await door.page.addInitScript(() => {
      const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const { video } = wanted as { video: { facingMode: { ideal: string } } };
        globalThis.facings = [...(globalThis.facings ?? []), video.facingMode.ideal];
        return open(wanted);
      };
    });
    await door.page.reload();
    await door.page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  async function startKiosk(): Promise<void> {
    const { page } = door;
    await page.locator('.gear').click();
    await page.getByRole('button', { name: 'Kiosk mode' }).click();
    await page.getByLabel('Choose a PIN').fill(PIN);
    await page.getByLabel('The PIN once more').fill(PIN);
    await page.getByLabel('Show every result for').selectOption('3');
    await page.getByRole('button', { name: 'Start kiosk mode' }).click();
  }

  async function hide(isHidden: boolean): Promise<void> {
    await door.page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  }

  async function isFull(): Promise<boolean> {
    return door.page.evaluate(() => document.fullscreenElement !== null);
  }

  test('it starts with full screen, the front camera and a PIN that was typed twice', async () => {
    const { page } = door;
    await page.locator('.gear').click();
    await page.getByRole('button', { name: 'Kiosk mode' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('button', { name: 'Start kiosk mode' }).click();
    await dialog.getByText('The PIN needs 4 to 12 digits.').waitFor();
    await dialog.getByLabel('Choose a PIN').fill(PIN);
    await dialog.getByLabel('The PIN once more').fill('4712');
    await dialog.getByRole('button', { name: 'Start kiosk mode' }).click();
    await dialog.getByText('The two PINs differ.').waitFor();
    await dialog.getByLabel('The PIN once more').fill(PIN);
    await dialog.getByLabel('Show every result for').selectOption('3');
    await dialog.getByRole('button', { name: 'Start kiosk mode' }).click();
    await page.locator('.scan').waitFor();
    assert.ok(await isFull());
    assert.deepEqual(await page.evaluate(() => globalThis.facings), ['user']);
    for (const gone of ['.gear', '.mode', 'input[type=file]', '.camera-controls', '.ask-button']) {
      assert.equal(await page.locator(gone).filter({ visible: true }).count(), 0, gone);
    }
  });

  test('every result goes by itself and the camera looks again; a guest is told what a guest needs', async () => {
    const { page } = door;
    assert.equal((await verdictOn(page, 'accepted')).name, 'Nora Green');
    assert.match(await page.locator('.clock').innerText(), /Closes in [123] s/);
    assert.equal(await page.getByRole('button', { name: 'Keep open' }).count(), 0);
    await page.locator('.verdict').waitFor({ state: 'detached' });
    await page.locator('.scan').waitFor();
    assert.doesNotMatch(await page.content(), /Nora/);
    await paste(page, REVOKED);
    await verdictOn(page, 'rejected');
    assert.match(await page.locator('.verdict').innerText(), /Please ask the staff/);
    assert.doesNotMatch(await page.locator('.verdict').innerText(), /What should I do|Compare with the ID/);
    await page.locator('.verdict-rejected').waitFor({ state: 'detached' });
    await page.locator('.scan').waitFor();
  });

  test('whoever leaves full screen, or loads the page anew, finds a cover: a touch, or the PIN', async () => {
    const { page } = door;
    // As the Escape key does, which the browser keeps for itself.
    await page.evaluate(async () => document.exitFullscreen());
    await page.getByRole('button', { name: 'Touch to start' }).waitFor();
    assert.equal(await page.locator('.scan').count(), 0);
    assert.equal(await page.locator('.gear').filter({ visible: true }).count(), 0);
    await page.getByRole('button', { name: 'Touch to start' }).click();
    await page.locator('.scan').waitFor();
    assert.ok(await isFull());
    await page.reload();
    await page.getByRole('button', { name: 'Touch to start' }).waitFor();
    assert.equal(await page.locator('.gear').filter({ visible: true }).count(), 0);
    await page.getByRole('button', { name: 'Touch to start' }).click();
    await page.locator('.scan').waitFor();
    assert.ok(await isFull());
    assert.deepEqual(await page.evaluate(() => globalThis.facings), ['user']);
  });

  test('a tab that was open before is a kiosk too, with nothing open, and cannot undo it', async () => {
    const { page, browser, url } = door;
    const settings = await page.evaluate(() => localStorage.getItem('pratique-scanner-settings') ?? '');
    const { kiosk, ...others } = JSON.parse(settings) as { readonly kiosk?: object };
    assert.ok(kiosk);
    await page.evaluate((kept) => {
      localStorage.setItem('pratique-scanner-settings', kept);
    }, JSON.stringify(others));
    const other = await browser.context.newPage();
    await other.goto(url);
    await other.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
    await other.locator('.gear').click();
    await other.locator('dialog[open]').waitFor();
    await page.evaluate((kept) => {
      localStorage.setItem('pratique-scanner-settings', kept);
    }, settings);
    await other.getByRole('button', { name: 'Touch to start' }).waitFor();
    assert.equal(await other.locator('dialog').count(), 0);
    assert.equal(await other.locator('.gear').filter({ visible: true }).count(), 0);
    await other.close();
    await page.bringToFront();
    await page.reload();
    await page.getByRole('button', { name: 'Touch to start' }).click();
    await page.locator('.scan').waitFor();
  });

  test('a result is gone as soon as the page goes to the background, and the camera comes back with it', async () => {
    const { page } = door;
    await paste(page, REVOKED);
    await verdictOn(page, 'rejected');
    await hide(true);
    await page.locator('.verdict').waitFor({ state: 'detached' });
    assert.doesNotMatch(await page.content(), /Max/);
    await hide(false);
    await page.locator('.scan').waitFor();
  });

  test('a guest reads it in another language, until the guest has gone', async () => {
    const { page } = door;
    await page.getByLabel('Language').selectOption('es');
    await page.locator('.hint', { hasText: 'Muestre su código a la cámara' }).waitFor();
    await paste(page, REVOKED);
    assert.equal((await verdictOn(page, 'rejected')).word, 'RECHAZADA');
    await page.locator('.verdict-rejected').waitFor({ state: 'detached' });
    await page.locator('.hint', { hasText: 'Hold your code up to the camera' }).waitFor();
    const kept = await page.evaluate(() => localStorage.getItem('pratique-scanner-settings'));
    assert.match(kept ?? '', /"language":"en"/);
  });

  test('a file that is dropped is not looked at, and nothing opens by a long touch', async () => {
    const { page } = door;
    const isPrevented = await page.evaluate((text) => {
      const data = new DataTransfer();
      data.items.add(new File([text], 'card.txt'));
      const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(drop);
      const menu = new MouseEvent('contextmenu', { bubbles: true, cancelable: true });
      document.body.dispatchEvent(menu);
      return drop.defaultPrevented && menu.defaultPrevented;
    }, REVOKED);
    assert.ok(isPrevented);
    // A result would stand there long before ten pictures of the camera have come.
    const seen = await page.evaluate(async () => {
      const video = document.querySelector('video');
      for (let frame = 0; frame < 10; frame++) {
        await new Promise<void>((resolve) => {
          video?.requestVideoFrameCallback(() => {
            resolve();
          });
          // No picture comes any more once a result has taken the camera's place.
          new MutationObserver(() => {
            if (video?.isConnected !== true) resolve();
          }).observe(document.body, { subtree: true, childList: true });
        });
        if (document.querySelector('.verdict-rejected') !== null) return 'a result';
      }
      return 'nothing';
    });
    assert.equal(seen, 'nothing');
  });

  test('a wrong PIN leads nowhere, and waiting for the next try outlasts a reload; the right one leads out', async () => {
    const { page } = door;
    const staff = page.getByRole('button', { name: 'Staff' });
    await staff.click();
    const pin = page.locator('dialog[open] input');
    for (let wrong = 0; wrong < 3; wrong++) {
      await pin.fill('0000');
      await pin.press('Enter');
      await page.getByText('That PIN is wrong.').waitFor();
      await until(async () => (await pin.inputValue()) === '');
    }
    await page.getByText('Try again in').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('.scan').waitFor();
    await page.reload();
    await staff.click();
    await page.getByText('Try again in').waitFor();
    assert.ok(await page.locator('dialog[open] .primary').isDisabled());
    await page.keyboard.press('Escape');
    // As after waiting.
    await page.evaluate(() => {
      localStorage.removeItem('pratique-scanner-tries-kiosk');
    });
    await staff.click();
    await pin.fill(PIN);
    await pin.press('Enter');
    await page.getByRole('button', { name: 'Scan', exact: false }).waitFor();
    await page.locator('.gear').waitFor();
    assert.ok(!(await isFull()));
    await page.reload();
    await page.locator('.gear').waitFor();
    assert.equal(await staff.filter({ visible: true }).count(), 0);
  });

  test('where the browser refuses full screen, guests scan all the same', async () => {
    const { page } = door;
    await page.evaluate(() => {
      document.documentElement.requestFullscreen = async () => Promise.reject(new TypeError('refused'));
    });
    await startKiosk();
    await page.locator('.scan').waitFor();
    assert.ok(!(await isFull()));
    await paste(page, REVOKED);
    await verdictOn(page, 'rejected');
    await page.locator('.verdict-rejected').waitFor({ state: 'detached' });
    await page.locator('.scan').waitFor();
  });

  test('where the venue set a PIN that one leads out, and a set-up code that a guest holds up sets nothing up', async () => {
    const { page } = door;
    await withoutVenues(page);
    await setUp(page, setupOf({ pin: await hashPin('2468') }));
    await page.locator('.gear').click();
    await enterPin(page, '2468');
    await page.locator('dialog[open] button', { hasText: 'Kiosk mode' }).click();
    await page.getByText('The PIN of your venue leads out.').waitFor();
    assert.equal(await page.locator('dialog[open] input').count(), 0);
    await page.getByRole('button', { name: 'Start kiosk mode' }).click();
    await page.locator('.scan').waitFor();
    await paste(page, setupOf({ id: 'Another-Hall-001', name: 'Another Hall' }));
    await verdictOn(page, 'unreadable');
    assert.equal(await page.locator('dialog').count(), 0);
    await page.getByRole('button', { name: 'Staff' }).click();
    await enterPin(page, PIN);
    await page.getByText('That PIN is wrong.').waitFor();
    await enterPin(page, '2468');
    await page.locator('.gear').waitFor();
    assert.match(await page.locator('.idle .venue').innerText(), /Harbour Hall/);
  });
});

declare global {
  // In the page: which way the cameras that were asked for look.
  var facings: string[] | undefined;
}
