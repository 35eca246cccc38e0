import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCardUri } from '../../../../credential/shc-uri.ts';
import { chunkCollector, FORGET_AFTER_SECONDS } from '../../../../verifier/web/parts/chunk-collector.ts';

/** Chunks of a made-up card: what they say does not matter here, where they belong does. */
const chunk = (index: number, total: number, content: string): string =>
  encodeCardUri(content, 'shc').replace('shc:/', `shc:/${index}/${total}/`);

const A = [chunk(1, 3, 'aaa'), chunk(2, 3, 'bbb'), chunk(3, 3, 'ccc')] as const;
const B = [chunk(1, 3, 'xxx'), chunk(2, 3, 'yyy'), chunk(3, 3, 'zzz')] as const;

test('chunks in any order make a card in the order of their places, and progress is told', () => {
  const collector = chunkCollector();
  assert.deepEqual(collector.add(A[2], 100), { kind: 'part', have: [3], total: 3 });
  assert.deepEqual(collector.add(A[0], 101), { kind: 'part', have: [1, 3], total: 3 });
  assert.deepEqual(collector.progress(102), { kind: 'part', have: [1, 3], total: 3 });
  assert.deepEqual(collector.add(A[1], 103), { kind: 'complete', codes: A });
  assert.equal(collector.progress(104), undefined);
});

test('a chunk that is seen again changes nothing', () => {
  const collector = chunkCollector();
  collector.add(A[0], 100);
  assert.deepEqual(collector.add(A[0], 101), { kind: 'part', have: [1], total: 3 });
});

test('another content in a place that is taken is another guest: nothing of the one before is kept', () => {
  const collector = chunkCollector();
  collector.add(A[0], 100);
  collector.add(A[1], 101);
  assert.deepEqual(collector.add(B[0], 102), { kind: 'part', have: [1], total: 3 });
  assert.deepEqual(collector.add(B[1], 103), { kind: 'part', have: [1, 2], total: 3 });
  assert.deepEqual(collector.add(B[2], 104), { kind: 'complete', codes: B });
});

test('a chunk of another number of chunks is another guest', () => {
  const collector = chunkCollector();
  collector.add(A[0], 100);
  assert.deepEqual(collector.add(chunk(2, 2, 'bbb'), 101), { kind: 'part', have: [2], total: 2 });
});

test('a whole card in between is another guest, and so is a text that is no card', () => {
  for (const whole of [encodeCardUri('whole', 'shc'), 'https://restaurant.example/menu']) {
    const collector = chunkCollector();
    collector.add(A[0], 100);
    assert.deepEqual(collector.add(whole, 101), { kind: 'whole', codes: [whole] });
    assert.equal(collector.progress(101), undefined);
  }
});

test('chunks are forgotten 20 seconds after the last new one, not after the last sight of one', () => {
  assert.equal(FORGET_AFTER_SECONDS, 20);
  const collector = chunkCollector();
  collector.add(A[0], 100);
  collector.add(A[0], 119);
  assert.notEqual(collector.progress(119.9), undefined);
  assert.equal(collector.progress(120), undefined);
  assert.deepEqual(collector.add(A[1], 121), { kind: 'part', have: [2], total: 3 });
});

test('a clock that is set back forgets rather than remembers', () => {
  const collector = chunkCollector();
  collector.add(A[0], 100);
  assert.equal(collector.progress(50), undefined);
});
