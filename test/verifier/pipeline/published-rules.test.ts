import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ruleSetsAt } from '../../../verifier/pipeline/published-rules.ts';
import type { PublishedRules } from '../../../verifier/pipeline/trust-document.ts';

const rules = (
  version: number,
  validFrom: number,
  content: Partial<PublishedRules> = {},
): PublishedRules => ({
  jurisdiction: 'US-NO',
  id: 'ENTRY',
  version,
  validFrom,
  digest: `0x${'12'.repeat(32)}`,
  uri: '',
  ...content,
});

/** The versions in force and to come at 1000. */
function at1000(...published: readonly PublishedRules[]): readonly [number | undefined, ...number[]] {
  const [set] = ruleSetsAt(published, 1000);
  assert.ok(set);
  return [set.inForce?.version, ...set.toCome.map(({ version }) => version)];
}

test('the highest version that has begun is in force, whenever the others began', () => {
  assert.deepEqual(at1000(rules(1, 100)), [1]);
  assert.deepEqual(at1000(rules(1, 100), rules(2, 1000)), [2]);
  assert.deepEqual(at1000(rules(1, 900), rules(2, 100)), [2]);
});

test('a version published ahead of time leaves the one before in force until then', () => {
  assert.deepEqual(at1000(rules(1, 100), rules(2, 1001)), [1, 2]);
  assert.deepEqual(at1000(rules(1, 2000)), [undefined, 1]);
  assert.deepEqual(at1000(rules(1, 100), rules(2, 2000), rules(4, 3000)), [1, 2, 4]);
});

test('a version that a higher one overtook before it began never comes', () => {
  assert.deepEqual(at1000(rules(1, 100), rules(2, 5000), rules(3, 900)), [3]);
  assert.deepEqual(at1000(rules(1, 100), rules(2, 5000), rules(3, 4000)), [1, 3]);
  assert.deepEqual(at1000(rules(1, 100), rules(2, 4000), rules(3, 4000)), [1, 3]);
});

test('a version without digest ends the rule set when it begins', () => {
  const ended = rules(2, 1000, { digest: null });
  assert.equal(ruleSetsAt([rules(1, 100), ended], 999)[0]?.inForce?.version, 1);
  assert.equal(ruleSetsAt([rules(1, 100), ended], 1000)[0]?.inForce, ended);
});

test('ids and jurisdictions do not mix', () => {
  const sets = ruleSetsAt(
    [rules(1, 1), rules(9, 1, { id: 'EXIT' }), rules(5, 1, { jurisdiction: 'US-NJ' })],
    5,
  );
  assert.deepEqual(
    sets.map(({ jurisdiction, id, inForce }) => [jurisdiction, id, inForce?.version]),
    [
      ['US-NO', 'ENTRY', 1],
      ['US-NJ', 'ENTRY', 5],
      ['US-NO', 'EXIT', 9],
    ],
  );
});

test('what is to come is in force when it was said to be, as long as nothing else is published', () => {
  const starts = fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(starts, fc.nat({ max: 50 }), fc.nat({ max: 60 }), (from, now, later) => {
      const published = from.map((validFrom, index) => rules(index + 1, validFrom));
      const [set] = ruleSetsAt(published, now);
      assert.ok(set);
      const told = [set.inForce, ...set.toCome].findLast(
        (each) => each !== undefined && each.validFrom <= Math.max(now, later),
      );
      assert.equal(ruleSetsAt(published, Math.max(now, later))[0]?.inForce, told);
    }),
  );
});
