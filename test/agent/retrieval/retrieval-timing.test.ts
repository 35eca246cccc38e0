import assert from 'node:assert/strict';
import { test } from 'node:test';

import { codeIn, HERE, otherThan, retrievalFixture, zoeRecord } from './retrieval-fixture.ts';
import { assertOverlap } from './overlap.ts';
import { registryRecord } from '../records/people.ts';

const SAMPLES = 300;
const FREE = { count: 1e9, seconds: 3600 };
const limits = {
  personHour: FREE,
  personDay: FREE,
  address: FREE,
  all: FREE,
  failures: FREE,
  addressFailures: FREE,
  allFailures: FREE,
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

// Names of one length for somebody and for nobody, and a fair mixture of both over time.
const hit = (at: number) => ({ ...asked, given: `Zoe${letters(at % 50)}` });
const miss = (at: number) => ({ ...asked, given: `Ada${letters(at % 50)}` });
const letters = (at: number): string => String.fromCharCode(97 + Math.floor(at / 25), 97 + (at % 25));
const asked = { family: 'Canary', birthDate: '1980-02-29', postalCode: '10001', language: 'en' } as const;
const records = [
  ...Array.from({ length: 50 }, (_, at) =>
    zoeRecord(at + 1, { name: [{ family: 'Canary', given: [`Zoe${letters(at)}`] }] }),
  ),
  ...Array.from({ length: 20 }, (_, at) => registryRecord(at + 100, { birthDate: '1980-02-29' })),
];

test('the answer to somebody takes as long as that to nobody, and so does a wrong code', async (t) => {
  const { retrieval, work, state, phone } = await retrievalFixture(t, { records, limits });
  const [begin, complete] = [
    { hit: [] as number[], miss: [] as number[] },
    { hit: [] as number[], miss: [] as number[] },
  ];
  const ids: { kind: 'hit' | 'miss'; id: string }[] = [];
  for (let at = 0; at < SAMPLES + 20; at++) {
    const order = at % 2 === 0 ? (['hit', 'miss'] as const) : (['miss', 'hit'] as const);
    for (const kind of order) {
      const person = kind === 'hit' ? hit(at) : miss(at);
      let id = '';
      const taken = await timed(async () => ({ id } = await retrieval.begin(person, HERE)));
      // The first ones warm up.
      if (at >= 20) begin[kind].push(taken);
      ids.push({ kind, id });
    }
  }
  assertOverlap('begin', begin);

  await work();
  const { steps } = state.counters.summary(state.clock());
  assert.deepEqual([steps.found, steps['no-record'], phone.sent.length], [320, 320, 320]);
  const sent = new Set(phone.sent.map((message) => codeIn(message)));
  const wrong = ['11111111', '22222222', '33333333'].find((code) => !sent.has(code)) ?? otherThan('');
  for (const [at, { kind, id }] of ids.entries()) {
    const taken = await timed(async () =>
      assert.rejects(retrieval.complete(id, wrong, HERE), { code: 'CODE_WRONG' }),
    );
    if (at >= 40) complete[kind].push(taken);
  }
  assertOverlap('complete', complete);
});
