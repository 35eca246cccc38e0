import assert from 'node:assert/strict';
import { subscribe } from 'node:diagnostics_channel';
import { test } from 'node:test';
import type { Worker } from 'node:worker_threads';
import { mintCard, newKey } from '../../../support/cards.ts';
import { key, post, served, venueWith } from './venues.ts';

const threads: Worker[] = [];
subscribe('worker_threads', (message) => threads.push((message as { worker: Worker }).worker));

/**
 * Forged, so that nothing of it is inflated: Node 26 aborts the whole process if a thread is ended just while it makes a
 * zlib stream ("close before init").
 */
const forged = mintCard({ ...newKey(), kid: key.kid });
const ANSWER = 'SIGNATURE_INVALID';
const line = `${JSON.stringify({ credential: forged })}\n`;

async function codesOf(url: string, lines: number): Promise<readonly (string | undefined)[]> {
  const ndjson = { 'Content-Type': 'application/x-ndjson' };
  const text = await (await post(`${url}/verify/batch`, line.repeat(lines), ndjson)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each) as { code?: string; codes?: string[] })
    .map(({ code, codes }) => code ?? codes?.[0]);
}

test('a thread that dies at work costs the lines that it held and no other, and is replaced', async (t) => {
  const url = await served(t, venueWith(), { threads: 1 });
  assert.deepEqual(await codesOf(url, 1), [ANSWER]);
  const running = codesOf(url, 3_000);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await threads.at(-1)?.terminate();
  const codes = await running;
  assert.equal(codes.length, 3_000);
  const lost = codes.filter((code) => code === 'INTERNAL').length;
  assert.ok(lost > 0 && lost < 1_000, `${lost} lines were lost`);
  assert.ok(codes.every((code) => code === 'INTERNAL' || code === ANSWER));
  assert.deepEqual(
    await codesOf(url, 100),
    Array.from({ length: 100 }, () => ANSWER),
  );
});

test('a thread that dies at rest is missed by nobody', async (t) => {
  const url = await served(t, venueWith(), { threads: 1 });
  assert.deepEqual(await codesOf(url, 1), [ANSWER]);
  threads.at(-1)?.emit('error', new Error('Out of memory.'));
  await threads.at(-1)?.terminate();
  assert.deepEqual(
    await codesOf(url, 100),
    Array.from({ length: 100 }, () => ANSWER),
  );
});
