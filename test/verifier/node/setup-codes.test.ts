import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importEs256Key } from '../../../credential/es256-node.ts';
import { exporterKeyOf } from '../../../verifier/node/exporter-key.ts';
import { setupCodesOf } from '../../../verifier/node/setup-codes.ts';
import { checkSetup } from '../../../verifier/pipeline/setup-check.ts';
import { encodeSetupCode } from '../../../verifier/pipeline/setup-code.ts';
import type { SetupCode } from '../../../verifier/pipeline/setup-code.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOW = 1_800_000_000;
const CODE: SetupCode = {
  id: 'AbCdEfGhIjKlMnOp',
  name: 'Harbour Hall',
  rules: 'none',
  languages: [],
  pin: `$argon2id$v=19$m=65536,t=3,p=1$${'A'.repeat(22)}$${'B'.repeat(22)}`,
  registry: null,
  iat: NOW,
  takeUntil: NOW + 1,
  exp: NOW + 2,
};

test('a code is signed by the exporter of the store, remembered without its PIN, and withdrawn once and for all', async (t) => {
  const store = await temporaryFolder(t);
  const codes = setupCodesOf(store);
  assert.deepEqual([await codes.list(), await codes.withdrawn()], [[], []]);
  const exporter = await exporterKeyOf(store);
  const setup = encodeSetupCode(await codes.issue(CODE, exporter));
  const known = { exporter, registry: null, fixedRules: null, withdrawn: [], ruleSets: [] };
  assert.equal((await checkSetup(setup, known, NOW, importEs256Key)).fault, null);
  const { id, name, rules, iat, takeUntil, exp } = CODE;
  const issued = { id, name, rules, iat, takeUntil, exp, locked: true };
  assert.deepEqual(await codes.list(), [{ ...issued, withdrawn: false }]);
  assert.equal(await codes.withdraw(id), true);
  assert.equal(await codes.withdraw(id), false);
  // Another process, which serves, sees it at once.
  assert.deepEqual(await setupCodesOf(store).withdrawn(), [id]);
  assert.deepEqual(await codes.list(), [{ ...issued, withdrawn: true }]);
  for (const file of await readdir(join(store, 'setup-codes'))) {
    const path = join(store, 'setup-codes', file);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.doesNotMatch(await readFile(path, 'utf8'), /argon2id|BBBB/);
  }
});

test('two that are made at once are both remembered, the newest first', async (t) => {
  const store = await temporaryFolder(t);
  const exporter = await exporterKeyOf(store);
  const ids = ['AAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBB', 'CCCCCCCCCCCCCCCC'];
  const made = ids.map(async (id, at) => setupCodesOf(store).issue({ ...CODE, id, iat: NOW - at }, exporter));
  await Promise.all(made);
  assert.deepEqual(
    (await setupCodesOf(store).list()).map(({ id }) => id),
    ids,
  );
});

test('only what was made here can be withdrawn, and an id is no path', async (t) => {
  const codes = setupCodesOf(await temporaryFolder(t));
  for (const id of ['AbCdEfGhIjKlMnOp', '../exporter-key', '']) {
    await assert.rejects(codes.withdraw(id), { code: 'SETUP_CODE_UNKNOWN' });
  }
});

test('what cannot be read is no empty list: a folder that is a file, and a damaged file, are FILE_UNREADABLE', async (t) => {
  const store = await temporaryFolder(t);
  const codes = setupCodesOf(store);
  await codes.issue(CODE, await exporterKeyOf(store));
  await writeFile(join(store, 'setup-codes', `${CODE.id}.json`), '{');
  await assert.rejects(codes.list(), { code: 'FILE_UNREADABLE' });
  const other = await temporaryFolder(t);
  await writeFile(join(other, 'setup-codes'), '');
  await assert.rejects(setupCodesOf(other).withdrawn(), { code: 'FILE_UNREADABLE' });
});
