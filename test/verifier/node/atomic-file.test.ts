import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFile, replaceFile } from '../../../verifier/node/atomic-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a file is replaced whole, with its mode, and nothing is left beside it', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'file');
  await replaceFile(path, 'old', 0o600);
  await replaceFile(path, 'new', 0o600);
  assert.equal(await readFile(path, 'utf8'), 'new');
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['file']);
});

test('a file that cannot be published leaves what was there and no temporary file', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'taken');
  await mkdir(join(path, 'by-a-folder'), { recursive: true });
  await assert.rejects(replaceFile(path, 'new'));
  assert.deepEqual(await readdir(folder), ['taken']);
  await assert.rejects(replaceFile(join(folder, 'no-such-folder', 'file'), 'new'), { code: 'ENOENT' });
});

test('a file that must be new never overwrites', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'file');
  assert.equal(await createFile(path, 'first', 0o600), true);
  assert.equal(await createFile(path, 'second', 0o600), false);
  await writeFile(join(folder, 'other'), 'x');
  assert.equal(await readFile(path, 'utf8'), 'first');
  assert.deepEqual((await readdir(folder)).toSorted(), ['file', 'other']);
});
