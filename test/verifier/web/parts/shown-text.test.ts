import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownText } from '../../../../verifier/web/parts/shown-text.ts';

test('bidirectional marks, controls and invisible characters are not shown', () => {
  assert.equal(shownText('\u202eDILAV\u202c'), 'DILAV');
  assert.equal(shownText('No\u200bra\u2066\u00ad N\u0000obody\u2028'), 'No ra N obody');
  assert.doesNotMatch(shownText('\u2800\u3164x\u{e0041}'), /[\u3164\u{e0041}]/u);
});

test('a tower of marks on one letter is cut to what scripts use', () => {
  const tower = `Z${'\u0301'.repeat(50)}algo`;
  assert.equal(shownText(tower), `Z${'\u0301'.repeat(4)}algo`);
});

test('what is too long is cut between characters', () => {
  const shown = shownText('😀'.repeat(200), 10);
  assert.equal(shown, `${'😀'.repeat(9)}…`);
  assert.equal(shownText('x'.repeat(100_000)).length, 120);
});

test('names of all scripts stay what they are', () => {
  for (const name of ['Nguyễn Thị Minh', 'محمد عبد الله', '陳大文', 'שרה כהן', 'আবদুল করিম', 'Łukasz Żółć']) {
    assert.equal(shownText(name), name);
  }
});
