import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { dayNumber, plusDays, timeZone, yearsBetween } from '../../credential/civil-time.ts';
import { FormatError } from '../../credential/errors.ts';
import { Temporal } from '../support/temporal.ts';

// Held against Temporal, which is another implementation than the Intl.DateTimeFormat that is under test, over the same
// time zone database.

const seconds = (dateTime: string): number => Date.parse(dateTime) / 1000;
const civil = (instant: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(Math.floor(instant) * 1000)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();

/** The first second of a civil day, and the civil days before it and of it. */
const midnights: readonly (readonly [zone: string, date: string, start: string, why: string])[] = [
  ['America/New_York', '2021-03-14', '2021-03-14T05:00:00Z', 'a day of 23 hours begins in winter time'],
  ['America/New_York', '2021-03-15', '2021-03-15T04:00:00Z', 'and the next in summer time'],
  ['America/New_York', '2021-11-07', '2021-11-07T04:00:00Z', 'a day of 25 hours begins in summer time'],
  ['America/New_York', '2021-11-08', '2021-11-08T05:00:00Z', 'and the next in winter time'],
  ['Asia/Beirut', '2021-03-28', '2021-03-27T22:00:00Z', 'midnight is skipped: the day begins at 1 o’clock'],
  ['Africa/Cairo', '2023-04-28', '2023-04-27T22:00:00Z', 'as in Egypt'],
  ['America/Santiago', '2021-09-05', '2021-09-05T04:00:00Z', 'and in Chile'],
  ['America/Santiago', '2021-04-04', '2021-04-04T04:00:00Z', 'an hour before midnight comes twice'],
  ['America/Havana', '2021-11-07', '2021-11-07T04:00:00Z', 'midnight comes twice: the first begins the day'],
  ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', 'the last day east of the date line'],
  ['Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', 'follows it: there was no 30th'],
  ['Asia/Kathmandu', '2021-06-01', '2021-05-31T18:15:00Z', 'quarters of an hour'],
  ['Australia/Lord_Howe', '2021-04-05', '2021-04-04T13:30:00Z', 'half an hour of summer time'],
  ['Australia/Lord_Howe', '2021-10-04', '2021-10-03T13:00:00Z', 'and back'],
  ['Pacific/Kiritimati', '2021-06-01', '2021-05-31T10:00:00Z', 'the farthest east'],
  ['Etc/GMT+12', '2021-06-01', '2021-06-01T12:00:00Z', 'the farthest west'],
  [
    'America/St_Johns',
    '2010-11-07',
    '2010-11-07T03:30:00Z',
    'after the minute that the day before took back',
  ],
  ['Africa/Monrovia', '1971-06-01', '1971-06-01T00:44:30Z', 'an offset of seconds'],
  ['UTC', '2024-02-29', '2024-02-29T00:00:00Z', 'a leap day'],
];

describe('a civil day begins at its first instant, which is not always midnight', () => {
  for (const [name, date, start, why] of midnights) {
    test(`${date} in ${name}: ${why}`, () => {
      const zone = timeZone(name);
      assert.equal(zone.startOf(date), seconds(start));
      assert.equal(zone.dateOf(seconds(start)), date);
      assert.ok(zone.dateOf(seconds(start) - 1) < date);
    });
  }
});

test('a day that a zone skipped begins with the day after it', () => {
  assert.equal(timeZone('Pacific/Apia').startOf('2011-12-30'), seconds('2011-12-30T10:00:00Z'));
});

test('where clocks go back over midnight, the minute before is of the day that comes again', () => {
  const { dateOf } = timeZone('America/St_Johns');
  assert.equal(dateOf(seconds('2010-11-07T02:30:59Z')), '2010-11-07');
  assert.equal(dateOf(seconds('2010-11-07T02:30:59Z') + 0.9), '2010-11-07');
  assert.equal(dateOf(seconds('2010-11-07T02:31:00Z')), '2010-11-06');
  assert.equal(dateOf(seconds('2010-11-07T03:29:59Z')), '2010-11-06');
  assert.equal(dateOf(seconds('2010-11-07T03:30:00Z')), '2010-11-07');
});

test('an offset for a zone is exact to the minute', () => {
  const { dateOf, startOf } = timeZone('+05:07');
  assert.equal(dateOf(seconds('2021-05-31T18:52:59Z')), '2021-05-31');
  assert.equal(dateOf(seconds('2021-05-31T18:53:00Z')), '2021-06-01');
  assert.equal(startOf('2021-06-01'), seconds('2021-05-31T18:53:00Z'));
});

test('a fraction of a second belongs to the second that has begun', () => {
  const { dateOf } = timeZone('America/New_York');
  assert.equal(dateOf(seconds('2021-06-01T04:00:00Z') - 0.001), '2021-05-31');
  assert.equal(dateOf(seconds('2021-06-01T04:00:00Z') + 0.999), '2021-06-01');
});

test('a zone that does not exist is an error', () => {
  for (const name of ['America/Nowhere', '', 'New York', '+25:00', '../etc/passwd']) {
    assert.throws(() => timeZone(name), FormatError, name);
  }
});

test('a moment beyond the years 1 to 9999 has no date, rather than a wrong one', () => {
  for (const name of ['America/New_York', 'UTC', 'Pacific/Kiritimati']) {
    const { dateOf } = timeZone(name);
    for (const moment of ['0000-01-01T00:00:00Z', '0000-06-01T00:00:00Z', '-000044-03-15T00:00:00Z']) {
      assert.throws(() => dateOf(seconds(moment)), FormatError, moment);
    }
    assert.throws(() => dateOf(seconds('+010000-01-02T00:00:00Z')), FormatError);
  }
  const { dateOf } = timeZone('America/New_York');
  assert.equal(dateOf(seconds('0001-06-01T12:00:00Z')), '0001-06-01');
  assert.equal(dateOf(seconds('9999-06-01T12:00:00Z')), '9999-06-01');
});

// A few days a zone: the whole of 1990 to 2040 takes minutes.
const zones = Intl.supportedValuesOf('timeZone');
const days = fc.integer({ min: dayNumber('1990-01-01'), max: dayNumber('2040-12-31') });
const isSkipped = (date: string, zone: string): boolean =>
  Temporal.PlainDate.from(date).toZonedDateTime(zone).toPlainDate().toString() !== date;

test('in every zone of the database each day begins where Temporal has it, and a second before is an earlier day', () => {
  assert.ok(zones.length > 400);
  let skipped = 0;
  for (const name of zones) {
    const { dateOf, startOf } = timeZone(name);
    for (const day of fc.sample(days, { numRuns: 30, seed: zones.indexOf(name) })) {
      const date = plusDays('1970-01-01', day);
      if (isSkipped(date, name)) {
        skipped++;
        continue;
      }
      const start = startOf(date);
      const expected = Temporal.PlainDate.from(date).toZonedDateTime(name);
      assert.equal(start, expected.epochMilliseconds / 1000, `${name} ${date}`);
      assert.equal(dateOf(start), date, `${name} ${date}`);
      assert.ok(dateOf(start - 1) < date, `${name} ${date}`);
    }
  }
  assert.ok(skipped < 5);
});

test('in every zone each day on which its clocks change begins where Temporal has it', () => {
  let changes = 0;
  for (const name of zones) {
    const { startOf } = timeZone(name);
    let at = Temporal.PlainDate.from('2019-01-01').toZonedDateTime(name);
    for (
      let next = at.getTimeZoneTransition('next');
      next !== null;
      next = at.getTimeZoneTransition('next')
    ) {
      if (next.year > 2026) break;
      at = next;
      changes++;
      for (const step of [-1, 0, 1]) {
        const date = at.toPlainDate().add({ days: step });
        const start = date.toZonedDateTime(name).epochMilliseconds / 1000;
        assert.equal(startOf(date.toString()), start, `${name} ${date.toString()}`);
      }
    }
  }
  assert.ok(changes > 1500, String(changes));
});

test('in every zone any instant from 1900 on has the date that Temporal gives it', () => {
  const instant = fc.integer({ min: seconds('1900-01-01T00:00:00Z'), max: seconds('2050-01-01T00:00:00Z') });
  fc.assert(
    fc.property(fc.constantFrom(...zones), instant, (name, moment) => {
      assert.equal(timeZone(name).dateOf(moment), civil(moment, name));
    }),
    { numRuns: 5000 },
  );
});

test('days are counted over leap years and changes of clocks alike', () => {
  assert.equal(dayNumber('1970-01-01'), 0);
  assert.equal(dayNumber('2020-03-01') - dayNumber('2020-02-28'), 2);
  assert.equal(dayNumber('2021-03-01') - dayNumber('2021-02-28'), 1);
  assert.equal(dayNumber('2100-03-01') - dayNumber('2100-02-28'), 1);
  assert.equal(plusDays('2020-02-29', 365), '2021-02-28');
  assert.equal(plusDays('2020-02-28', 366), '2021-02-28');
  assert.equal(plusDays('2021-02-28', 365), '2022-02-28');
  assert.equal(plusDays('2023-03-01', 365), '2024-02-29');
  assert.equal(plusDays('2021-11-02', 14), '2021-11-16');
  assert.equal(plusDays('2021-01-01', -1), '2020-12-31');
});

test('days of any two dates are as far apart as Temporal says, in any year', () => {
  const date = fc
    .integer({ min: dayNumber('0001-01-01'), max: dayNumber('9998-12-31') })
    .map((day) => plusDays('1970-01-01', day));
  fc.assert(
    fc.property(date, date, (one, other) => {
      const { days: apart } = Temporal.PlainDate.from(one).until(other, { largestUnit: 'days' });
      assert.equal(dayNumber(other) - dayNumber(one), apart);
      assert.equal(plusDays(one, apart), other);
    }),
    { numRuns: 2000 },
  );
});

test('a year of age is reached on the birthday, and of a leap day’s child on 1 March', () => {
  assert.equal(yearsBetween('1980-02-29', '2021-02-28'), 40);
  assert.equal(yearsBetween('1980-02-29', '2021-03-01'), 41);
  assert.equal(yearsBetween('1980-02-29', '2020-02-28'), 39);
  assert.equal(yearsBetween('1980-02-29', '2020-02-29'), 40);
  assert.equal(yearsBetween('2010-06-15', '2022-06-14'), 11);
  assert.equal(yearsBetween('2010-06-15', '2022-06-15'), 12);
});
