import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { codeHash, newCode, readCode, whichCode } from '../../../agent/retrieval/one-time-code.ts';

test('a code has eight digits, leading zeros among them, each as likely as any other', () => {
  const codes = Array.from({ length: 20_000 }, () => newCode(randomBytes));
  const digits = Array.from({ length: 8 }, () => Array<number>(10).fill(0));
  for (const code of codes) {
    assert.match(code, /^\d{8}$/);
    for (const [at, digit] of [...code].entries()) {
      const counts = digits[at];
      if (counts !== undefined) counts[Number(digit)] = (counts[Number(digit)] ?? 0) + 1;
    }
  }
  // 2,000 each; six standard deviations.
  for (const count of digits.flat()) assert.ok(Math.abs(count - 2000) < 255, String(count));
});

test('a number that would make the first codes likelier is drawn again', () => {
  const drawn = [
    Buffer.from('ffffffff', 'hex'),
    Buffer.from('fa56ea00', 'hex'),
    Buffer.from('00000007', 'hex'),
  ];
  assert.equal(
    newCode(() => drawn.shift() ?? Buffer.alloc(4)),
    '00000007',
  );
  assert.equal(
    newCode(() => Buffer.from('fa56e9ff', 'hex')),
    '99999999',
  );
});

test('a hash is that of one code of one retrieval', () => {
  const hashes = [codeHash('a', '11111111'), codeHash('a', '22222222')];
  assert.equal(whichCode(hashes, 'a', '22222222'), 1);
  assert.equal(whichCode(hashes, 'a', '33333333'), -1);
  assert.equal(whichCode(hashes, 'b', '22222222'), -1);
  assert.equal(whichCode([...hashes, ''], 'a', '11111111'), 0);
  assert.doesNotMatch(hashes.join(), /11111111|22222222/);
});

test('spaces and dashes in a code are no part of it', () => {
  assert.equal(readCode(' 1234-5678 '), '12345678');
  for (const none of ['', '1234567', '123456789', '1234567a', '１２３４５６７８'])
    assert.equal(readCode(none), undefined);
});
