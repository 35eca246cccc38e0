import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { timeZone } from '../../credential/civil-time.ts';
import type { TestResult } from '../../credential/health-record.ts';
import { testFacts } from '../../credential/test-facts.ts';
import type { TestKindFacts } from '../../credential/test-facts.ts';
import { codebookOf, readValueSet } from '../../credential/value-set.ts';

const codebook = codebookOf(
  readValueSet({
    format: 'pratique-value-set-1',
    jurisdiction: 'US-NO',
    id: 'VALUES',
    version: '1.0.0',
    title: { en: 'Tests of Nowhere' },
    numbers: {},
    vaccines: [],
    tests: { pcr: ['loinc|P'], antigen: ['loinc|A'] },
  }),
);
const zone = timeZone('America/New_York');
const seconds = (dateTime: string): number => Date.parse(dateTime) / 1000;
const NOW = '2021-11-20T12:00:00-05:00';

/** A result as a record has it: a day, or an instant whose day is New York's. */
function result(kind: string, outcome: TestResult['result'], when: string): TestResult {
  const at = when.length === 10 ? null : seconds(when);
  return {
    date: at === null ? when : zone.dateOf(at),
    at,
    codes: { loinc: [kind], other: [] },
    result: outcome,
    performers: [],
    records: 1,
  };
}

const negative = (when: string, kind = 'P') => result(kind, 'negative', when);
const positive = (when: string, kind = 'P') => result(kind, 'positive', when);

/** The facts of PCR tests at noon of 2021-11-20 in New York. */
function pcr(tests: readonly TestResult[], event?: string, now = NOW): TestKindFacts {
  const moment = { now: seconds(now), event: event === undefined ? undefined : seconds(event), zone };
  const facts = testFacts(tests, codebook, moment)['pcr'];
  assert.ok(facts !== undefined);
  return facts;
}

test('each kind of the value set has its facts, none of them without results', () => {
  const none = { negative: null, timedNegative: null, negativeBeforeEvent: null, positive: null };
  const moment = { now: seconds(NOW), event: undefined, zone };
  assert.deepEqual(testFacts([], codebook, moment), { pcr: none, antigen: none });
  const { antigen, pcr: other } = testFacts([negative('2021-11-19', 'A')], codebook, moment);
  assert.deepEqual([antigen?.negative?.date, other], ['2021-11-19', none]);
});

test('a code that is listed nowhere is no test, and a result that is neither says nothing', () => {
  const { negative: found, positive: other } = pcr([
    negative('2021-11-19', 'unlisted'),
    result('P', 'other', '2021-11-19'),
  ]);
  assert.deepEqual([found, other], [null, null]);
});

test('the newest negative result counts, by day and then by instant', () => {
  const facts = pcr([
    negative('2021-11-18'),
    negative('2021-11-19T08:00:00-05:00'),
    negative('2021-11-19T09:00:00-05:00'),
    negative('2021-11-19'),
    negative('2021-11-17T09:00:00-05:00'),
  ]);
  const at = seconds('2021-11-19T09:00:00-05:00');
  const expected = { date: '2021-11-19', at, daysSince: 1, hoursSince: 27, positiveSince: false };
  assert.deepEqual([facts.negative, facts.timedNegative], [expected, expected]);
});

test('a newer result without a time is the newest, and none that has a time', () => {
  const facts = pcr([negative('2021-11-18T12:00:00-05:00'), negative('2021-11-19')]);
  assert.deepEqual([facts.negative?.date, facts.negative?.hoursSince], ['2021-11-19', null]);
  assert.deepEqual([facts.timedNegative?.date, facts.timedNegative?.hoursSince], ['2021-11-18', 48]);
});

test('hours are begun hours: a second more is another hour', () => {
  const hours = (when: string) => pcr([negative(when)]).negative?.hoursSince;
  assert.equal(hours('2021-11-20T12:00:00-05:00'), 0);
  assert.equal(hours('2021-11-20T11:59:59-05:00'), 1);
  assert.equal(hours('2021-11-20T06:00:00-05:00'), 6);
  assert.equal(hours('2021-11-20T05:59:59-05:00'), 7);
});

test('days are those of the zone, whatever zone the time was written in', () => {
  const { negative: found } = pcr([negative('2021-11-20T02:00:00Z')]);
  assert.deepEqual([found?.date, found?.daysSince, found?.hoursSince], ['2021-11-19', 1, 15]);
});

test('days are counted by the calendar over a day of 25 hours, hours by the clock', () => {
  const found = pcr([negative('2021-11-06T12:00:00-04:00')], undefined, '2021-11-07T12:00:00-05:00').negative;
  assert.deepEqual([found?.daysSince, found?.hoursSince], [1, 25]);
});

describe('a result that is still to come', () => {
  for (const when of ['2021-11-21', '2021-11-20T12:00:01-05:00', '2021-11-20T17:30:00Z']) {
    test(`counts for nothing: ${when}`, () => {
      assert.equal(pcr([negative(when)]).negative, null);
      assert.equal(pcr([negative(when)], '2021-11-22T00:00:00Z').negativeBeforeEvent, null);
      assert.equal(pcr([positive(when)]).positive, null);
    });
    test(`counts against every negative one if it is positive: ${when}`, () => {
      assert.equal(pcr([negative('2021-11-19'), positive(when)]).negative?.positiveSince, true);
    });
  }
});

describe('a positive result counts against a negative one unless it is known to be earlier', () => {
  const since = (negativeWhen: string, positiveWhen: string, kind = 'P') =>
    pcr([negative(negativeWhen), positive(positiveWhen, kind)]).negative?.positiveSince;

  test('of an earlier day it does not', () => {
    assert.equal(since('2021-11-19', '2021-11-18'), false);
    assert.equal(since('2021-11-19', '2021-11-18T23:59:00-05:00'), false);
    assert.equal(since('2021-11-19T00:00:00-05:00', '2021-11-18'), false);
  });

  test('of a later day it does', () => {
    assert.equal(since('2021-11-18', '2021-11-19'), true);
    assert.equal(since('2021-11-18T23:59:59-05:00', '2021-11-19'), true);
  });

  test('of the same day it does if either has no time', () => {
    assert.equal(since('2021-11-19', '2021-11-19'), true);
    assert.equal(since('2021-11-19T23:00:00-05:00', '2021-11-19'), true);
    assert.equal(since('2021-11-19', '2021-11-19T00:00:00-05:00'), true);
  });

  test('of the same day with times it does unless it is a moment earlier', () => {
    assert.equal(since('2021-11-19T09:00:00-05:00', '2021-11-19T08:59:59-05:00'), false);
    assert.equal(since('2021-11-19T09:00:00-05:00', '2021-11-19T09:00:00-05:00'), true);
    assert.equal(since('2021-11-19T09:00:00-05:00', '2021-11-19T14:00:01Z'), true);
    assert.equal(since('2021-11-19T09:00:00-05:00', '2021-11-19T13:59:59Z'), false);
  });

  test('of whichever listed kind it is', () => {
    assert.equal(since('2021-11-18', '2021-11-19', 'A'), true);
    assert.equal(since('2021-11-18', '2021-11-19', 'unlisted'), false);
  });

  test('the newest positive one is told by itself', () => {
    const { positive: found } = pcr([positive('2021-11-10'), positive('2021-11-12'), negative('2021-11-13')]);
    assert.deepEqual([found?.date, found?.daysSince], ['2021-11-12', 8]);
  });
});

describe('the negative result before an event', () => {
  const before = (event: string, ...tests: readonly TestResult[]) => pcr(tests, event).negativeBeforeEvent;

  test('is none without an event', () => {
    assert.equal(pcr([negative('2021-11-19')]).negativeBeforeEvent, null);
  });

  test('is told with the begun hours from the sample to the event', () => {
    const sample = negative('2021-11-18T19:00:00-05:00');
    assert.equal(before('2021-11-21T19:00:00-05:00', sample)?.hoursBefore, 72);
    assert.equal(before('2021-11-21T19:00:01-05:00', sample)?.hoursBefore, 73);
    assert.equal(before('2021-11-18T19:00:00-05:00', sample)?.hoursBefore, 0);
    assert.equal(before('2021-11-18T18:59:59-05:00', sample), null);
  });

  test('without a time counts from the beginning of its day, where it is oldest', () => {
    const sample = negative('2021-11-18');
    assert.equal(before('2021-11-21T00:00:00-05:00', sample)?.hoursBefore, 72);
    assert.equal(before('2021-11-21T00:00:01-05:00', sample)?.hoursBefore, 73);
  });

  test('is not the newest one if that was taken after it', () => {
    const found = before(
      '2021-11-19T12:00:00-05:00',
      negative('2021-11-19T13:00:00-05:00'),
      negative('2021-11-19T11:00:00-05:00'),
    );
    assert.equal(found?.hoursBefore, 1);
  });

  test('is doubted by a positive one after it, before the event or after', () => {
    const sample = negative('2021-11-18T19:00:00-05:00');
    for (const when of ['2021-11-19', '2021-11-18T19:00:00-05:00', '2021-11-30']) {
      assert.equal(before('2021-11-19T20:00:00-05:00', sample, positive(when))?.positiveSince, true, when);
    }
    assert.equal(before('2021-11-19T20:00:00-05:00', sample, positive('2021-11-17'))?.positiveSince, false);
  });
});
