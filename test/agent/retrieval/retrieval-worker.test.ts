import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';

import type { RecordSource } from '../../../agent/records/record-source.ts';
import { RecordTable } from '../../../agent/records/record-table.ts';
import { RetrievalWorker } from '../../../agent/retrieval/retrieval-worker.ts';
import { HERE, NOBODY, retrievalFixture, ZOE } from './retrieval-fixture.ts';

const en = { language: 'en' } as const;

test('a search that is broken off is made again, and is no miss', async (t) => {
  const silent: RecordSource = { name: 'Vermont', find: () => new Promise(() => {}) };
  const fixture = await retrievalFixture(t);
  const { retrieval, state, pass, phone } = fixture;
  const worker = new RetrievalWorker(state, {
    sources: [silent],
    senders: [],
    issuer: 'x',
    deadlineMs: 60_000,
  });
  const { id } = await retrieval.begin({ ...ZOE, ...en }, HERE);
  pass(3);
  const stop = new AbortController();
  const looking = worker.lookUpDue(stop.signal);
  await sleep(50);
  stop.abort();
  await looking;
  assert.equal((await state.retrievals.get(id))?.step, null);
  await fixture.work();
  assert.equal(phone.sent.length, 1);
});

test('a source that is down keeps nobody else’s search waiting', async (t) => {
  const silent: RecordSource = { name: 'Vermont', find: () => new Promise(() => {}) };
  const { retrieval, state, store, pass } = await retrievalFixture(t);
  const worker = new RetrievalWorker(state, {
    sources: [silent, new RecordTable(store).source('New York')],
    senders: [],
    issuer: 'x',
    deadlineMs: 300,
  });
  for (let at = 0; at < 40; at++) {
    await retrieval.begin({ ...NOBODY, given: `A${'abcdefghij'[at % 10]}${'klmnop'[at % 4]}`, ...en }, HERE);
  }
  pass(3);
  const begun = performance.now();
  while ((await worker.lookUpDue()) > 0);
  assert.ok(performance.now() - begun < 5000);
  assert.equal(state.counters.summary(state.clock()).steps.undetermined, 40);
});

test('a store that fails is told and tried again until told to stop', async (t) => {
  const { retrieval, state, store, worker: _, pass } = await retrievalFixture(t);
  const faults: string[] = [];
  const worker = new RetrievalWorker(state, {
    sources: [],
    senders: [],
    issuer: 'x',
    onFault: (code) => faults.push(code),
  });
  await retrieval.begin({ ...ZOE, ...en }, HERE);
  pass(3);
  const stop = new AbortController();
  await store.close();
  const running = worker.run(stop.signal);
  while (faults.length < 4) await sleep(20);
  stop.abort();
  await running;
  assert.deepEqual([...new Set(faults)], ['STORE_UNAVAILABLE']);
});

test('a code that would be good for less than a minute is not sent', async (t) => {
  const { retrieval, state, work, worker, pass, phone } = await retrievalFixture(t);
  await retrieval.begin({ ...ZOE, ...en }, HERE);
  pass(3);
  await worker.lookUpDue();
  pass(560);
  await worker.sendDue();
  await retrieval.begin({ ...ZOE, ...en }, HERE);
  pass(560);
  await work();
  assert.equal(phone.sent.length, 0);
  assert.equal(state.counters.summary(state.clock()).steps['not-sent'], 1);
});
