import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PRODUCTS, windowOf } from '../../agent/products.ts';
import type { ProductName } from '../../agent/products.ts';
import { at, newYork } from './records.ts';

const { numbers, zone } = newYork();

function windowAround(name: ProductName, date: string, moment: string | null = null): readonly string[] {
  const evidence = { date, at: moment === null ? null : at(moment) };
  const { from, until } = windowOf(PRODUCTS[name], evidence, numbers, zone);
  return [from, until].map((time) => (time === undefined ? 'never' : new Date(time * 1000).toISOString()));
}

test('a Vaccination Pass counts from the fourteenth day to the end of the 365th', () => {
  // From standard time into daylight-saving time and back: midnight is at 05:00, then at 04:00 UTC.
  assert.deepEqual(windowAround('vaccination-pass', '2021-03-10'), [
    '2021-03-24T04:00:00.000Z',
    '2022-03-11T05:00:00.000Z',
  ]);
  assert.deepEqual(windowAround('vaccination-pass', '2021-10-30'), [
    '2021-11-13T05:00:00.000Z',
    '2022-10-31T04:00:00.000Z',
  ]);
});

test('365 days over a leap day end a day earlier in the calendar', () => {
  assert.equal(windowAround('vaccination-pass', '2023-06-01')[1], '2024-06-01T04:00:00.000Z');
  assert.equal(windowAround('vaccination-pass', '2024-02-29')[1], '2025-03-01T05:00:00.000Z');
});

test('a Vaccination Plus counts from the fifteenth day and never ends', () => {
  assert.deepEqual(windowAround('vaccination-plus', '2021-11-02'), ['2021-11-17T05:00:00.000Z', 'never']);
});

test('a PCR Pass and a PCR Plus count to midnight of the third day, also where the clock changes on the way', () => {
  for (const name of ['pcr-pass', 'pcr-plus'] as const) {
    assert.equal(
      windowAround(name, '2021-11-05', '2021-11-05T20:00:00-04:00')[1],
      '2021-11-09T05:00:00.000Z',
    );
    assert.equal(windowAround(name, '2021-03-12')[1], '2021-03-16T04:00:00.000Z');
  }
});

test('an Antigen Pass and an Antigen Plus count for six hours, whatever the clock on the wall says', () => {
  for (const name of ['antigen-pass', 'antigen-plus'] as const) {
    const moment = '2021-11-07T00:30:00-04:00';
    assert.deepEqual(windowAround(name, '2021-11-07', moment), [
      '2021-11-07T04:30:00.000Z',
      '2021-11-07T10:30:00.000Z',
    ]);
  }
});

test('a window follows the numbers of its value set', () => {
  const { until } = windowOf(
    PRODUCTS['vaccination-pass'],
    { date: '2021-03-10', at: null },
    newYork({ validDays: 180 }).numbers,
    zone,
  );
  assert.equal(until, at('2021-09-07T04:00:00Z'));
});
