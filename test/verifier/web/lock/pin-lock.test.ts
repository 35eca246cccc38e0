import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Lock } from '../../../../verifier/web/lock/ask-pin.ts';
import { hashPin } from '../../../../verifier/web/lock/pin-hash.ts';
import { pinLock } from '../../../../verifier/web/lock/pin-lock.ts';

const PIN = '482913';
let hash = '';
before(async () => {
  hash = await hashPin(PIN);
});

function storageOf(isFull = false): Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => {
      if (isFull) throw new Error('QuotaExceededError');
      kept.set(name, value);
    },
    removeItem: (name) => void kept.delete(name),
  };
}

async function wrong(lock: Lock, times: number): Promise<void> {
  for (let time = 0; time < times; time++) assert.equal(await lock.check('000000'), false);
}

test('two wrong PINs cost nothing; the third costs half a minute, in which the right one does not open either', async () => {
  let now = 1000;
  const lock = pinLock('venue', hash, storageOf(), () => now);
  await wrong(lock, 2);
  assert.equal(lock.waitSeconds(), 0);
  await wrong(lock, 1);
  assert.equal(lock.waitSeconds(), 30);
  assert.equal(await lock.check(PIN), false);
  now += 30;
  assert.equal(lock.waitSeconds(), 0);
  assert.equal(await lock.check(PIN), true);
  assert.equal(lock.waitSeconds(), 0);
});

test('the wait grows with each wrong one', async () => {
  let now = 1000;
  const lock = pinLock('venue', hash, storageOf(), () => now);
  const waits: number[] = [];
  for (let time = 0; time < 8; time++) {
    await wrong(lock, 1);
    waits.push(lock.waitSeconds());
    now += lock.waitSeconds();
  }
  assert.deepEqual(waits, [0, 0, 30, 60, 300, 900, 3600, 3600]);
});

test('a page that is loaded anew waits as before', async () => {
  const storage = storageOf();
  const now = (): number => 1000;
  await wrong(pinLock('venue', hash, storage, now), 3);
  assert.equal(pinLock('venue', hash, storage, now).waitSeconds(), 30);
  assert.equal(pinLock('kiosk', hash, storage, now).waitSeconds(), 0);
});

test('the right one forgets the wrong ones', async () => {
  const storage = storageOf();
  const lock = pinLock('venue', hash, storage, () => 1000);
  await wrong(lock, 2);
  assert.equal(await lock.check(PIN), true);
  await wrong(lock, 2);
  assert.equal(lock.waitSeconds(), 0);
});

test('a try is counted before it is made, so that two pages at once gain nothing', async () => {
  const storage = storageOf();
  const locks = [0, 1, 2, 3].map(() => pinLock('venue', hash, storage, () => 1000));
  const answers = await Promise.all(locks.map(async (lock) => lock.check('000000')));
  assert.deepEqual(answers, [false, false, false, false]);
  assert.equal(locks[0]?.waitSeconds(), 30);
});

test('a clock that is set back begins the wait anew, and it ends', async () => {
  let now = 1_000_000;
  const lock = pinLock('venue', hash, storageOf(), () => now);
  await wrong(lock, 3);
  now = 10;
  assert.equal(lock.waitSeconds(), 30);
  now = 40;
  assert.equal(lock.waitSeconds(), 0);
});

test('a count that was damaged is the longest wait, and a browser that keeps nothing counts for this visit', async () => {
  const storage = storageOf();
  storage.setItem('pratique-scanner-tries-venue', '{"failures":-5}');
  assert.equal(pinLock('venue', hash, storage, () => 1000).waitSeconds(), 3600);
  const lock = pinLock('venue', hash, storageOf(true), () => 1000);
  await wrong(lock, 3);
  assert.equal(lock.waitSeconds(), 30);
});
