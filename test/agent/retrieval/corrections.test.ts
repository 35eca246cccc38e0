import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { RecordTable } from '../../../agent/records/record-table.ts';
import { MESSAGE_LANGUAGES } from '../../../agent/retrieval/code-message.ts';
import {
  CORRECTION_OUTCOMES,
  CORRECTION_WORDS,
  type CorrectionOutcome,
} from '../../../agent/retrieval/correction-words.ts';
import { newTrackingNumber, readTrackingNumber } from '../../../agent/retrieval/tracking-number.ts';
import { HERE, NOBODY, retrievalFixture, ZOE, zoeRecord } from './retrieval-fixture.ts';

const en = { language: 'en' } as const;
const look = { ...HERE, ...en };

test('a tracking number is read as people type it, and no wrong symbol or exchanged pair passes', () => {
  const numbers = Array.from({ length: 500 }, () => newTrackingNumber(randomBytes));
  assert.equal(new Set(numbers).size, numbers.length);
  for (const number of numbers.slice(0, 60)) {
    assert.match(number, /^(?:[0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]$/);
    const typed = number.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    assert.equal(readTrackingNumber(typed), number);
    const plain = number.replaceAll('-', '');
    for (const [at, symbol] of [...plain].entries()) {
      for (const other of '0123456789ABCDEFGHJKMNPQRSTVWXYZ') {
        if (other !== symbol)
          assert.throws(() => readTrackingNumber(plain.slice(0, at) + other + plain.slice(at + 1)), {
            code: 'CORRECTION_INVALID',
          });
      }
      const next = plain.charAt(at + 1);
      const isBlind = [symbol, next].toSorted().join('') === '0Z';
      if (next === '' || next === symbol || isBlind) continue;
      assert.throws(() => readTrackingNumber(plain.slice(0, at) + next + symbol + plain.slice(at + 2)), {
        code: 'CORRECTION_INVALID',
      });
    }
  }
  for (const none of ['', '0', 'ABCD', `${'0'.repeat(21)}0`, 'UUUU-UUUU-UUUU-UUUU-UUUU-U']) {
    assert.throws(() => readTrackingNumber(none), { code: 'CORRECTION_INVALID' });
  }
});

test('a request goes from open to work to its end, and its number tells where it is in each language', async (t) => {
  const { corrections, pass, state } = await retrievalFixture(t);
  const number = await corrections.file({ ...ZOE, words: 'My phone is new.', reach: '212 555 0199' }, HERE);
  assert.equal((await corrections.status(number, look)).state, 'open');
  const [open] = await corrections.list('open');
  assert.deepEqual(
    [open?.number, open?.words, open?.family, open?.step],
    [number, 'My phone is new.', ZOE.family, null],
  );
  pass(60);
  await corrections.take(number, 'clerk-7');
  const inWork = await corrections.status(number.toLowerCase(), look);
  assert.deepEqual([inWork.state, inWork.changedAt], ['in-work', Math.floor(state.clock())]);
  await corrections.resolve(number, 'clerk-7', { outcome: 'contact-corrected' });
  for (const language of MESSAGE_LANGUAGES) {
    const { state: at, sentence } = await corrections.status(number, { ...HERE, language });
    assert.equal(at, 'done');
    assert.equal(sentence, CORRECTION_WORDS[language]['contact-corrected']);
  }
  assert.deepEqual(await corrections.list('open'), []);
  assert.equal((await corrections.list('done')).length, 1);
  const { steps } = state.counters.summary(state.clock());
  assert.deepEqual([steps.correction, steps.corrected], [1, 1]);
});

test('every outcome has its sentence and state, none with anything of the person', async (t) => {
  const { corrections } = await retrievalFixture(t);
  for (const [outcome, expected] of Object.entries(CORRECTION_OUTCOMES) as [CorrectionOutcome, string][]) {
    const number = await corrections.file({ ...ZOE, words: 'x' }, HERE);
    await corrections.take(number, 'a');
    await corrections.resolve(number, 'a', { outcome });
    const said = await corrections.status(number, look);
    assert.equal(said.state, expected);
    assert.deepEqual(Object.keys(said), ['state', 'sentence', 'changedAt']);
    assert.doesNotMatch(said.sentence, /Canary|Zoë|1980/);
  }
});

test('two clerks do not work on one request, unless one takes it over', async (t) => {
  const { corrections } = await retrievalFixture(t);
  const number = await corrections.file({ ...ZOE, words: 'x' }, HERE);
  await assert.rejects(corrections.resolve(number, 'a', { outcome: 'unlocked' }), {
    code: 'CORRECTION_STATE',
  });
  const both = await Promise.allSettled([corrections.take(number, 'a'), corrections.take(number, 'b')]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  await assert.rejects(corrections.resolve(number, 'b', { outcome: 'unlocked' }), {
    code: 'CORRECTION_STATE',
  });
  await corrections.take(number, 'b', { over: true });
  await assert.rejects(corrections.resolve(number, 'a', { outcome: 'unlocked' }), {
    code: 'CORRECTION_STATE',
  });
  await corrections.resolve(number, 'b', { outcome: 'unlocked' });
  await assert.rejects(corrections.take(number, 'b', { over: true }), { code: 'CORRECTION_STATE' });
});

test('staff see at which step it failed; whoever names another person’s retrieval brings none of it', async (t) => {
  const { retrieval, corrections, work } = await retrievalFixture(t, {
    records: [zoeRecord(1, { telecom: [] })],
  });
  const expected = [
    [ZOE, 'no-contact'],
    [{ ...ZOE, postalCode: '10002' }, 'other-zip'],
    [NOBODY, 'no-record'],
  ] as const;
  const filed: string[] = [];
  for (const [person, step] of expected) {
    const { id } = await retrieval.begin({ ...person, ...en }, HERE);
    await work();
    filed.push(id);
    const number = await corrections.file({ ...person, words: '', retrieval: id }, HERE);
    assert.equal((await corrections.get(number)).step, step);
    assert.deepEqual(await corrections.status(number, look).then(({ state }) => state), 'open');
  }
  for (const id of [filed[0] ?? '', '../x', 'x'.repeat(1000), '']) {
    const number = await corrections.file({ ...NOBODY, given: 'Eve', words: '', retrieval: id }, HERE);
    const { step, retrieval: named, tags } = await corrections.get(number);
    assert.deepEqual([step, named, tags.length], [null, undefined, 1]);
  }
});

test('staff unlock a person who was locked by others, as asked for and as found', async (t) => {
  const limits = { failures: { count: 5, seconds: 86_400 } };
  const { retrieval, corrections, work, phone } = await retrievalFixture(t, { limits });
  const { id } = await retrieval.begin({ ...ZOE, ...en }, HERE);
  await work();
  for (let time = 0; time < 5; time++) await retrieval.complete(id, '00000000', HERE).catch(() => undefined);
  await assert.rejects(retrieval.begin({ ...ZOE, ...en }, HERE), { code: 'RETRIEVAL_LOCKED' });
  const number = await corrections.file({ ...ZOE, words: 'I am locked out.', retrieval: id }, HERE);
  await corrections.take(number, 'a');
  await corrections.resolve(number, 'a', { outcome: 'unlocked' });
  phone.sent.length = 0;
  const again = await retrieval.begin({ ...ZOE, ...en }, HERE);
  await work();
  assert.equal(
    (await retrieval.complete(again.id, /\d{8}/.exec(phone.sent[0]?.text ?? '')?.[0] ?? '', HERE)).records
      .length,
    1,
  );
});

test('a lock under a stranger’s spelling goes too, when staff have found the record', async (t) => {
  const limits = { failures: { count: 5, seconds: 86_400 } };
  const { retrieval, corrections, work, phone, store } = await retrievalFixture(t, { limits });
  const { id } = await retrieval.begin({ ...ZOE, given: 'Zoë Ann', ...en }, HERE);
  await work();
  for (let time = 0; time < 5; time++) await retrieval.complete(id, '00000000', HERE).catch(() => undefined);
  phone.sent.length = 0;
  const ask = async (): Promise<number> => {
    await retrieval.begin({ ...ZOE, ...en }, HERE);
    await work();
    return phone.sent.length;
  };
  assert.equal(await ask(), 0);
  const number = await corrections.file({ ...ZOE, words: 'No code comes.' }, HERE);
  await corrections.take(number, 'a');
  const found = await new RecordTable(store).source('New York').find(ZOE, AbortSignal.timeout(9000));
  await corrections.resolve(number, 'a', { outcome: 'unlocked', found });
  assert.equal(await ask(), 1);
});

test('requests and looks at them have limits, and what is too long is refused', async (t) => {
  const limits = { corrections: { count: 2, seconds: 60 }, looks: { count: 3, seconds: 60 } };
  const { corrections, pass } = await retrievalFixture(t, { limits });
  const file = async (): Promise<string> => corrections.file({ ...ZOE, words: 'x' }, HERE);
  await assert.rejects(corrections.file({ ...ZOE, words: 'x'.repeat(1001) }, HERE), {
    code: 'CORRECTION_INVALID',
  });
  await assert.rejects(corrections.file({ ...ZOE, words: '', reach: 'x'.repeat(201) }, HERE), {
    code: 'CORRECTION_INVALID',
  });
  await assert.rejects(corrections.file({ ...ZOE, birthDate: 'x', words: '' }, HERE), {
    code: 'RETRIEVAL_INVALID',
  });
  const number = await file();
  await file();
  await assert.rejects(file(), { code: 'RETRIEVAL_LIMITED' });
  await assert.rejects(corrections.status(newTrackingNumber(randomBytes), look), {
    code: 'CORRECTION_UNKNOWN',
  });
  await corrections.status(number, look);
  await corrections.status(number, look);
  await assert.rejects(corrections.status(number, look), { code: 'RETRIEVAL_LIMITED' });
  pass(61);
  await file();
  await corrections.status(number, look);
});
