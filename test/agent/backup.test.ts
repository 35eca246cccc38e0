import assert from 'node:assert/strict';
import { access, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { restoreBackup } from '../../agent/backup/restore-backup.ts';
import { writeBackup } from '../../agent/backup/write-backup.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import { IssuerStore } from '../../agent/issuer-store.ts';
import { backupFixture, dump, FRAME } from './backup-fixture.ts';
import { NOW, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { storeTerms } from './store/places.ts';

const SEALED_FRAME = FRAME + 16;

async function restoreCode(backup: string, dir: string): Promise<string> {
  const code = await restoreBackup(backup, dir, PASSPHRASE).then(
    () => 'RESTORED',
    (error: unknown) => (error instanceof IssuerError ? error.code : String(error)),
  );
  if (code !== 'RESTORED') await assert.rejects(access(dir));
  return code;
}

/** Where the frames of a backup begin. */
function framesFrom(bytes: Uint8Array): number {
  return Buffer.from(bytes).indexOf('\n') + 1;
}

test('what is restored is what was there, byte for byte, but for the marks that stop it from issuing', async (t) => {
  const { dir, folder, backup, kid } = await backupFixture(t, 3);
  const copy = join(folder, 'copy');
  const restored = await restoreBackup(backup, copy, PASSPHRASE, (await storeTerms()).database);
  assert.equal(restored.takenAt, NOW);
  assert.equal(restored.identity.name, 'Harbor Clinic');
  assert.deepEqual(restored.keys, [{ kid, issued: 3, revoked: 1 }]);
  assert.deepEqual(restored.files, ['audit-witness']);
  assert.equal(restored.bytes, (await stat(backup)).size);

  const [before, after] = [new Map(await dump(dir)), new Map(await dump(copy))];
  assert.equal(before.size, restored.records);
  const list = `lists!${kid}`;
  assert.notEqual(before.get(list), after.get(list));
  for (const each of [
    list,
    'registry-view!view',
    'registry-known!known',
    'registry-standing!own',
    'audit-head!head',
  ]) {
    assert.ok(before.delete(each));
    after.delete(each);
  }
  // That it was restored is one record more of its log.
  assert.equal(after.size, before.size + 1);
  const added = [...after.keys()].filter((key) => !before.has(key));
  assert.match(added.join(' '), /^audit!\d+$/);
  assert.match(Buffer.from(after.get(added[0] ?? '') ?? '', 'hex').toString(), /"store-restored"/);
  after.delete(added[0] ?? '');
  // Not deepEqual, which would print all of it.
  for (const [key, value] of before) assert.ok(after.get(key) === value, key);
  assert.deepEqual(await readFile(join(copy, 'envelope.json')), await readFile(join(dir, 'envelope.json')));
  for (const name of ['envelope.json', 'audit-witness']) {
    assert.equal((await stat(join(copy, name))).mode & 0o777, 0o600);
  }
  assert.equal((await stat(copy)).mode & 0o777, 0o700);
  assert.deepEqual((await readdir(folder)).toSorted(), ['copy', 'first.backup']);
});

test('a backup tells nobody without the passphrase what is in it, and only its owner can read it', async (t) => {
  const { folder, backup } = await backupFixture(t);
  assert.equal((await stat(backup)).mode & 0o777, 0o600);
  const bytes = await readFile(backup);
  for (const told of ['Harbor Clinic', 'signing-keys', 'revocations!'])
    assert.ok(!bytes.includes(told), told);
  const dir = join(folder, 'copy');
  await assert.rejects(restoreBackup(backup, dir, 'another passphrase'), { code: 'WRONG_PASSPHRASE' });
  await assert.rejects(access(dir));
  // The passphrase opens it as it opens the folder.
  await restoreBackup(backup, dir, PASSPHRASE);
  await (await openIssuer({ dir, passphrase: PASSPHRASE })).close();
});

test('neither a folder with something in it nor a file of that name is overwritten', async (t) => {
  const { dir, folder, backup } = await backupFixture(t);
  const taken = join(folder, 'taken');
  await mkdir(taken);
  await writeFile(join(taken, 'somebody’s'), 'own');
  await assert.rejects(restoreBackup(backup, taken, PASSPHRASE), { code: 'STORE_EXISTS' });
  assert.deepEqual(await readdir(taken), ['somebody’s']);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  const before = await readFile(backup);
  await assert.rejects(writeBackup(store, backup, NOW), { code: 'OUTPUT_UNWRITABLE' });
  await assert.rejects(writeBackup(store, join(folder, 'none', 'x'), NOW), { code: 'OUTPUT_UNWRITABLE' });
  await store.close();
  assert.deepEqual(await readFile(backup), before);
  assert.deepEqual((await readdir(folder)).toSorted(), ['first.backup', 'taken']);
});

test('an empty folder made beforehand is restored into', async (t) => {
  const { folder, backup } = await backupFixture(t);
  await mkdir(join(folder, 'empty'));
  await restoreBackup(backup, join(folder, 'empty'), PASSPHRASE);
  await assert.rejects(restoreBackup(join(folder, 'none'), join(folder, 'other'), PASSPHRASE), {
    code: 'INPUT_UNREADABLE',
  });
});

test('a backup with any bit of it changed is refused, and nothing is made of it', async (t) => {
  const { folder, backup } = await backupFixture(t, 2);
  const bytes = await readFile(backup);
  const [header, changed, dir] = [framesFrom(bytes), join(folder, 'changed'), join(folder, 'copy')];
  const place = fc.oneof(
    fc.integer({ min: 0, max: header - 1 }),
    fc.integer({ min: header, max: bytes.length - 1 }),
  );
  await fc.assert(
    fc.asyncProperty(place, fc.integer({ min: 0, max: 7 }), async (at, bit) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ (1 << bit);
      await writeFile(changed, copy);
      const code = await restoreCode(changed, dir);
      // A changed envelope looks as a wrong passphrase does, as it must.
      assert.ok(
        code === 'BACKUP_INVALID' || (code === 'WRONG_PASSPHRASE' && at < header),
        `${code} at ${at}`,
      );
    }),
    { numRuns: 30 },
  );
  assert.deepEqual((await readdir(folder)).toSorted(), ['changed', 'first.backup']);
});

test('a backup does not say that it is of another day than it is', async (t) => {
  const { folder, backup } = await backupFixture(t);
  const bytes = await readFile(backup);
  const older = Buffer.from(bytes);
  older.set(Buffer.from(String(NOW - 86_400)), older.indexOf(String(NOW)));
  await writeFile(join(folder, 'older'), older);
  assert.equal(await restoreCode(join(folder, 'older'), join(folder, 'copy')), 'BACKUP_INVALID');
});

test('a backup that ends early, anywhere, is refused', async (t) => {
  const { folder, backup } = await backupFixture(t, 2);
  const bytes = await readFile(backup);
  const header = framesFrom(bytes);
  const [cut, dir] = [join(folder, 'cut'), join(folder, 'copy')];
  const frame = header + SEALED_FRAME;
  // At the borders of frames as well: what is there then is sound, each for itself.
  const ends = [0, 1, header - 1, header, header + 1, frame - 1, frame, frame + 1, frame + SEALED_FRAME];
  for (const end of [...ends, bytes.length - 17, bytes.length - 1]) {
    await writeFile(cut, bytes.subarray(0, end));
    assert.equal(await restoreCode(cut, dir), 'BACKUP_INVALID', String(end));
  }
});

test('frames that were swapped, doubled, left out, added, or taken from another backup are refused', async (t) => {
  const { dir: issuer, folder, backup } = await backupFixture(t, 3);
  const bytes = await readFile(backup);
  const store = await IssuerStore.open(issuer, PASSPHRASE);
  await writeBackup(store, join(folder, 'second.backup'), NOW);
  await store.close();
  const other = await readFile(join(folder, 'second.backup'));
  // But for what the witness has seen.
  assert.ok(Math.abs(other.length - bytes.length) < 200);
  const header = framesFrom(bytes);
  const pieces = (of: Buffer): Buffer[] => {
    const all: Buffer[] = [];
    for (let at = header; at < of.length; at += SEALED_FRAME) all.push(of.subarray(at, at + SEALED_FRAME));
    return all;
  };
  const [a, b, c, last] = pieces(bytes) as [Buffer, Buffer, Buffer, Buffer];
  const [, foreign, , foreignLast] = pieces(other) as [Buffer, Buffer, Buffer, Buffer];
  assert.ok(last.length < SEALED_FRAME);
  const forged: Record<string, Buffer[]> = {
    swapped: [b, a, c, last],
    doubled: [a, a, b, c, last],
    'left out': [a, c, last],
    'last doubled': [a, b, c, last, last],
    'last left out': [a, b, c],
    appended: [a, b, c, last, Buffer.of(0)],
    'appended zeros': [a, b, c, last, Buffer.alloc(SEALED_FRAME)],
    'one of another backup': [a, foreign, c, last],
    'the last of another backup': [a, b, c, foreignLast],
    'all of another backup': pieces(other),
  };
  const path = join(folder, 'forged');
  for (const [name, frames] of Object.entries(forged)) {
    await writeFile(path, Buffer.concat([bytes.subarray(0, header), ...frames]));
    assert.equal(await restoreCode(path, join(folder, 'copy')), 'BACKUP_INVALID', name);
  }
  await writeFile(path, Buffer.concat([bytes.subarray(0, header), a, b, c, last]));
  assert.equal(await restoreCode(path, join(folder, 'copy')), 'RESTORED');
});

test('what is no backup at all is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'no.backup');
  const header = { format: 'pratique issuer backup', version: 1, takenAt: NOW, salt: '', envelope: '{}' };
  const lines = [
    '',
    '\n',
    'null\n',
    '[]\n',
    '{}\n',
    'x'.repeat(100_000),
    JSON.stringify(header),
    ...[header, { ...header, version: 2 }, { ...header, envelope: '{' }, { ...header, takenAt: 'now' }].map(
      (each) => `${JSON.stringify(each)}\n`,
    ),
  ];
  for (const line of lines) {
    await writeFile(path, line);
    assert.equal(await restoreCode(path, join(folder, 'copy')), 'BACKUP_INVALID', line.slice(0, 80));
  }
});

test('a backup that cannot be read back is given no name', async (t) => {
  const { dir, folder } = await backupFixture(t);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  t.after(() => store.close());
  // As a disk that does not keep what was written: a byte changes under our hands.
  const path = join(folder, 'second.backup');
  const records = store.records.bind(store);
  store.records = async function* cutting() {
    yield* records();
    const [temporary = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
    const file = await open(join(folder, temporary), 'r+');
    await file.write('x', 10);
    await file.close();
  };
  await assert.rejects(writeBackup(store, path, NOW), (error: IssuerError) =>
    ['BACKUP_INVALID', 'WRONG_PASSPHRASE'].includes(error.code),
  );
  assert.deepEqual(await readdir(folder), ['first.backup']);
});

test('a backup is of one moment, whatever is written meanwhile', async (t) => {
  const { dir, folder } = await backupFixture(t, 2);
  const store = await IssuerStore.open(dir, PASSPHRASE);
  const late = store.table<number>('zz-late');
  const [{ records }] = await Promise.all([
    writeBackup(store, join(folder, 'second.backup'), NOW),
    (async () => {
      for (let at = 0; at < 200; at++)
        await store.commit([late.put(String(at), at), late.put(`pair ${at}`, at)]);
    })(),
  ]);
  await store.close();
  const restoredFolder = join(folder, 'copy');
  await restoreBackup(join(folder, 'second.backup'), restoredFolder, PASSPHRASE);
  const keys = [...(await dump(restoredFolder)).keys()].filter((key) => key.startsWith('zz-late!'));
  // Records of one batch are there together or not at all, and in the order of the batches.
  const pairs = keys.filter((key) => key.startsWith('zz-late!pair')).length;
  assert.equal(keys.length, 2 * pairs);
  for (let at = 0; at < pairs; at++) assert.ok(keys.includes(`zz-late!${at}`));
  assert.ok(records > 0);
});
