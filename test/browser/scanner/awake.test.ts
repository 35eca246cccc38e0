import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { hashPin } from '../../../verifier/web/lock/pin-hash.ts';
import { withoutChromium } from '../../support/chromium.ts';
import { openDoor, pressBig, until } from './door.ts';
import type { Door } from './door.ts';

declare global {
  // In the page: the browser's locks, the newest last.
  var locks: WakeLockSentinel[];
}

/** In the page: note the real locks. */
function watchLocks(): void {
  globalThis.locks = [];
  const { wakeLock } = navigator;
  const request = wakeLock.request.bind(wakeLock);
  wakeLock.request = async (type) => {
    const taken = await request(type);
    globalThis.locks.push(taken);
    return taken;
  };
}

describe('the screen stays awake while somebody scans', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor({ film: [{ picture: { width: 1, height: 1, at: () => 0 }, frames: 5 }] });
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  /** How many locks there were, and how many of them hold. */
  async function locks(): Promise<readonly [number, number]> {
    return door.page.evaluate(() => [
      globalThis.locks.length,
      globalThis.locks.filter(({ released }) => !released).length,
    ]);
  }

  async function comesToHold(all: number, holding: number): Promise<void> {
    await until(async () => (await locks()).join() === [all, holding].join());
  }

  /** As the browser does: a page that is hidden has lost its lock. */
  async function goAwayAndBack(): Promise<void> {
    await door.page.evaluate(async () => {
      await globalThis.locks.at(-1)?.release();
      for (const isHidden of [true, false]) {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
        document.dispatchEvent(new Event('visibilitychange'));
      }
    });
  }

  test('from the first look to the last, and again when the page comes back', async () => {
    const { page } = door;
    await page.addInitScript(watchLocks);
    await page.reload();
    await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
    assert.deepEqual(await locks(), [0, 0]);
    await pressBig(page);
    await comesToHold(1, 1);
    await pressBig(page);
    await comesToHold(1, 0);
    await pressBig(page);
    await comesToHold(2, 1);
    await goAwayAndBack();
    await comesToHold(3, 1);
    assert.equal(await page.locator('.notice').count(), 0);
  });

  test('a kiosk’s screen is awake also while it waits for a touch', async () => {
    const { page } = door;
    await page.evaluate(
      (pin) => {
        const kiosk = { language: 'en', introduced: true, kiosk: { seconds: 3, pin } };
        localStorage.setItem('pratique-scanner-settings', JSON.stringify(kiosk));
      },
      await hashPin('4711'),
    );
    await page.reload();
    await page.getByRole('button', { name: 'Touch to start' }).waitFor();
    await comesToHold(1, 1);
    await goAwayAndBack();
    await comesToHold(2, 1);
    await page.evaluate(() => {
      localStorage.removeItem('pratique-scanner-settings');
    });
  });

  test('a browser without it is said so once', async () => {
    const { page } = door;
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'wakeLock', { value: undefined });
    });
    await page.reload();
    await page.locator('.banner-facts').filter({ hasText: /\d/ }).waitFor();
    assert.equal(await page.locator('.notice').count(), 0);
    await pressBig(page);
    const notice = page.locator('.notice', { hasText: 'This browser lets the screen go dark' });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Close' }).click();
    await pressBig(page);
    await page.locator('.idle').waitFor();
    await pressBig(page);
    await page.locator('.scan').waitFor();
    assert.equal(await notice.count(), 0);
  });
});
