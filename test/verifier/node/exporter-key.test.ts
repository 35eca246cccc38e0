import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { thumbprint } from '../../../credential/jwk.ts';
import { exporterKeyOf, oneTimeExporterKey, readExporterKey } from '../../../verifier/node/exporter-key.ts';
import { utf8 } from '../../support/cards.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('a key is made at first use and is the same afterwards', async (t) => {
  const folder = join(await temporaryFolder(t), 'not', 'there', 'yet');
  assert.equal(await readExporterKey(folder), undefined);
  const made = await exporterKeyOf(folder);
  assert.equal((await exporterKeyOf(folder)).kid, made.kid);
  assert.equal((await readExporterKey(folder))?.kid, made.kid);
  assert.equal(made.kid, thumbprint(made));
});

test('the key lies in PKCS#8 PEM, for its owner alone, and nothing beside it', async (t) => {
  const folder = await temporaryFolder(t);
  await exporterKeyOf(folder);
  const path = join(folder, 'exporter-key.pem');
  assert.match(await readFile(path, 'utf8'), /^-----BEGIN PRIVATE KEY-----\n/);
  if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['exporter-key.pem']);
});

test('two that make the key at the same time get the same one', async (t) => {
  const folder = await temporaryFolder(t);
  const keys = await Promise.all(Array.from({ length: 8 }, () => exporterKeyOf(folder)));
  assert.equal(new Set(keys.map(({ kid }) => kid)).size, 1);
});

test('its signatures are ES256 by its public key', () => {
  const key = oneTimeExporterKey();
  const data = utf8('data');
  assert.equal(importEs256Key(key)(data, key.sign(data)), true);
  assert.equal(importEs256Key(oneTimeExporterKey())(data, key.sign(data)), false);
});

test('a file that holds no P-256 key is FILE_UNREADABLE and stays as it is', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'exporter-key.pem');
  const otherCurve = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  for (const content of [
    '',
    'not a key',
    otherCurve.export({ type: 'pkcs8', format: 'pem' }),
    rsa.export({ type: 'pkcs8', format: 'pem' }),
  ]) {
    await writeFile(path, content);
    await assert.rejects(exporterKeyOf(folder), { code: 'FILE_UNREADABLE' });
    assert.equal(await readFile(path, 'utf8'), content);
  }
});
