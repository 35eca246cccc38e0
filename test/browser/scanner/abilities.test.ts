import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withoutChromium } from '../../support/chromium.ts';
import { openDoor, until } from './door.ts';
import type { Door } from './door.ts';

declare global {
  // In the page: what was asked of the camera, one after the other.
  var applied: unknown[];
}

/** In the page: the real camera says that it has a lamp and a zoom while it looks at guests, and none to the other side. */
function makeAble(): void {
  globalThis.applied = [];
  let facing = '';
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    facing = (wanted as { video: { facingMode: { ideal: string } } }).video.facingMode.ideal;
    return open(wanted);
  };
  const track = MediaStreamTrack.prototype;
  const capabilities = Reflect.get(track, 'getCapabilities');
  const apply = Reflect.get(track, 'applyConstraints');
  track.getCapabilities = function ableTo(this: MediaStreamTrack) {
    const able = facing === 'environment' ? { torch: true, zoom: { min: 1, max: 4, step: 0.5 } } : {};
    return { ...Reflect.apply(capabilities, this, []), ...able };
  };
  track.applyConstraints = async function applyWatched(this: MediaStreamTrack, wanted) {
    globalThis.applied.push(wanted?.advanced?.[0]);
    return Reflect.apply(apply, this, [wanted]);
  };
}

describe('what a camera can besides seeing', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor({ film: [{ picture: { width: 1, height: 1, at: () => 0 }, frames: 5 }] });
  });
  after(async () => {
    await door.close();
    assert.deepEqual(door.complaints, []);
  });

  test('without a lamp and a zoom nothing offers them', async () => {
    const { page } = door;
    await page.locator('.actions .primary').click();
    await page.getByRole('button', { name: 'Other camera' }).waitFor();
    assert.equal(await page.locator('.camera-controls > *').count(), 1);
  });

  test('a lamp is a button that is pressed or not, a zoom a range with a name; both outlast the other camera', async () => {
    const { page } = door;
    await page.addInitScript(makeAble);
    await page.reload();
    await page.locator('.actions .primary').click();
    const lamp = page.getByRole('button', { name: 'Light' });
    const zoom = page.getByRole('slider', { name: 'Zoom' });
    await lamp.waitFor();
    assert.equal(await lamp.getAttribute('aria-pressed'), 'false');
    assert.deepEqual(
      await zoom.evaluate((range: HTMLInputElement) => [range.min, range.max, range.step, range.value]),
      ['1', '4', '0.5', '1'],
    );
    await lamp.click();
    assert.equal(await lamp.getAttribute('aria-pressed'), 'true');
    await zoom.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    assert.equal(await zoom.inputValue(), '2');
    // Nearer with the light on: a camera takes what it is told last for all.
    assert.deepEqual((await page.evaluate(() => globalThis.applied)).at(-1), { torch: true, zoom: 2 });

    await page.getByRole('button', { name: 'Other camera' }).click();
    await page.locator('.scan-mirrored').waitFor();
    assert.equal(await lamp.count(), 0);
    assert.equal(await zoom.count(), 0);
    const told = await page.evaluate(() => globalThis.applied.length);
    await page.getByRole('button', { name: 'Other camera' }).click();
    await page.locator('.scan:not(.scan-mirrored)').waitFor();
    assert.equal(await lamp.getAttribute('aria-pressed'), 'true');
    assert.equal(await zoom.inputValue(), '2');
    await until(async () => page.evaluate((count) => globalThis.applied.length > count, told));
    assert.deepEqual((await page.evaluate(() => globalThis.applied)).at(-1), { torch: true, zoom: 2 });

    await lamp.click();
    assert.deepEqual((await page.evaluate(() => globalThis.applied)).at(-1), { torch: false, zoom: 2 });
  });
});
