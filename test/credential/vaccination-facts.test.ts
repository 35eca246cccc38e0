import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Dose } from '../../credential/health-record.ts';
import { countedDoses, vaccinationFacts } from '../../credential/vaccination-facts.ts';
import type { VaccinationFacts } from '../../credential/vaccination-facts.ts';
import { codebookOf, readValueSet } from '../../credential/value-set.ts';

const codebook = codebookOf(
  readValueSet({
    format: 'pratique-value-set-1',
    jurisdiction: 'US-NO',
    id: 'VALUES',
    version: '1.0.0',
    title: { en: 'Vaccines of Nowhere' },
    numbers: {},
    vaccines: [
      { product: 'Moderna', codes: ['cvx|207'], dosesInSeries: 2, daysBetween: 24 },
      { product: 'Pfizer', codes: ['cvx|208'], dosesInSeries: 2, daysBetween: 17 },
      { product: 'Janssen', codes: ['cvx|212'], dosesInSeries: 1, daysBetween: 24 },
      { product: 'Children', codes: ['cvx|219'], dosesInSeries: 3, daysBetween: 17 },
    ],
    tests: {},
  }),
);
const TODAY = '2021-12-31';

/** Doses as a record has them, each `date code`. */
function dosesOf(...written: readonly string[]): readonly Dose[] {
  return written.map((one) => {
    const [date = '', ...cvx] = one.split(' ');
    return { date, at: null, codes: { cvx, snomed: [], icd11: [], other: [] }, performers: [], records: 1 };
  });
}

const counted = (written: readonly string[], birthDate: string | null = null, today = TODAY) =>
  countedDoses(dosesOf(...written), codebook, birthDate, today).map(({ dose }) => dose.date);

function facts(...written: readonly string[]): VaccinationFacts {
  return vaccinationFacts(countedDoses(dosesOf(...written), codebook, null, TODAY), TODAY);
}

describe('a dose counts', () => {
  test('if it is of a listed product', () => {
    assert.deepEqual(counted(['2021-01-01 207', '2021-03-01 999', '2021-04-01']), ['2021-01-01']);
  });

  test('up to and including today', () => {
    assert.deepEqual(counted(['2021-12-31 207', '2022-01-01 207']), ['2021-12-31']);
  });

  test('from the day of birth on, as exactly as that is known', () => {
    const doses = ['2019-05-31', '2020-06-15', '2021-06-30'];
    const since = (birthDate: string | null) =>
      counted(
        doses.map((date) => `${date} 207`),
        birthDate,
      );
    assert.deepEqual(since('2020-06-15'), doses.slice(1));
    assert.deepEqual(since('2020-06-16'), doses.slice(2));
    assert.deepEqual(since('2020-06'), doses.slice(1));
    assert.deepEqual(since('2020-07'), doses.slice(2));
    assert.deepEqual(since('2020'), doses.slice(1));
    assert.deepEqual(since(null), doses);
  });

  test('as many days after the one before as its product asks for, and not a day sooner', () => {
    assert.deepEqual(counted(['2021-01-01 208', '2021-01-18 208']), ['2021-01-01', '2021-01-18']);
    assert.deepEqual(counted(['2021-01-01 208', '2021-01-17 208']), ['2021-01-01']);
    assert.deepEqual(counted(['2021-01-01 207', '2021-01-24 207']), ['2021-01-01']);
    assert.deepEqual(counted(['2021-01-01 207', '2021-01-25 207']), ['2021-01-01', '2021-01-25']);
  });

  test('by the days to the last one that counts, not to one that came too soon', () => {
    assert.deepEqual(counted(['2021-01-01 208', '2021-01-11 208', '2021-01-18 208']), [
      '2021-01-01',
      '2021-01-18',
    ]);
  });

  test('by the interval of its own product where products are mixed', () => {
    assert.deepEqual(counted(['2021-01-01 207', '2021-01-18 208']), ['2021-01-01', '2021-01-18']);
    assert.deepEqual(counted(['2021-01-01 208', '2021-01-18 207']), ['2021-01-01']);
  });

  test('over a leap day and a change of the year', () => {
    assert.deepEqual(counted(['2020-02-12 208', '2020-02-29 208']), ['2020-02-12', '2020-02-29']);
    assert.deepEqual(counted(['2019-12-31 208', '2020-01-17 208']), ['2019-12-31', '2020-01-17']);
  });
});

test('of no dose nothing is said', () => {
  assert.deepEqual(facts(), {
    doses: 0,
    needed: null,
    completed: null,
    daysSinceCompleted: null,
    product: null,
    boosters: 0,
    last: null,
    daysSinceLast: null,
    next: null,
  });
});

test('after the first of two doses it is known when the next one counts', () => {
  assert.deepEqual(facts('2021-11-02 208'), {
    doses: 1,
    needed: 2,
    completed: null,
    daysSinceCompleted: null,
    product: 'Pfizer',
    boosters: 0,
    last: '2021-11-02',
    daysSinceLast: 59,
    next: '2021-11-19',
  });
});

test('the dose that completes the series dates it, and a booster does not move it', () => {
  const { last, daysSinceLast, doses, boosters, ...series } = facts('2021-01-01 208', '2021-01-22 208');
  assert.deepEqual([last, doses, boosters], ['2021-01-22', 2, 0]);
  assert.equal(series.completed, '2021-01-22');
  assert.equal(series.daysSinceCompleted, 343);
  assert.equal(daysSinceLast, 343);
  const boosted = facts('2021-01-01 208', '2021-01-22 208', '2021-09-01 207');
  assert.deepEqual(
    { ...boosted },
    { ...series, doses: 3, boosters: 1, last: '2021-09-01', daysSinceLast: 121 },
  );
});

test('a product of one dose is complete at once, and completes what another began', () => {
  assert.equal(facts('2021-05-01 212').completed, '2021-05-01');
  const mixed = facts('2021-03-01 208', '2021-05-01 212');
  assert.deepEqual([mixed.completed, mixed.needed, mixed.product], ['2021-05-01', 1, 'Janssen']);
});

test('one dose of it, recorded under two days, is no dose and its booster', () => {
  const { doses, boosters, last } = facts('2021-05-01 212', '2021-05-02 212');
  assert.deepEqual({ doses, boosters, last }, { doses: 1, boosters: 0, last: '2021-05-01' });
});

test('of mixed products the one that asks for most counts', () => {
  const two = facts('2021-01-01 219', '2021-02-01 208');
  assert.deepEqual([two.completed, two.needed, two.next], [null, 3, '2021-02-18']);
  const three = facts('2021-01-01 219', '2021-02-01 208', '2021-03-01 208');
  assert.deepEqual([three.completed, three.needed, three.boosters], ['2021-03-01', 3, 0]);
  assert.equal(facts('2021-01-01 208', '2021-02-01 207').completed, '2021-02-01');
});

test('a dose that is no part of the series makes it neither complete nor longer', () => {
  const { completed, needed, boosters } = facts('2021-01-01 208', '2021-02-01 208', '2021-03-01 219');
  assert.deepEqual({ completed, needed, boosters }, { completed: '2021-02-01', needed: 2, boosters: 1 });
});
