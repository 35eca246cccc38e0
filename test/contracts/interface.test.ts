import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { issuerRegistryAbi, registryLensAbi } from '../../contracts/abi.ts';

test('every error, event and function that a client can meet is named in a test of the contracts', () => {
  const folder = import.meta.dirname;
  const texts = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && file !== 'log-reader.test.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    // What a test of TypeScript alone names was not asked of a contract.
    .filter((text) => text.includes("from './ledger.ts'"));
  const missing = [...issuerRegistryAbi, ...registryLensAbi]
    .map(({ name }) => name)
    .filter((name) => !texts.some((text) => text.includes(`'${name}'`)));
  assert.deepEqual(missing, []);
});
