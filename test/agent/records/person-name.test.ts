import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';

import { nameForm, nameFormsOf } from '../../../agent/records/person-name.ts';
import { madeUpName } from './people.ts';

const same = (...names: readonly (readonly [string, string])[]): void => {
  const forms = new Set(names.map(([family, given]) => nameForm({ family, given })));
  assert.equal(forms.size, 1, [...forms].join(' / '));
  assert.ok(!forms.has(undefined));
};
const differ = (...names: readonly (readonly [string, string])[]): void => {
  const forms = new Set(names.map(([family, given]) => nameForm({ family, given })));
  assert.equal(forms.size, names.length, [...forms].join(' / '));
};
const formsOf = (...name: readonly object[]): ReadonlySet<string> => nameFormsOf({ name });
const form = (family: string, given: string): string => nameForm({ family, given }) ?? '';

test('case, accents, titles, suffixes, hyphens, apostrophes and order do not make another name', () => {
  same(['O’Brien', 'Zoë'], ["O'BRIEN", 'zoe'], ['O Brien', 'ZOË'], ['OBrien', 'Dr. Zoe'], ['Zoe', 'O`Brien']);
  same(['Núñez', 'María José'], ['NUNEZ', 'maria-jose'], ['Nu\u0301n\u0303ez', 'Mrs María José']);
  same(
    ['King Jr.', 'Martin L.'],
    ['King', 'Mr Martin'],
    ['KING III', 'Martin L'],
    ['King, MD', 'Prof. Dr. Martin'],
  );
  same(['de la Cruz', 'Ángel'], ['De La Cruz', 'Angel'], ['Delacruz', 'Angel']);
  same(['Łoś', 'Bjørn'], ['Los', 'Bjorn']);
  same(['Straße', 'Æsa'], ['Strasse', 'Aesa']);
  same(['İnan', 'Işıl'], ['Inan', 'Isil']);
  same(['陳', '小明'], ['小明', '陳'], ['陳', '小 明'], ['陳', '小明先生']);
  same(['Соколов', 'Пётр'], ['СОКОЛОВ', 'Петр']);
  same(['حداد', 'مُحَمَّد'], ['حداد', 'محمد']);
  same(['Ｓmith', 'Ann\u200b'], ['Smith', 'Ann']);
});

test('no letter more or less is the same name, nor a vowel of a script that writes them as marks', () => {
  differ(['Smith', 'Ann'], ['Smyth', 'Ann'], ['Smith', 'Anne'], ['Smiths', 'Ann'], ['Smith', '']);
  differ(['রহমান', 'কমল'], ['রহমান', 'কামাল']);
  differ(['やまた', 'はな'], ['やまだ', 'はな']);
  differ(['Иванов', 'Андрей'], ['Иванов', 'Андреи']);
  differ(['Lee', 'Kim Ann'], ['Kim', 'Lee Ann']);
});

test('a title or an initial alone is a name', () => {
  differ(['Prince', ''], ['Dr', ''], ['Junior', 'Sir'], ['Do', 'Kim'], ['Kim', 'V']);
});

test('of nothing but signs there is no name', () => {
  for (const nothing of ['', ' ', '-', '’', '\u200b', '\u202e', '🙂']) {
    assert.equal(nameForm({ family: nothing, given: nothing }), undefined);
  }
  assert.deepEqual(nameFormsOf({}), new Set());
  assert.deepEqual(formsOf({}, { family: 5, given: 'Ann' }, { family: '', given: [''] }), new Set());
});

test('a name as long as a book is none, and is not read', () => {
  const begun = performance.now();
  const long = `a${'\u0301'.repeat(200_000)}`;
  assert.equal(nameForm({ family: long, given: '' }), undefined);
  assert.equal(formsOf({ family: long, given: [long] }, { text: `${long} b` }).size, 0);
  assert.ok(performance.now() - begun < 500);
});

test('later given names may be left out, earlier ones may not', () => {
  const forms = formsOf({ family: 'Smith', given: ['Mary', 'Ann', 'Lou'] });
  for (const given of ['Mary', 'Mary Ann', 'Mary Ann Lou']) assert.ok(forms.has(form('Smith', given)));
  for (const given of ['Ann', 'Mary Lou', 'Lou', '']) assert.ok(!forms.has(form('Smith', given)));
  // One given name of two words is one.
  assert.ok(!formsOf({ family: 'Peña', given: ['María José'] }).has(form('Peña', 'María')));
});

test('every listed variant of a name is the person, in whichever script', () => {
  const forms = formsOf(
    { family: '陳', given: ['小明'] },
    { use: 'official', family: 'Chan', given: ['Siu-Ming'] },
  );
  assert.ok(forms.has(form('陳', '小明')) && forms.has(form('Chan', 'Siu Ming')));
  assert.ok(!forms.has(form('陳', 'Siu Ming')));
  assert.ok(formsOf({ text: '陳小明' }).has(form('陳', '小明')));
  assert.ok(formsOf({ text: 'Dr Ana de la Cruz' }).has(form('de la Cruz', 'Ana')));
  assert.equal(formsOf({ use: 'anonymous', family: 'Doe', given: ['John'] }).size, 0);
});

test('a form is reflexive, and the same under case, composition and order', () => {
  const word = fc.oneof(
    fc.constantFrom('Núñez', 'O’Brien', '陳', 'রহমান', 'van der Berg'),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(word, word, (family, given) => {
      const one = nameForm({ family, given });
      assert.equal(nameForm({ family, given }), one);
      assert.equal(nameForm({ family: given, given: family }), one);
      assert.equal(nameForm({ family: family.normalize('NFD'), given: given.normalize('NFC') }), one);
    }),
    { numRuns: 2000 },
  );
  const latin = fc.stringMatching(/^[A-Za-zÀ-ÖØ-öø-ÿ' -]{1,20}$/);
  fc.assert(
    fc.property(latin, latin, (family, given) => {
      const bare = (name: string): string => name.normalize('NFD').replaceAll(/[\u0300-\u036f]/g, '');
      const one = nameForm({ family, given });
      assert.equal(nameForm({ family: family.toUpperCase(), given: given.toLowerCase() }), one);
      assert.equal(nameForm({ family: bare(family), given: bare(given) }), one);
    }),
    { numRuns: 2000 },
  );
});

test('among 100,000 people nobody is found by the name of another whose letters differ', () => {
  // An independent, plainer notion of a name: its letters without marks of Latin, in both orders.
  const letters = (text: string): string =>
    text
      .replaceAll(/[áàâä]/gi, 'a')
      .replaceAll(/[éèêë]/gi, 'e')
      .replaceAll(/[íìîï]/gi, 'i')
      .replaceAll(/[óòôö]/gi, 'o')
      .replaceAll(/[úùûü]/gi, 'u')
      .replaceAll(/ñ/gi, 'n')
      .replaceAll(/[^\p{L}\p{M}]/gu, '')
      .toLowerCase();
  const people = Array.from({ length: 100_000 }, (_, place) => madeUpName(place));
  const byForm = new Map<string, number[]>();
  for (const [place, { family, given }] of people.entries()) {
    for (const known of formsOf({ family, given })) byForm.set(known, [...(byForm.get(known) ?? []), place]);
  }
  const spelt = (person: (typeof people)[number]): readonly string[] =>
    person.given.flatMap((_, at) => {
      const parts = [letters(person.family), letters(person.given.slice(0, at + 1).join(' '))];
      return [parts.join('/'), parts.toReversed().join('/')];
    });
  let others = 0;
  for (const [place, { family, given }] of people.entries()) {
    const found = byForm.get(form(family, given.join(' '))) ?? [];
    assert.ok(found.includes(place));
    const own = `${letters(family)}/${letters(given.join(' '))}`;
    for (const other of found) {
      if (other === place) continue;
      others++;
      assert.ok(spelt(people[other] ?? { family: '', given: [] }).includes(own), `${place} ${other}`);
    }
  }
  assert.ok(others > 0, 'there are namesakes among them');
});
