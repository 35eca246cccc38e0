import assert from 'node:assert/strict';
import { test } from 'node:test';

import { RetrievalLimited } from '../../../agent/retrieval/retrieval-limits.ts';
import { codeOf } from '../../../agent/store-fault.ts';
import { codeIn, HERE, NOBODY, otherThan, retrievalFixture, ZOE } from './retrieval-fixture.ts';
import type { RetrievalFixture } from './retrieval-fixture.ts';

const en = { language: 'en' } as const;
const elsewhere = (group: number) => ({ addressGroup: `group ${group}`, wanted: 'a pass' });
const DAY = 86_400;

test('for one person, somebody or nobody, five are begun in an hour and ten in a day', async (t) => {
  for (const person of [ZOE, NOBODY]) {
    const { retrieval, pass } = await retrievalFixture(t);
    const begun = async (tries: number): Promise<number> => {
      let count = 0;
      for (let time = 0; time < tries; time++) {
        // From ever other addresses.
        const answer = retrieval.begin({ ...person, ...en }, elsewhere(time));
        await answer.then(
          () => count++,
          (error: unknown) => {
            assert.ok(error instanceof RetrievalLimited);
            assert.ok(error.retryAfter > 0 && error.retryAfter <= DAY);
          },
        );
      }
      return count;
    };
    assert.deepEqual(
      [await begun(8), pass(3601), await begun(8), pass(3601), await begun(8)],
      [5, undefined, 5, undefined, 0],
    );
    pass(DAY);
    assert.equal(await begun(8), 5);
  }
});

test('from one group of addresses, and altogether, there is an end as well, and it survives a restart', async (t) => {
  const limits = { address: { count: 3, seconds: 60 }, all: { count: 5, seconds: 600 } };
  const before = await retrievalFixture(t, { limits });
  const ask = async ({ retrieval }: RetrievalFixture, place: number, group: number): Promise<unknown> =>
    retrieval.begin({ ...NOBODY, given: 'abcdefghij'[place] ?? '', ...en }, elsewhere(group));
  for (let place = 0; place < 3; place++) await ask(before, place, 1);
  await assert.rejects(ask(before, 3, 1), { code: 'RETRIEVAL_LIMITED', retryAfter: 60 });
  const after = await before.restart();
  await assert.rejects(ask(after, 3, 1), { code: 'RETRIEVAL_LIMITED' });
  await ask(after, 3, 2);
  after.pass(61);
  await ask(after, 4, 1);
  await assert.rejects(ask(after, 5, 3), { code: 'RETRIEVAL_LIMITED', retryAfter: 539 });
});

/** Tries wrong codes, whatever it takes, until it is refused with a lock; the answer is how many were wrong. */
async function guess(fixture: RetrievalFixture, person: typeof ZOE): Promise<number> {
  const { retrieval, pass, work } = fixture;
  for (let wrong = 0, round = 0; round < 40; round++) {
    const begun = await retrieval.begin({ ...person, ...en }, elsewhere(round)).catch(codeOf);
    if (begun === 'RETRIEVAL_LOCKED') return wrong;
    if (typeof begun === 'string') {
      pass(DAY);
      continue;
    }
    await work();
    for (let time = 0; time < 5; time++) {
      const code = otherThan(codeIn(fixture.phone.sent.at(-1)));
      const answer: unknown = await retrieval.complete(begun.id, code, elsewhere(round)).catch(codeOf);
      if (answer === 'RETRIEVAL_LOCKED') return wrong;
      assert.equal(answer, 'CODE_WRONG');
      wrong++;
    }
  }
  return Infinity;
}

test('after a hundred wrong codes a person is locked, somebody or nobody, over a restart and for a year', async (t) => {
  for (const person of [ZOE, NOBODY]) {
    const fixture = await retrievalFixture(t);
    assert.equal(await guess(fixture, person), 100);
    const after = await fixture.restart();
    // A year from the last of them, which was days after the first.
    after.pass(364 * DAY);
    await assert.rejects(after.retrieval.begin({ ...person, ...en }, HERE), { code: 'RETRIEVAL_LOCKED' });
    after.pass(2 * DAY);
    await after.retrieval.begin({ ...person, ...en }, HERE);
  }
});

test('another spelling gets no more codes for the same person, and learns nothing of it', async (t) => {
  const fixture = await retrievalFixture(t);
  const { retrieval, work, pass, phone } = fixture;
  assert.equal(await guess(fixture, ZOE), 100);
  phone.sent.length = 0;
  pass(2 * DAY);
  const { id } = await retrieval.begin({ ...ZOE, given: 'Zoë Ann', ...en }, HERE);
  await work();
  assert.equal(phone.sent.length, 0);
  await assert.rejects(retrieval.complete(id, '12345678', HERE), { code: 'CODE_WRONG' });
  const { steps } = fixture.state.counters.summary(fixture.state.clock());
  assert.equal(steps['held-back'], 1);
});

test('spelt in many ways a person is sent no more than ten messages a day', async (t) => {
  const { retrieval, work, pass, phone } = await retrievalFixture(t);
  for (let hour = 0; hour < 4; hour++) {
    for (const given of ['Zoë', 'Zoë Ann']) {
      for (let time = 0; time < 5; time++) {
        await retrieval.begin({ ...ZOE, given, ...en }, HERE).catch(() => undefined);
      }
    }
    await work();
    pass(3600);
  }
  assert.equal(phone.sent.length, 10);
});

test('the right code after a lock under another spelling is a wrong one', async (t) => {
  const fixture = await retrievalFixture(t, { limits: { failures: { count: 5, seconds: DAY } } });
  const { retrieval, work, phone } = fixture;
  const mine = await retrieval.begin({ ...ZOE, ...en }, HERE);
  await work();
  const code = codeIn(phone.sent[0]);
  const theirs = await retrieval.begin({ ...ZOE, given: 'Zoë Ann', ...en }, HERE);
  await work();
  for (let time = 0; time < 5; time++) {
    await assert.rejects(retrieval.complete(theirs.id, otherThan(codeIn(phone.sent[1])), HERE), {
      code: 'CODE_WRONG',
    });
  }
  await assert.rejects(retrieval.complete(mine.id, code, HERE), { code: 'CODE_WRONG' });
});

test('the right code forgives the wrong ones before it', async (t) => {
  const fixture = await retrievalFixture(t, { limits: { failures: { count: 6, seconds: DAY } } });
  const { retrieval, work, phone } = fixture;
  for (let round = 0; round < 4; round++) {
    const { id } = await retrieval.begin({ ...ZOE, ...en }, HERE);
    await work();
    const code = codeIn(phone.sent.at(-1));
    for (let time = 0; time < 4; time++) {
      await assert.rejects(retrieval.complete(id, otherThan(code), HERE), { code: 'CODE_WRONG' });
    }
    assert.equal((await retrieval.complete(id, code, HERE)).records.length, 1);
  }
});

test('wrong codes from one group of addresses, or altogether, come to an end before any right one', async (t) => {
  const limits = { addressFailures: { count: 3, seconds: 60 }, allFailures: { count: 4, seconds: 600 } };
  const { retrieval, work, phone } = await retrievalFixture(t, { limits });
  const { id } = await retrieval.begin({ ...ZOE, ...en }, HERE);
  await work();
  const code = codeIn(phone.sent[0]);
  for (let time = 0; time < 3; time++) {
    await assert.rejects(retrieval.complete(id, otherThan(code), elsewhere(1)), { code: 'CODE_WRONG' });
  }
  await assert.rejects(retrieval.complete(id, code, elsewhere(1)), { code: 'RETRIEVAL_LIMITED' });
  await assert.rejects(retrieval.complete(id, otherThan(code), elsewhere(2)), { code: 'CODE_WRONG' });
  await assert.rejects(retrieval.complete(id, code, elsewhere(3)), { code: 'RETRIEVAL_LIMITED' });
});

test('a try is on disk before it is answered', async (t) => {
  const before = await retrievalFixture(t);
  const { id } = await before.retrieval.begin({ ...ZOE, ...en }, HERE);
  await before.work();
  const code = codeIn(before.phone.sent[0]);
  let fixture = before;
  for (let time = 0; time < 5; time++) {
    await assert.rejects(fixture.retrieval.complete(id, otherThan(code), HERE), { code: 'CODE_WRONG' });
    fixture = await fixture.restart();
  }
  await assert.rejects(fixture.retrieval.complete(id, code, HERE), { code: 'RETRIEVAL_ENDED' });
});
