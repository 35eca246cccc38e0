import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextWait, schedule } from '../../../verifier/node/sync-schedule.ts';

test('the wait is the interval, doubles with every failure up to a quarter of an hour, and is spread by a tenth', () => {
  const waits = (failures: number, intervalSeconds = 60): readonly number[] =>
    [0, 0.5, 1].map((share) => Math.round(nextWait({ intervalSeconds, random: () => share }, failures)));
  assert.deepEqual(waits(0), [54, 60, 66]);
  assert.deepEqual(waits(1), [108, 120, 132]);
  assert.deepEqual(waits(3), [432, 480, 528]);
  for (const failures of [4, 10, 5000]) assert.deepEqual(waits(failures), [810, 900, 990]);
  assert.deepEqual(waits(9, 3600), [3240, 3600, 3960]);
});

test('the wait is a second at least and a day at most, whatever interval is asked for', () => {
  for (const failures of [0, 3, 5000]) {
    for (const intervalSeconds of [0, -5, 0.001, Number.NaN]) {
      const wait = nextWait({ intervalSeconds, random: () => 1 }, failures);
      assert.ok(wait >= 1 && wait < 991, `${wait} of ${intervalSeconds}`);
    }
    for (const intervalSeconds of [86_401, 2 ** 31, Infinity]) {
      assert.equal(nextWait({ intervalSeconds, random: () => 1 }, failures), 86_400);
    }
  }
});

/** A turn that ends when told. */
function handTurned(): {
  turn: () => Promise<boolean>;
  begun: () => number;
  most: () => number;
  end: () => void;
} {
  let [begun, now, most] = [0, 0, 0];
  let release: (() => void)[] = [];
  return {
    begun: () => begun,
    most: () => most,
    end: () => {
      const ready = release;
      release = [];
      for (const one of ready) one();
    },
    turn: async () => {
      begun += 1;
      most = Math.max(most, ++now);
      await new Promise<void>((done) => release.push(done));
      now -= 1;
      return true;
    },
  };
}
const TERMS = { intervalSeconds: 60, random: () => 0.5 };
const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

test('no two turns run at once, and whoever asks meanwhile shares the next', async () => {
  const hand = handTurned();
  const turns = schedule(hand.turn, TERMS);
  const first = turns.now();
  await settle();
  const others = [turns.now(), turns.now(), turns.now()];
  await settle();
  assert.equal(hand.begun(), 1);
  hand.end();
  await first;
  await settle();
  assert.equal(hand.begun(), 2);
  hand.end();
  await Promise.all(others);
  assert.deepEqual([hand.begun(), hand.most()], [2, 1]);
});

test('something else is done between two turns, and its failure is its caller’s alone', async () => {
  const hand = handTurned();
  const turns = schedule(hand.turn, TERMS);
  const first = turns.now();
  let isDone = false;
  const other = turns.between(async () => {
    isDone = true;
    return Promise.reject(new Error('no'));
  });
  await settle();
  assert.equal(isDone, false);
  hand.end();
  await first;
  await assert.rejects(other, /no/);
  const next = turns.now();
  await settle();
  hand.end();
  await next;
  assert.equal(hand.begun(), 2);
});

test('what is stopped begins nothing more, whoever waits for it', async () => {
  const hand = handTurned();
  const turns = schedule(hand.turn, TERMS);
  turns.start();
  const first = turns.now();
  await settle();
  const later = turns.now();
  const stopped = turns.stop();
  hand.end();
  await Promise.all([first, later, stopped]);
  turns.start();
  await turns.now();
  assert.equal(hand.begun(), 1);
});
