import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IssuerError } from '../../agent/issuer-error.ts';
import {
  type AnchorRounds,
  dailyAtLeast,
  keepAnchoring,
  type LoopEvent,
} from '../../cli/issuer/anchor-rounds.ts';
import type { AnchorRun } from '../../cli/issuer/anchor-run.ts';

const RUN = { lists: [], keySet: '', audit: { records: 0, counter: 0, anchored: 0 } } satisfies AnchorRun;
const LONG = 3600;

type Look = () => AnchorRun | undefined;

/** What is told when each look has that outcome, and it is told to stop after the last one. */
async function rounds(
  looks: readonly Look[],
  more: Partial<AnchorRounds> = {},
): Promise<readonly LoopEvent[]> {
  const told: LoopEvent[] = [];
  const stop = new AbortController();
  let next = 0;
  await keepAnchoring({
    every: 0.01,
    stop: stop.signal,
    tell: (event) => told.push(event),
    look: async () => {
      const look = looks[next++];
      if (next >= looks.length) stop.abort();
      return look?.();
    },
    isHopeless: (code) => code === 'PIN_WRONG',
    ...more,
  });
  assert.equal(next, looks.length);
  return told;
}

const events = (told: readonly LoopEvent[]): readonly string[] => told.map(({ event }) => event);

function failing(code: 'STORE_UNAVAILABLE' | 'ANCHORING_ELSEWHERE' | 'PIN_WRONG'): Look {
  return () => {
    throw new IssuerError(code, 'Words.');
  };
}

test('a failure is an alarm each time, which is over once everything is on the chain', async () => {
  const failed = failing('STORE_UNAVAILABLE');
  const told = await rounds([failed, failed, () => RUN, () => RUN, failed]);
  assert.deepEqual(events(told), ['failed', 'failed', 'recovered', 'failed']);
  assert.match(told[0]?.words ?? '', /^ALARM: STORE_UNAVAILABLE: Words\. Trying again in \d+ s\.$/);
  assert.deepEqual(
    told.map(({ told: object }) => JSON.stringify(object ?? {}).match(/"failures":\d/)?.[0]),
    ['"failures":1', '"failures":2', undefined, '"failures":1'],
  );
});

test('another agent at it is no alarm, and ends none', async () => {
  const elsewhere = failing('ANCHORING_ELSEWHERE');
  const told = await rounds([elsewhere, failing('STORE_UNAVAILABLE'), () => undefined, elsewhere, () => RUN]);
  assert.deepEqual(events(told), ['busy', 'failed', 'busy', 'recovered']);
});

test('what no time will mend ends it', async () => {
  await assert.rejects(rounds([failing('PIN_WRONG')]), { code: 'PIN_WRONG' });
});

test('after a failure the next look comes before its time', async () => {
  const told = await rounds([failing('STORE_UNAVAILABLE'), () => RUN], { every: LONG });
  const pause = /again in (\d+) s/.exec(told[0]?.words ?? '')?.[1];
  assert.ok(Number(pause) <= 3);
});

test('what happens during a look has the next one follow at once', async () => {
  let news = new AbortController();
  const look: Look = () => {
    const before = news;
    news = new AbortController();
    before.abort();
    return RUN;
  };
  assert.deepEqual(await rounds([look, look, look], { every: LONG, hurry: () => news.signal }), []);
});

test('an anchor is never older than a day at the next look', () => {
  assert.deepEqual(dailyAtLeast(600), { olderThan: 85_800 });
  assert.deepEqual(dailyAtLeast(100_000), { olderThan: 0 });
});
