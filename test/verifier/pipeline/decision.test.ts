import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OUTCOME_OF_CODE, outcomeOf } from '../../../verifier/pipeline/decision.ts';
import type { FailureCode, Outcome } from '../../../verifier/pipeline/decision.ts';

const codesOf = (outcome: Outcome): FailureCode[] =>
  (Object.keys(OUTCOME_OF_CODE) as (keyof typeof OUTCOME_OF_CODE)[]).filter(
    (code): code is FailureCode => code !== 'VALID' && OUTCOME_OF_CODE[code] === outcome,
  );

const REJECTED = codesOf('rejected');
const UNDETERMINED = codesOf('undetermined');
const UNREADABLE = codesOf('unreadable');

/** Section 6: what stands beside any undetermined code, and what only beside those of anchored or allowed data. */
const ALWAYS: readonly FailureCode[] = ['SIGNATURE_INVALID', 'EXPIRED', 'HOLDER_NOT_PROVEN'];
const ON_ALLOWED_DATA: readonly FailureCode[] = ['REVOKED', 'KEY_COMPROMISED', 'ISSUER_WITHDRAWN'];

test('the table is closed: 13 rejections, 10 undetermined, 5 unreadable codes and VALID', () => {
  assert.deepEqual(
    [REJECTED.length, UNDETERMINED.length, UNREADABLE.length, Object.keys(OUTCOME_OF_CODE).length],
    [13, 10, 5, 29],
  );
});

test('no failure is accepted', () => {
  assert.equal(outcomeOf([]), 'accepted');
});

for (const code of [...REJECTED, ...UNDETERMINED, ...UNREADABLE]) {
  test(`${code} alone is ${OUTCOME_OF_CODE[code]}`, () => {
    assert.equal(outcomeOf([code]), OUTCOME_OF_CODE[code]);
  });
}

for (const rejection of REJECTED) {
  test(`${rejection} beside each undetermined code, in either order`, () => {
    for (const doubt of UNDETERMINED) {
      const stands =
        ALWAYS.includes(rejection) || (ON_ALLOWED_DATA.includes(rejection) && doubt !== 'TRUST_UNANCHORED');
      const expected = stands ? 'rejected' : 'undetermined';
      assert.equal(outcomeOf([rejection, doubt]), expected, `${rejection} + ${doubt}`);
      assert.equal(outcomeOf([doubt, rejection]), expected, `${doubt} + ${rejection}`);
    }
  });
}

test('an unreadable code outranks every other', () => {
  for (const unreadable of UNREADABLE) {
    for (const other of [...REJECTED, ...UNDETERMINED]) {
      assert.equal(outcomeOf([other, unreadable]), 'unreadable', `${other} + ${unreadable}`);
    }
  }
});

test('two rejections reject, two undetermined codes leave it undetermined', () => {
  for (const a of REJECTED) for (const b of REJECTED) assert.equal(outcomeOf([a, b]), 'rejected');
  for (const a of UNDETERMINED) for (const b of UNDETERMINED) assert.equal(outcomeOf([a, b]), 'undetermined');
});

test('a revocation from unanchored data never rejects, whatever doubt stands beside it', () => {
  for (const rejection of ON_ALLOWED_DATA) {
    assert.equal(outcomeOf([rejection, 'TRUST_UNANCHORED', 'TRUST_STALE']), 'undetermined');
  }
});
