import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conclude } from '../../../../verifier/pipeline/conclude.ts';
import { OUTCOME_OF_CODE, type FailureCode } from '../../../../verifier/pipeline/decision.ts';
import { nextSteps } from '../../../../verifier/pipeline/words/next-steps.ts';

const codes = Object.keys(OUTCOME_OF_CODE).filter((code): code is FailureCode => code !== 'VALID');

test('every code asks for something', () => {
  for (const code of codes) assert.ok(nextSteps(conclude({ codes: [code] })).length > 0, code);
  assert.deepEqual(nextSteps(conclude({ codes: [] })), ['compare-id']);
});

test('only a rejection says not to accept, only what could not be checked asks for another proof meanwhile', () => {
  for (const code of codes) {
    const steps = nextSteps(conclude({ codes: [code] }));
    assert.equal(steps.includes('do-not-accept'), OUTCOME_OF_CODE[code] === 'rejected', code);
    assert.equal(steps.includes('ask-other-proof'), OUTCOME_OF_CODE[code] === 'undetermined', code);
  }
});

test('codes that did not make the outcome have no say, and a step is said once', () => {
  assert.deepEqual(nextSteps(conclude({ codes: ['TRUST_STALE', 'EXPIRED', 'REVOKED'] })), [
    'do-not-accept',
    'renew-card',
  ]);
  assert.deepEqual(nextSteps(conclude({ codes: ['TRUST_STALE', 'STATUS_MISSING', 'ISSUER_UNKNOWN'] })), [
    'synchronise',
    'ask-other-proof',
  ]);
});
