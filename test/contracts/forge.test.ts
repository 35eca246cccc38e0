import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runForge, sentence } from './forge.ts';

// Fuzz tests and invariants in test/forge, a little of each; the rest is in `npm run test:deep`.
const results = await runForge('default');

for (const contract of new Set(results.map((result) => result.contract))) {
  describe(`forge: ${contract}`, () => {
    for (const result of results.filter((one) => one.contract === contract)) {
      test(sentence(result), () => assert.ok(result.passed, result.report));
    }
  });
}

test('forge ran every kind of test', () => {
  const kinds = new Set(results.map(({ name }) => name.replace(/_.*$/, '')));
  assert.deepEqual([...kinds].toSorted(), ['invariant', 'test', 'testFuzz']);
});
