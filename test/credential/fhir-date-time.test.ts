import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readFhirDateTime } from '../../credential/fhir-date-time.ts';

for (const [text, date, at, time] of [
  ['2021-01-29', '2021-01-29', null, 'none'],
  ['2020-02-29', '2020-02-29', null, 'none'],
  ['1899-12-31', '1899-12-31', null, 'none'],
  ['2021-11-20T08:25:00-05:00', '2021-11-20', 1637414700, 'with-zone'],
  ['2021-11-20T13:25:00Z', '2021-11-20', 1637414700, 'with-zone'],
  ['2021-11-20T13:25:00.250Z', '2021-11-20', 1637414700.25, 'with-zone'],
  ['2021-11-20T13:25Z', '2021-11-20', 1637414700, 'with-zone'],
  ['2021-11-20T08:25:00', '2021-11-20', null, 'without-zone'],
  ['2021-11-20T08:25', '2021-11-20', null, 'without-zone'],
  ['2016-12-31T23:59:60Z', '2016-12-31', null, 'with-zone'],
  ['1969-12-31T23:59:59Z', '1969-12-31', null, 'with-zone'],
] as const) {
  test(`${text} is ${at === null ? 'a day' : 'an instant'}, its time ${time}`, () => {
    assert.deepEqual(readFhirDateTime(text), { date, at, time });
  });
}

test('the date is the one written, whatever the day is in another zone', () => {
  assert.equal(readFhirDateTime('2021-01-01T23:30:00-05:00')?.date, '2021-01-01');
  assert.equal(readFhirDateTime('2021-01-02T04:30:00Z')?.date, '2021-01-02');
});

for (const value of [
  '2021',
  '2021-01',
  '2021-02-29',
  '2021-13-01',
  '2021-1-1',
  '01/29/2021',
  '2021-01-29T',
  '2021-01-29T08',
  '2021-01-29T24:00:00Z',
  '2021-01-29T08:60:00Z',
  '2021-01-29T08:00:61Z',
  '2021-01-29T08:00:00+15:00',
  '2021-01-29T08:00:00z',
  '2021-01-29 08:00:00Z',
  '2021-01-29Z',
  ' 2021-01-29',
  '2021-01-29\n',
  '+2021-01-29',
  '',
  20210129,
  null,
  undefined,
  ['2021-01-29'],
]) {
  test(`${JSON.stringify(value)} names no day`, () => {
    assert.equal(readFhirDateTime(value), undefined);
  });
}

test('an instant is the one that the platform reads', () => {
  const times = fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(times, (time) => {
      assert.equal(readFhirDateTime(time.toISOString())?.at, time.getTime() / 1000);
    }),
  );
});
