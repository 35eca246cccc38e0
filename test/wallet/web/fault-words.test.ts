import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { faultWords } from '../../../wallet/web/fault-words.ts';
import { speakerOf } from '../../../wallet/web/wallet-words.ts';
import { VaultError } from '../../../wallet/vault/vault-error.ts';
import type { VaultCode } from '../../../wallet/vault/vault-error.ts';

/** The closed list as it is written down. */
async function codes(): Promise<readonly VaultCode[]> {
  const source = await readFile(new URL('../../../wallet/vault/vault-error.ts', import.meta.url), 'utf8');
  return [...source.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code as VaultCode);
}

test('every refusal of the vault says what happened and what to do now, in words of its own, in three languages', async () => {
  const all = await codes();
  assert.ok(all.length >= 19);
  for (const tag of ['en', 'zh-Hant', 'es']) {
    const speaker = speakerOf(tag);
    const said = all.map((code) => faultWords(new VaultError(code), speaker));
    for (const { what, now } of said) assert.deepEqual([what.tag, now.tag], [tag, tag]);
    assert.equal(new Set(said.map(({ what }) => what.text)).size, all.length, tag);
    assert.equal(new Set(said.map(({ now }) => now.text)).size, all.length, tag);
  }
});

test('an error that nobody foresaw is said to be one, and tells nothing of itself', () => {
  for (const error of [new Error('Nora Nobody'), new TypeError('eyJ'), 'Nora Nobody', undefined]) {
    const { what, now } = faultWords(error, speakerOf('en'));
    assert.equal(what.text, 'That did not work.');
    assert.doesNotMatch(what.text + now.text, /Nora|eyJ/);
  }
});
