import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { initIssuer } from '../../agent/issuer-folder.ts';
import { ISS, KDF_COST, makeIssuer, PASSPHRASE, temporaryFolder } from './issuer-fixture.ts';
import { lossesIn, startLoad } from './issuer-load.ts';

/** A file system of 8 MiB in memory, or why there can be none. */
async function smallDisk(t: TestContext): Promise<string> {
  let mounted = '';
  // Before the folder goes away that it is mounted in.
  t.after(() => mounted !== '' && spawnSync('umount', ['-l', mounted]));
  const disk = join(await temporaryFolder(t), 'disk');
  await mkdir(disk);
  const { error, status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=700', 'tmpfs', disk]);
  if (error !== undefined || status !== 0) return '';
  mounted = disk;
  return disk;
}

const ONLY_ROOT = 'only root may mount a small file system to fill';

test('an issuer that finds no space is not made, and leaves nothing', async (t) => {
  const disk = await smallDisk(t);
  if (disk === '') {
    t.skip(ONLY_ROOT);
    return;
  }
  await writeFile(join(disk, 'ballast'), Buffer.alloc(8 << 20)).catch(() => undefined);
  const terms = { dir: join(disk, 'issuer'), passphrase: PASSPHRASE, iss: ISS, name: 'Harbor Clinic' };
  await assert.rejects(initIssuer({ ...terms, kdfCost: KDF_COST }), { code: 'STORE_UNAVAILABLE' });
  assert.deepEqual(await readdir(disk), ['ballast']);
});

test('a full disk refuses everything, and with space on it again all succeed without a restart', async (t) => {
  const disk = await smallDisk(t);
  if (disk === '') {
    t.skip(ONLY_ROOT);
    return;
  }
  const { issuer, dir } = await makeIssuer(t);
  await issuer.close();
  const onDisk = join(disk, 'issuer');
  await cp(dir, onDisk, { recursive: true });
  const { child, said, until, ended } = startLoad(onDisk);
  t.after(() => child.kill('SIGKILL'));
  await until('cards before the disk is full', ({ issued }) => issued.length >= 20);

  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(8 << 20)).catch(() => undefined);
  await until('refusals', ({ failed }) => failed.length >= 20);
  assert.deepEqual([...new Set(said.failed)], ['STORE_UNAVAILABLE']);

  await rm(ballast);
  const before = said.issued.length;
  await until('the first card after it', ({ issued }) => issued.length > before);
  const refused = said.failed.length;
  await until('cards after it', ({ issued }) => issued.length > before + 40);
  assert.equal(said.failed.length, refused, 'a call was refused after there was space');
  child.kill('SIGTERM');
  assert.deepEqual(await ended, { closed: true, code: 0 });
  assert.deepEqual(await lossesIn(onDisk, said), { lost: 0, twice: 0 });
});
