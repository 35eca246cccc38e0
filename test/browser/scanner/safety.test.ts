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

  test('nothing by default, everything from here, only the camera, scripts by one policy', async () => {
    const { headers } = await fetch(door.url);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    assert.match(policy, /require-trusted-types-for 'script';trusted-types pratique$/);
    assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!'wasm-unsafe-eval)|https?:|\*/);
    const permissions = headers.get('permissions-policy') ?? '';
    assert.deepEqual(
      permissions.split(', ').filter((one) => !one.endsWith('=()')),
      ['camera=(self)'],
    );
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
