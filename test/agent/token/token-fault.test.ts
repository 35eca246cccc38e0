import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IssuerError } from '../../../agent/issuer-error.ts';
import { isLost, tokenFault } from '../../../agent/token/token-fault.ts';

/** An error as the binding throws it. */
function answered(code: number): Error {
  return Object.assign(new Error('CKR_SOMETHING'), { name: 'Pkcs11Error', code });
}

test('what a token answers has a code of ours, and a sentence without the library’s words', () => {
  const expected: readonly (readonly [number, string])[] = [
    [0x31, 'TOKEN_FULL'],
    [0x32, 'TOKEN_ABSENT'],
    [0x70, 'KEY_UNSUPPORTED'],
    [0xa0, 'PIN_WRONG'],
    [0xa2, 'PIN_WRONG'],
    [0xa3, 'PIN_NOT_SET'],
    [0xa4, 'PIN_LOCKED'],
    [0xb3, 'TOKEN_FAULT'],
    [0xe0, 'TOKEN_ABSENT'],
    [0x102, 'PIN_NOT_SET'],
    [0x80000001, 'TOKEN_FAULT'],
  ];
  for (const [result, code] of expected) {
    const fault = tokenFault(answered(result));
    assert.equal(fault.code, code, result.toString(16));
    assert.match(fault.message, /^The (token|PIN) .*[^.]\.$/);
    assert.doesNotMatch(fault.message, /CKR_/);
  }
  assert.equal(tokenFault(new TypeError('a card')).code, 'TOKEN_FAULT');
  assert.doesNotMatch(tokenFault(new TypeError('a card')).message, /a card/);
  const ours = new IssuerError('PIN_MISSING', 'There is none.');
  assert.equal(tokenFault(ours), ours);
});

test('a new session is tried after what a new session can mend, and never after a refused PIN', () => {
  for (const result of [0x05, 0x30, 0x32, 0x60, 0x82, 0xb0, 0xb3, 0xe0, 0x101, 0x190]) {
    assert.equal(isLost(answered(result)), true, result.toString(16));
  }
  for (const result of [0x31, 0x70, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0x102]) {
    assert.equal(isLost(answered(result)), false, result.toString(16));
  }
  assert.equal(isLost(new IssuerError('PIN_WRONG', '')), false);
  assert.equal(isLost(new TypeError()), false);
});
