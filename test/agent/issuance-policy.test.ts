import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingPolicy } from '../../agent/issuance-policy.ts';
import { NEW_YORK } from './records.ts';

test('the policy of New York counts by its value set and its days', () => {
  const { name, numbers, zone } = countingPolicy(NEW_YORK);
  assert.equal(name, 'US-NY/COVID-19 1.0.0');
  assert.equal(zone.name, 'America/New_York');
  assert.deepEqual(
    [numbers.waitDays, numbers.validDays, numbers.plusWaitDays, numbers.pcrDays, numbers.antigenHours],
    [14, 365, 15, 3, 6],
  );
});

test('a policy that cannot be counted by is refused', () => {
  const valueSet = JSON.parse(NEW_YORK.valueSet) as { numbers: object; tests: object };
  const { pcrDays: _pcrDays, ...numbers } = valueSet.numbers as Record<string, number>;
  for (const policy of [
    { ...NEW_YORK, timeZone: 'America/Gotham' },
    { ...NEW_YORK, valueSet: '{' },
    { ...NEW_YORK, valueSet: '{}' },
    { ...NEW_YORK, valueSet: JSON.stringify({ ...valueSet, numbers }) },
    { ...NEW_YORK, valueSet: JSON.stringify({ ...valueSet, tests: {} }) },
  ]) {
    assert.throws(() => countingPolicy(policy), { name: 'IssuerError', code: 'POLICY_INVALID' });
  }
});
