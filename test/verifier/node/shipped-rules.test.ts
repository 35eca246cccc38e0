import assert from 'node:assert/strict';
import { sep } from 'node:path';
import { test } from 'node:test';
import { shippedRules, shippedTexts } from '../../../verifier/node/shipped-rules.ts';
import { ruleFilesOf } from '../../../verifier/pipeline/rules/rule-files.ts';

test('what comes with the program are documents of the names that their paths say, once each', () => {
  const files = ruleFilesOf(shippedTexts());
  assert.ok(files.length >= 9);
  assert.equal(new Set(files.map(({ digest }) => digest)).size, files.length);
  for (const [at, { path }] of shippedRules().entries()) {
    const { name, content } = files[at] ?? {};
    assert.ok(content !== undefined, path);
    assert.ok(path.split(sep).join('/').endsWith(`/rules/${name}.json`), path);
  }
});

test('it is read once', () => {
  assert.equal(shippedTexts(), shippedTexts());
});
