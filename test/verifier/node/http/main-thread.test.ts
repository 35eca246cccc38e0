import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test } from 'node:test';
import { ISSUED, mintCard } from '../../../support/cards.ts';
import { key, post, served, venueWith } from './venues.ts';

const card = mintCard(key);
const text = { 'Content-Type': 'text/plain' };

/** Longest that the thread which answers everybody did nothing else, in milliseconds. */
async function longestStop(work: () => Promise<unknown>): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  return delay.max / 1e6;
}

test('megabytes of JSON are parsed by a thread, and answered as any other', async (t) => {
  const url = await served(t);
  const objects = `{"credential":[${'{},'.repeat(1_500_000)}{}]}`;
  await (await post(`${url}/verify`, 'x'.repeat(20_000), text)).text();
  let answer: Response | undefined;
  const stop = await longestStop(async () => (answer = await post(`${url}/verify`, objects)));
  assert.ok(stop < 300, `${stop} ms`);
  assert.equal(answer?.status, 400);
  assert.equal(((await answer.json()) as { code: string }).code, 'BODY_INVALID');
  const long = ' '.repeat(70_000);
  for (const [body, code] of [
    [`{${long}"credential":"${card}"}`, 'VALID'],
    [`{${long}"credential":"${card}","at":${ISSUED - 1000}}`, 'NOT_YET_VALID'],
    [`{${long}"credential":"${card}"`, 'JSON_INVALID'],
  ] as const) {
    const { codes, code: problem } = (await (await post(`${url}/verify`, body)).json()) as {
      codes?: string[];
      code?: string;
    };
    assert.equal(codes?.[0] ?? problem, code);
  }
});

test('without threads JSON beyond a megabyte is refused, and what is shorter decided about', async (t) => {
  const url = await served(t, venueWith(), { threads: 0 });
  const refused = await post(`${url}/verify`, JSON.stringify({ credential: 'x'.repeat(1_000_000) }));
  assert.equal(refused.status, 413);
  const decided = await post(`${url}/verify`, `{${' '.repeat(70_000)}"credential":"${card}"}`);
  assert.deepEqual(((await decided.json()) as { codes: string[] }).codes, ['VALID']);
});
