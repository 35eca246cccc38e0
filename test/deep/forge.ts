import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { forgeTests, runForge, sentence } from '../contracts/forge.ts';

const tests = await forgeTests();

for (const contract of new Set(tests.map((one) => one.contract))) {
  describe(`forge: ${contract}`, { concurrency: 2 }, () => {
    for (const one of tests.filter((other) => other.contract === contract)) {
      test(sentence(one), async (t) => {
        const [result] = await runForge('deep', one);
        assert.ok(result !== undefined, 'forge ran it');
        t.diagnostic(result.report);
        assert.ok(result.passed, result.report);
      });
    }
  });
}
