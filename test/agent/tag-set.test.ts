import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { tagSet } from '../../agent/tag-set.ts';

const tag = (at: number): string =>
  createHash('sha256').update(String(at)).digest().subarray(0, 16).toString('base64url');

async function* tags(count: number): AsyncGenerator<string> {
  for (let at = 0; at < count; at++) yield tag(at);
}

test('a set of tags has every tag that was put in and no other, also of those that begin alike', async () => {
  const set = await tagSet(tags(5000), 6000);
  assert.equal(set.size, 5000);
  for (let at = 0; at < 5000; at++) assert.ok(set.has(tag(at)));
  for (let at = 5000; at < 10_000; at++) assert.ok(!set.has(tag(at)));
  for (const place of [0, 5, 15]) {
    const bytes = Buffer.from(tag(7), 'base64url');
    bytes[place] = (bytes[place] ?? 0) ^ 1;
    assert.ok(!set.has(bytes.toString('base64url')));
  }
});

test('the first and the last bucket are searched as well, and an empty set has nothing', async () => {
  const ends = [Buffer.alloc(16, 0), Buffer.alloc(16, 0xff)].map((bytes) => bytes.toString('base64url'));
  const set = await tagSet(
    (async function* () {
      yield* ends;
    })(),
    2,
  );
  for (const each of ends) assert.ok(set.has(each));
  const none = await tagSet(tags(0), 0);
  for (const each of ends) assert.ok(!none.has(each));
});

test('what is no tag, or more than there can be, is an error of the caller', async () => {
  await assert.rejects(tagSet(tags(3), 2), RangeError);
  const set = await tagSet(tags(1), 1);
  assert.throws(() => set.has('short'), RangeError);
});
