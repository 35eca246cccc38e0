import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPin, hashPin } from '../../../../verifier/web/lock/pin-hash.ts';

test('a PIN opens its own hash, and no other does', async () => {
  const hash = await hashPin('482913');
  assert.equal(await checkPin(hash, '482913'), true);
  assert.equal(await checkPin(hash, '482914'), false);
  assert.equal(await checkPin(hash, ''), false);
});

test('a hash is salted, names its own cost and does not contain the PIN', async () => {
  const [one, other] = [await hashPin('482913'), await hashPin('482913')];
  assert.notEqual(one, other);
  assert.match(one, /^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  assert.doesNotMatch(one, /482913/);
});

test('an accent is the same however a keyboard writes it', async () => {
  assert.equal(await checkPin(await hashPin('caf\u00e9-42'), 'cafe\u0301-42'), true);
});

test('what is no hash of ours opens to nothing, and costs nothing', async () => {
  const hash = await hashPin('482913');
  for (const other of [
    '',
    '482913',
    hash.replace('argon2id', 'argon2i'),
    hash.replace('m=65536', 'm=4194304'),
    hash.replace('t=3', 't=900000'),
    `${hash}A`,
    hash.slice(0, -1),
  ]) {
    assert.equal(await checkPin(other, '482913'), false, other);
  }
});
