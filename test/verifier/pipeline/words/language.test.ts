import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { languageFor, lookUp } from '../../../../verifier/pipeline/words/language.ts';

describe('the language for whoever asks', () => {
  for (const [asked, expected] of [
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['fr-CH, fr;q=0.9, de;q=0.7', 'en'],
    ['es-419', 'es'],
    ['ES-mx', 'es'],
    ['zh-TW,zh;q=0.9,en-US;q=0.8', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant-MO', 'zh-Hant'],
    ['zh', 'zh-Hant'],
    ['zh-CN', 'zh-Hant'],
    ['zh-Hans-SG', 'zh-Hant'],
    ['yue-Hant-HK', 'zh-Hant'],
    ['en;q=0.3, es;q=0.8', 'es'],
    ['fr, es;q=0.2, en;q=0.1', 'es'],
    ['es;q=0, zh-TW;q=0.5', 'zh-Hant'],
    ['es;q=0', 'en'],
    ['en, es', 'en'],
    ['es-x-private', 'es'],
    ['est', 'en'],
    ['zh_TW.UTF-8', 'zh-Hant'],
    ['es_ES@euro', 'es'],
    ['es_US.UTF-8', 'es'],
    ['C', 'en'],
    ['C.UTF-8', 'en'],
    ['POSIX', 'en'],
  ] as const) {
    test(`${asked === undefined ? 'nothing' : `"${asked}"`} gets ${expected}`, () => {
      assert.equal(languageFor(asked), expected);
    });
  }

  test('a header made to keep us busy is answered at once', () => {
    const begun = performance.now();
    assert.equal(languageFor('aa-'.repeat(100_000)), 'en');
    assert.equal(languageFor('a;q=1;'.repeat(200_000)), 'en');
    assert.equal(languageFor(`${'xx,'.repeat(300_000)}es`), 'en');
    assert.ok(performance.now() - begun < 1000);
  });
});

test('a language that nothing is said in is none, rather than the first', () => {
  assert.equal(lookUp('fr'), undefined);
  assert.equal(lookUp('es-AR'), 'es');
  assert.equal(lookUp('constructor'), undefined);
});
