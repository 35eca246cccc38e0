import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { restoreBackup } from '../../agent/backup/restore-backup.ts';
import { backupFixture, dump } from './backup-fixture.ts';
import { PASSPHRASE } from './issuer-fixture.ts';

const MEBIBYTES = 24;
const KILLS = 3;

const CHILD = `
  const [, agent, work, path, dir, passphrase] = process.argv;
  const { openIssuer } = await import(new URL('issuer-folder.ts', agent));
  const { restoreBackup } = await import(new URL('backup/restore-backup.ts', agent));
  if (work === 'restore') process.stdout.write('begun');
  const issuer = work === 'backup' ? await openIssuer({ dir, passphrase }) : undefined;
  if (work === 'backup') process.stdout.write('begun');
  if (issuer === undefined) await restoreBackup(path, dir, passphrase);
  else await issuer.backup(path);
  process.stdout.write('done');
`;

/** Kills a backup or a restore so many milliseconds after it has begun; whether it was done by then. */
async function killed(
  work: 'backup' | 'restore',
  path: string,
  dir: string,
  after: number,
): Promise<boolean> {
  const agent = new URL('../../agent/', import.meta.url).href;
  const args = ['--input-type=module', '-e', CHILD, agent, work, path, dir, PASSPHRASE];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let told = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (told += text));
  await once(child.stdout, 'data');
  const timer = later(after).then(() => child.kill('SIGKILL'));
  await exited;
  await timer;
  return told.includes('done');
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

test('killed in the middle, a backup or a restore leaves nothing under its name, and the next one is whole', async (t) => {
  const { dir, folder, backup } = await backupFixture(t, MEBIBYTES);
  const [file, copy] = [join(folder, 'second.backup'), join(folder, 'copy')];
  let halfway = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    for (const [work, path, made] of [
      ['backup', file, file],
      ['restore', backup, copy],
    ] as const) {
      if (await isThere(made)) continue;
      const done = await killed(work, path, work === 'backup' ? dir : copy, 20 + 50 * kill);
      if (done) continue;
      halfway++;
      // It may have got its name in the last moment, and then it is whole: checked below.
      if (await isThere(made)) t.diagnostic(`${work} was whole when it was killed`);
    }
  }
  assert.ok(halfway > 0);
  if (!(await isThere(copy))) await restoreBackup(backup, copy, PASSPHRASE);
  const [before, after] = [await dump(dir), await dump(copy)];
  for (const [key, value] of before) if (key.startsWith('blob!')) assert.equal(after.get(key), value);
  if (await isThere(file)) await restoreBackup(file, join(folder, 'other'), PASSPHRASE);
  // What was left lies under names of its own.
  for (const name of await readdir(folder)) {
    assert.match(
      name,
      /^(first\.backup|second\.backup|copy|other|second\.backup\.[0-9a-f]{12}\.tmp|\.copy-\w+)$/,
    );
  }
});
