import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sideBySide } from '../../../verifier/node/side-by-side.ts';

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('each is done once, in their order, and no more at once than was said', async () => {
  const begun: number[] = [];
  let [running, most] = [0, 0];
  await sideBySide([1, 2, 3, 4, 5], { atOnce: 2, roundMs: 5000 }, async (one) => {
    begun.push(one);
    running += 1;
    most = Math.max(most, running);
    await pause(5);
    running -= 1;
  });
  assert.deepEqual([begun, most, running], [[1, 2, 3, 4, 5], 2, 0]);
});

test('nothing is begun when the time is over, and what was begun is waited for', async () => {
  const ended: number[] = [];
  await sideBySide([1, 2, 3], { atOnce: 1, roundMs: 20 }, async (one) => {
    await pause(30);
    ended.push(one);
  });
  assert.deepEqual(ended, [1]);
});

test('nothing is begun after it was called off', async () => {
  const stopping = new AbortController();
  const begun: number[] = [];
  await sideBySide([1, 2, 3], { atOnce: 1, roundMs: 5000, signal: stopping.signal }, async (one) => {
    begun.push(one);
    if (one === 2) stopping.abort();
    return Promise.resolve();
  });
  assert.deepEqual(begun, [1, 2]);
});
