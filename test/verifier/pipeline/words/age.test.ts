import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOf } from '../../../../verifier/pipeline/words.ts';
import { ageWords } from '../../../../verifier/pipeline/words/age.ts';

for (const [seconds, en, zh, es] of [
  [0, 'less than 2 minutes ago', '不到 2 分鐘前', 'hace menos de 2 minutos'],
  [119, 'less than 2 minutes ago', '不到 2 分鐘前', 'hace menos de 2 minutos'],
  [120, '2 minutes ago', '2 分鐘前', 'hace 2 minutos'],
  [7199, '119 minutes ago', '119 分鐘前', 'hace 119 minutos'],
  [7200, '2 hours ago', '2 小時前', 'hace 2 horas'],
  [172_799, '47 hours ago', '47 小時前', 'hace 47 horas'],
  [172_800, '2 days ago', '2 天前', 'hace 2 días'],
  [30 * 86_400, '30 days ago', '30 天前', 'hace 30 días'],
] as const) {
  test(`${seconds} seconds are ${en}`, () => {
    assert.equal(ageWords(seconds, wordsOf('en')), en);
    assert.equal(ageWords(seconds, wordsOf('zh-Hant')), zh);
    assert.equal(ageWords(seconds, wordsOf('es')), es);
  });
}
