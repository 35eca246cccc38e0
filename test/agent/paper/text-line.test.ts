import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openSync } from 'fontkit';
import { breakable, lineFragments } from '../../../agent/paper/text-line.ts';

/** The pieces of a line as they stand on paper, from the left to the right. */
const drawn = (line: string): readonly string[] =>
  lineFragments(line)
    .map(({ text }) => text)
    .filter((text) => text !== ' ');

describe('a line stands on paper as it is read', () => {
  test('from the left', () => {
    assert.deepEqual(drawn('Nora Nobody'), ['Nora', 'Nobody']);
  });

  test('from the right: the first word is the rightmost', () => {
    assert.deepEqual(drawn('محمد علي حسن'), ['حسن', 'علي', 'محمد']);
    assert.deepEqual(drawn('שרה לוי'), ['לוי', 'שרה']);
  });

  test('both ways: numbers and foreign words keep their own, brackets face what they hold', () => {
    assert.deepEqual(drawn('محمد (علي) Smith 12'), ['Smith', '12', '(', 'علي', ')', 'محمد']);
    assert.deepEqual(drawn('Smith محمد علي Jr'), ['Smith', 'علي', 'محمد', 'Jr']);
  });

  test('each script in its font', () => {
    const fonts = lineFragments('Chan 陳 حسن').map(({ font }) => font.name);
    assert.equal(new Set(fonts).size, 3);
  });
});

test('letters of Arabic are joined: each has the form of its place in the word', () => {
  const [fragment] = lineFragments('محمد');
  assert.ok(fragment);
  const font = openSync(fragment.font.path);
  const joined = font.layout('محمد').glyphs.map(({ id }) => id);
  const alone = Array.from('محمد', (letter) => font.layout(letter).glyphs[0]?.id);
  // Drawn from the left: the last letter, which joins only to its right, comes first.
  assert.equal(joined.length, 4);
  assert.notDeepEqual(joined.toReversed(), alone);
  assert.notEqual(joined[1], joined[3]);
});

test('a name with marks stays one piece, in one font', () => {
  assert.equal(lineFragments('Nguyễn').length, 1);
  assert.equal(lineFragments('مُحَمَّد').length, 1);
});

test('lines break after spaces, and between characters of scripts that have none', () => {
  assert.deepEqual(breakable('Nora  Nobody 陳大文'), ['Nora  ', 'Nobody ', '陳', '大', '文']);
  assert.equal(breakable('Nora Nobody 陳大文').join(''), 'Nora Nobody 陳大文');
});
