import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shippedRules } from '../../../../verifier/node/shipped-rules.ts';
import { findAmong } from '../../../../verifier/pipeline/rules/published.ts';
import { readySet } from '../../../../verifier/pipeline/rules/ready-rules.ts';
import { ruleFilesOf } from '../../../../verifier/pipeline/rules/rule-files.ts';

const find = findAmong(ruleFilesOf(shippedRules().map(({ text }) => text)));
const readyAt = (moment: string): unknown => {
  const { ready } = readySet('US-NY/ENTRY', Date.parse(moment) / 1000, find);
  return typeof ready === 'string' ? ready : ready.set.version;
};

test('a rule set before its own window is not yet in force, after it it has ended', () => {
  assert.equal(readyAt('2020-12-31T23:59:59.999Z'), 'NOT_YET_IN_FORCE');
  assert.equal(readyAt('2021-01-01T00:00:00Z'), '1.0.0');
  assert.equal(readyAt('2035-12-31T23:59:59.999Z'), '1.0.0');
  assert.equal(readyAt('2036-01-01T00:00:00Z'), 'ENDED');
});
