import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { lotTag, personTag } from '../../agent/card-tags.ts';
import { SealedBox } from '../../agent/sealed-box.ts';
import { makeIssuer, NOW } from './issuer-fixture.ts';

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

test('a vowel that its script writes as a mark makes another person, so that nobody’s cards go with a stranger’s', () => {
  assert.notEqual(tag('কমল রহমান'), tag('কামাল রহমান'));
  assert.notEqual(tag('やまた はな'), tag('やまだ はな'));
  assert.equal(tag('مُحَمَّد حداد'), tag('محمد حداد'));
});

test('a name of a million marks is tagged in no time', () => {
  const begun = performance.now();
  tag(`a${'\u0301\u09be'.repeat(500_000)} b`);
  assert.ok(performance.now() - begun < 2000);
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

test('what is kept of a payload cannot be made by whoever guesses its name without the key of its issuer', async (t) => {
  const { issuer } = await makeIssuer(t);
  const card = await issuer.issuePass(
    {
      name: { family: 'Byron', given: ['Ada'] },
      holder: undefined,
      birthDate: born,
      passType: 'vaccination',
      exp: NOW + 3600,
    },
    { now: NOW },
  );
  const guessed = inflateRawSync(Buffer.from(card.jws.split('.')[1] ?? '', 'base64url'));
  assert.match(card.payloadHash, /^[\w-]{43}$/);
  assert.notEqual(card.payloadHash, createHash('sha256').update(guessed).digest('base64url'));
  const [one, same, other] = [7, 7, 8].map((byte) =>
    new SealedBox(Buffer.alloc(32, byte)).payloadHash(guessed),
  );
  assert.equal(one, same);
  assert.notEqual(one, other);
});
