import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { appendFile, mkdir, rename, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { digestOf } from '../../../agent/audit/audit-record.ts';
import { AuditWitness, readWitness } from '../../../agent/audit/audit-witness.ts';
import { temporaryFolder } from '../issuer-fixture.ts';
import {
  changeFile,
  copyOf,
  firstFinding,
  issueCards,
  makeStore,
  openStore,
  withStore,
} from './audit-fixture.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));
const ENTRY = 56;
const place = (n: number): { n: number; hash: string } => ({ n, hash: digestOf(Buffer.of(n)) });

test('a witness tells the last place it was told, and does not grow when it is begun anew', async (t) => {
  const path = join(await temporaryFolder(t), 'witness');
  const witness = await AuditWitness.begin(path, KEY, place(0));
  for (let n = 1; n <= 3; n++) await witness.add(place(n));
  assert.deepEqual(await readWitness(path, KEY), { place: place(3), torn: false });
  assert.equal((await stat(path)).size, 4 * ENTRY);
  await witness.restart(place(4));
  await witness.add(place(5));
  await witness.close();
  assert.deepEqual(await readWitness(path, KEY), { place: place(5), torn: false });
  assert.equal((await stat(path)).size, 2 * ENTRY);
  assert.equal(await readWitness(`${path}-none`, KEY), undefined);
  assert.equal(await readWitness(path, createSecretKey(Buffer.alloc(32, 8))), undefined);
});

test('only the last place of a witness may be torn: any other change is one', async (t) => {
  const path = join(await temporaryFolder(t), 'witness');
  const witness = await AuditWitness.begin(path, KEY, place(1));
  for (const n of [2, 3]) await witness.add(place(n));
  await witness.close();
  for (let byte = 0; byte < 3 * ENTRY; byte++) {
    await changeFile(path, (bytes) => bytes.fill((bytes[byte] ?? 0) ^ 4, byte, byte + 1));
    const expected = byte < 2 * ENTRY ? undefined : { place: place(2), torn: true };
    assert.deepEqual(await readWitness(path, KEY), expected, `byte ${byte}`);
    await changeFile(path, (bytes) => bytes.fill((bytes[byte] ?? 0) ^ 4, byte, byte + 1));
  }
  for (let size = 2 * ENTRY + 1; size < 3 * ENTRY; size++) {
    const torn = await copyOf(path, `${path}-torn`);
    await truncate(torn, size);
    assert.deepEqual(await readWitness(torn, KEY), { place: place(2), torn: true }, `${size} bytes`);
  }
  await truncate(path, ENTRY - 1);
  assert.equal(await readWitness(path, KEY), undefined);
});

test('a witness that could not be begun anew goes on with the next place, in the file that is there', async (t) => {
  const folder = join(await temporaryFolder(t), 'folder');
  await mkdir(folder);
  const path = join(folder, 'witness');
  const witness = await AuditWitness.begin(path, KEY, place(1));
  await rename(folder, `${folder}-away`);
  await assert.rejects(witness.restart(place(2)), { code: 'ENOENT' });
  await mkdir(folder);
  await witness.add(place(3));
  await witness.add(place(4));
  await witness.close();
  assert.deepEqual(await readWitness(path, KEY), { place: place(4), torn: false });
});

test('a crash between the batch and its witness, or in the middle of that, loses nothing', async (t) => {
  const dir = await makeStore(t);
  const witness = join(dir, 'audit-witness');
  await issueCards(dir, 0, 3);
  const before = await copyOf(witness, `${dir}-witness`);
  await withStore(dir, async (store) => {
    await store.commit([store.table('t').put('last', 'batch')]);
  });
  for (const torn of [Buffer.alloc(0), Buffer.alloc(20, 1), Buffer.alloc(ENTRY)]) {
    await copyOf(before, witness);
    await appendFile(witness, torn);
    assert.equal(await firstFinding(dir), 'sound');
    await withStore(dir, async (store) => assert.equal(await store.table('t').get('last'), 'batch'));
  }
  await issueCards(dir, 3, 2);
  assert.equal(await firstFinding(dir), 'sound');
});

test('a torn witness beside a database that has nothing newer hides a lost batch, and is refused', async (t) => {
  const dir = await makeStore(t);
  await issueCards(dir, 0, 3);
  const store = await copyOf(join(dir, 'store'), `${dir}-store`);
  await withStore(dir, async (open) => {
    await open.commit([open.table('t').put('last', 'batch')]);
    assert.equal((await stat(join(dir, 'audit-witness'))).size, 2 * ENTRY);
  });
  await copyOf(store, join(dir, 'store'));
  await truncate(join(dir, 'audit-witness'), 2 * ENTRY - 5);
  await assert.rejects(openStore(dir), { code: 'AUDIT_BROKEN' });
  assert.equal(await firstFinding(dir), 'WITNESS_AHEAD 4');
});
