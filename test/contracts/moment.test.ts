import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moment } from '../../contracts/moment.ts';

test('a moment is told to the second, one beyond the calendar by its number', () => {
  assert.equal(moment(1_787_407_387), '2026-08-22 14:03:07Z');
  assert.equal(moment(0n), '1970-01-01 00:00:00Z');
  assert.equal(moment(2n ** 255n), String(2n ** 255n));
});
