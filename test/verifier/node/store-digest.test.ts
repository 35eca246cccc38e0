import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { changeDigest, DIGEST_FILE, readDigests, settleDigest } from '../../../verifier/node/store-digest.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a folder without the file has no digest, one that was settled has that one', async (t) => {
  const folder = await temporaryFolder(t);
  assert.deepEqual(await readDigests(folder), []);
  await settleDigest(folder, 'a');
  assert.deepEqual(await readDigests(folder), ['a']);
});

test('while a change is under way both digests hold, afterwards the new one alone', async (t) => {
  const folder = await temporaryFolder(t);
  await settleDigest(folder, 'a');
  await changeDigest(folder, { from: 'a', to: 'b' }, async () => {
    assert.deepEqual(await readDigests(folder), ['a', 'b']);
  });
  assert.deepEqual(await readDigests(folder), ['b']);
});

test('a change that fails leaves both, since nobody knows how far it came', async (t) => {
  const folder = await temporaryFolder(t);
  const failing = changeDigest(folder, { from: 'a', to: 'b' }, () => Promise.reject(new Error('disk full')));
  await assert.rejects(failing, { message: 'disk full' });
  assert.deepEqual(await readDigests(folder), ['a', 'b']);
});

test('a damaged file is STORE_CORRUPT at every length, and never "none yet"', async (t) => {
  const folder = await temporaryFolder(t);
  await settleDigest(folder, 'a');
  const whole = await readFile(join(folder, DIGEST_FILE), 'utf8');
  for (let length = 0; length < whole.length; length += 1) {
    await writeFile(join(folder, DIGEST_FILE), whole.slice(0, length));
    await assert.rejects(readDigests(folder), { code: 'STORE_CORRUPT' });
  }
});
