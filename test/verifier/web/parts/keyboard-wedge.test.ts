import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyboardWedge } from '../../../../verifier/web/parts/keyboard-wedge.ts';

const CARD = `shc:/${'5676'.repeat(20)}`;

function type(wedge: ReturnType<typeof keyboardWedge>, text: string, from = 0, step = 5): unknown {
  let last: unknown;
  Array.from(text).forEach((key, place) => (last = wedge.press(key, from + place * step)));
  return last;
}

test('what a hand scanner types is one text, ended by Enter or Tab', () => {
  for (const end of ['Enter', 'Tab']) {
    const wedge = keyboardWedge();
    assert.equal(type(wedge, CARD), 'taken');
    assert.deepEqual(wedge.press(end, 1000), { text: CARD });
    assert.equal(wedge.rest(), undefined);
  }
});

test('a scanner that sends no end is taken at rest', () => {
  const wedge = keyboardWedge();
  type(wedge, CARD);
  assert.equal(wedge.rest(), CARD);
});

test('a person’s Enter stays theirs, and so do their first letters', () => {
  const wedge = keyboardWedge();
  assert.equal(wedge.press('Enter', 0), undefined);
  assert.equal(wedge.press('a', 10), undefined);
  assert.equal(wedge.press('Enter', 20), undefined);
});

test('a pause ends what was typed before: two people’s typing is not one card', () => {
  const wedge = keyboardWedge();
  type(wedge, 'not a card at all, only somebody typing', 0);
  type(wedge, CARD, 5000);
  assert.deepEqual(wedge.press('Enter', 6000), { text: CARD });
});

test('keys that write nothing are none of it', () => {
  const wedge = keyboardWedge();
  type(wedge, CARD.slice(0, 10));
  assert.equal(wedge.press('Shift', 60), undefined);
  type(wedge, CARD.slice(10), 70);
  assert.deepEqual(wedge.press('Enter', 600), { text: CARD });
});
