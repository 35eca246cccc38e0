import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withoutChromium } from '../../support/chromium.ts';
import { openDoor, pressBig } from './door.ts';
import type { Door } from './door.ts';

describe('what the browser is told of the page', { skip: withoutChromium }, () => {
  let door: Door;
  before(async () => {
    door = await openDoor();
  });
  after(async () => door.close());

  test('a page is asked for anew each time, and tells nobody where it was', async () => {
    const { headers } = await fetch(door.url);
    assert.equal(headers.get('cache-control'), 'no-cache');
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  });

  test('text becomes no markup, and no address but one of our scripts is run', async () => {
    const tried = await door.page.evaluate(async () => {
      const attempts: (() => unknown)[] = [
        () => (document.body.innerHTML = '<b>x</b>'),
        () => document.createElement('div').insertAdjacentHTML('beforeend', '<b>x</b>'),
        () => new Worker('/assets/index.js'),
        () => (document.createElement('script').src = '/assets/index.js'),
        () =>
          (
            globalThis as unknown as {
              trustedTypes: { createPolicy: (name: string, rules: object) => unknown };
            }
          ).trustedTypes.createPolicy('another', {}),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'done';
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    assert.deepEqual([...new Set(tried)], ['TypeError']);
  });

  test('where there is no camera, the page says what else there is', async () => {
    await pressBig(door.page);
    await door.page.locator('.fault', { hasText: /There is no camera here|The camera is blocked/ }).waitFor();
  });
});
