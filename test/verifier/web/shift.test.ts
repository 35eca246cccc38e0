import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginShift } from '../../../verifier/web/shift.ts';

const guest = (
  name: string,
  birthDate: string | null = '1980-02-29',
): { name: string; birthDate: string | null } => ({
  name,
  birthDate,
});

test('who comes twice is noticed by name and birth date together', async () => {
  const shift = beginShift();
  assert.equal(await shift.meet(guest('Nora'), 0), false);
  assert.equal(await shift.meet(guest('Nora', '1981-02-28'), 1), false);
  assert.equal(await shift.meet(guest('Nora', null), 2), false);
  assert.equal(await shift.meet(guest('Nora'), 3), true);
});

test('one name in two spellings of Unicode is one name', async () => {
  const shift = beginShift();
  await shift.meet(guest('Zoe\u0308'), 0);
  assert.equal(await shift.meet(guest('Zoë'), 1), true);
});

test('a shift that is ended, or twelve hours old, remembers nobody', async () => {
  const shift = beginShift();
  await shift.meet(guest('Nora'), 0);
  shift.end();
  assert.equal(await shift.meet(guest('Nora'), 1), false);
  assert.equal(await shift.meet(guest('Nora'), 1 + 12 * 3600 - 1), true);
  assert.equal(await shift.meet(guest('Nora'), 1 + 12 * 3600), false);
});

test('fewer than ten different guests are not counted; more are, each once', async () => {
  const shift = beginShift();
  for (let number = 0; number < 9; number++) await shift.meet(guest(`Guest ${number}`), number);
  assert.equal(shift.count(10), null);
  await shift.meet(guest('Guest 9'), 10);
  await shift.meet(guest('Guest 9'), 11);
  assert.equal(shift.count(11), 10);
  shift.end();
  assert.equal(shift.count(12), null);
});
