import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Idempotency, type Effect } from '../../../agent/service/idempotency.ts';
import { openStore } from '../store-fixture.ts';

const NOW = 1_800_000_000;
const asking = (key: string | undefined, asked = 'a', now = NOW) => ({
  client: 'c',
  key,
  asked: Buffer.from(asked),
  now,
});

/** An effect that counts how often it came, on disk. */
async function counting(t: TestContext): Promise<{
  readonly once: Idempotency;
  readonly again: () => Idempotency;
  readonly effect: Effect;
  readonly came: () => number;
  readonly records: () => Promise<string>;
  readonly times: () => Promise<string>;
}> {
  const { store, records } = await openStore(t);
  let times = 0;
  const effect: Effect = async (keep) => {
    times++;
    const body = { number: times, name: 'Nora Nobody' };
    await store.commit([store.table<number>('effects').put(`${times}`, times), ...keep(201, body)]);
    return { status: 201, body };
  };
  const fresh = (): Idempotency => new Idempotency(store);
  return {
    once: fresh(),
    again: fresh,
    effect,
    came: () => times,
    records: async () => records('idempotency'),
    times: async () => records('idempotency-times'),
  };
}

test('what is asked twice under one key has its effect once, across a restart too', async (t) => {
  const { once, again, effect, came, records } = await counting(t);
  const first = await once.once(asking('k'), effect);
  assert.deepEqual(await once.once(asking('k'), effect), first);
  assert.deepEqual(await again().once(asking('k', 'a', NOW + 86_399), effect), first);
  assert.equal(came(), 1);
  assert.doesNotMatch(await records(), /Nora/);
});

test('without a key, or under another, or of another client, it is another', async (t) => {
  const { once, effect, came } = await counting(t);
  await once.once(asking(undefined), effect);
  await once.once(asking(undefined), effect);
  await once.once(asking('k'), effect);
  await once.once(asking('l'), effect);
  await once.once({ ...asking('k'), client: 'd' }, effect);
  assert.equal(came(), 5);
});

test('another request under a key that was used is refused, and a key that is none', async (t) => {
  const { once, effect, came } = await counting(t);
  await once.once(asking('k'), effect);
  await assert.rejects(once.once(asking('k', 'b'), effect), { code: 'IDEMPOTENCY_KEY_REUSED' });
  for (const key of ['', 'x'.repeat(81), 'with space', 'é']) {
    await assert.rejects(once.once(asking(key), effect), { code: 'IDEMPOTENCY_KEY_INVALID' });
  }
  assert.equal(came(), 1);
});

test('the second of two at the same moment is told to come again, and then has the answer of the first', async (t) => {
  const { once, effect, came } = await counting(t);
  const [first, second] = await Promise.allSettled([
    once.once(asking('k'), effect),
    once.once(asking('k'), effect),
  ]);
  assert.equal(first.status, 'fulfilled');
  assert.equal(second.status === 'rejected' && (second.reason as { code: string }).code, 'BUSY');
  assert.deepEqual(await once.once(asking('k'), effect), first.value);
  assert.equal(came(), 1);
});

test('what failed may be asked again under its key', async (t) => {
  const { once, effect, came } = await counting(t);
  await assert.rejects(
    once.once(asking('k'), async () => {
      throw new Error('no');
    }),
  );
  assert.equal((await once.once(asking('k'), effect)).status, 201);
  assert.equal(came(), 1);
});

test('an answer is kept for a day and forgotten then', async (t) => {
  const { once, effect, came, records } = await counting(t);
  await once.once(asking('k'), effect);
  await once.sweep(NOW + 86_399);
  assert.notEqual(await records(), '[]');
  await once.sweep(NOW + 86_400);
  assert.equal(await records(), '[]');
  await once.once(asking('k', 'b', NOW + 86_400), effect);
  assert.equal(came(), 2);
});

test('a new answer under a key whose old one is over is not forgotten with the old one', async (t) => {
  const { once, effect, came, records, times } = await counting(t);
  await once.once(asking('k'), effect);
  await once.once(asking('k', 'b', NOW + 86_401), effect);
  await once.sweep(NOW + 86_402);
  await once.once(asking('k', 'b', NOW + 86_403), effect);
  assert.equal(came(), 2);
  await once.sweep(NOW + 2 * 86_400 + 1);
  assert.deepEqual([await records(), await times()], ['[]', '[]']);
});
