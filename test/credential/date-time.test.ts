import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  dateTimeFromSeconds,
  isCalendarDate,
  MAX_SECONDS,
  secondsFromDateTime,
} from '../../credential/date-time.ts';

const malformed = { name: 'FormatError', code: 'MALFORMED' };

for (const [seconds, text] of [
  [0, '1970-01-01T00:00:00Z'],
  [1687450764.656, '2023-06-22T16:19:24.656Z'],
  [1687450764, '2023-06-22T16:19:24Z'],
  [1687450764.1, '2023-06-22T16:19:24.1Z'],
  [MAX_SECONDS, '5138-11-16T09:46:40Z'],
] as const) {
  test(`${seconds} seconds are written ${text}, and read back`, () => {
    assert.equal(dateTimeFromSeconds(seconds), text);
    assert.equal(secondsFromDateTime(text), seconds);
  });
}

test('every time comes back as the same number, whatever its fraction', () => {
  const seconds = fc.oneof(
    fc.double({ min: 1e-6, max: MAX_SECONDS, noNaN: true }),
    fc.nat(2 ** 31 - 1),
    fc.integer({ min: 0, max: 4e12 }).map((ms) => ms / 1000),
  );
  fc.assert(
    fc.property(seconds, (time) => {
      assert.equal(secondsFromDateTime(dateTimeFromSeconds(time)), time);
    }),
    { numRuns: 2000 },
  );
});

test('whole times are read as Date reads them, with any zone', () => {
  for (const text of ['2024-02-29T23:59:59Z', '2023-01-01T00:00:00+14:00', '2023-12-31T20:30:00-05:30']) {
    assert.equal(secondsFromDateTime(text), Date.parse(text) / 1000);
  }
});

for (const seconds of [-1, Number.NaN, Number.POSITIVE_INFINITY, MAX_SECONDS + 1, 1e-7, 1687450764656]) {
  test(`${seconds} is not written as a time`, () => {
    assert.throws(() => dateTimeFromSeconds(seconds), malformed);
  });
}

for (const text of [
  '2023-06-22',
  '2023-06-22T16:19:24',
  '2023-06-22 16:19:24Z',
  '2023-06-22T16:19Z',
  '2023-06-22t16:19:24z',
  '2023-06-22T16:19:24.Z',
  '2023-02-29T00:00:00Z',
  '2023-13-01T00:00:00Z',
  '2023-06-31T00:00:00Z',
  '2023-06-22T24:00:00Z',
  '2023-06-22T16:60:24Z',
  '2023-06-22T16:19:60Z',
  '2023-06-22T16:19:24+15:00',
  '2023-06-22T16:19:24+14:01',
  '2023-06-22T16:19:24+01:60',
  '2023-06-22T16:19:24+0100',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00+00:01',
  '5138-11-16T09:46:41Z',
  '9999-12-31T23:59:59Z',
  '+2023-06-22T16:19:24Z',
  '2023-06-22T16:19:24Z\n',
  '',
  1687450764,
  null,
  undefined,
]) {
  test(`${JSON.stringify(text)} is no time of a credential`, () => {
    assert.throws(() => secondsFromDateTime(text), malformed);
  });
}

test('dates are days of the calendar', () => {
  for (const date of ['1951-01-20', '2000-02-29', '0099-12-31', '1900-02-28'])
    assert.ok(isCalendarDate(date), date);
  for (const date of [
    '1900-02-29',
    '2021-04-31',
    '2021-00-01',
    '2021-1-1',
    '2021-01',
    '20210101',
    '',
    '2021-01-01T',
  ]) {
    assert.ok(!isCalendarDate(date), date);
  }
});
