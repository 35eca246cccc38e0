import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lotTag, personTag } from '../../agent/card-tags.ts';
import { SealedBox } from '../../agent/sealed-box.ts';

const box = new SealedBox(Buffer.alloc(32, 7));
const born = '1980-02-29';
const tag = (name: string, birthDate = born): string => personTag(box, { name, birthDate });

test('a person has one tag in any order of names, case, accents and spaces', () => {
  const tags = ['María José Núñez', 'núñez, maria jose', 'NUÑEZ  María-José', 'José María Nunez'].map(
    (name) => tag(name),
  );
  assert.equal(new Set(tags).size, 1);
  assert.equal(tag('陳 小明'), tag('小明 陳'));
});

test('other names, other dates of birth and other issuers have other tags', () => {
  const other = new SealedBox(Buffer.alloc(32, 8));
  const tags = [
    tag('Ada Byron'),
    tag('Ada Byro n'),
    tag('Ada Byron', '1980-03-01'),
    personTag(other, { name: 'Ada Byron', birthDate: born }),
    lotTag(box, 'ada byron|1980-02-29'),
  ];
  assert.equal(new Set(tags).size, tags.length);
  for (const one of tags) assert.match(one, /^[\w-]{22}$/);
});

test('a lot has one tag, spaces and case aside', () => {
  assert.equal(lotTag(box, 'el 1004'), lotTag(box, 'EL1004'));
  assert.notEqual(lotTag(box, 'EL1004'), lotTag(box, 'EL1005'));
});
