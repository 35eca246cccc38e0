import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFolder } from './atomic-file.ts';
import { IssuerError } from './issuer-error.ts';
import { reporting } from './store-fault.ts';

/**
 * Makes a folder that only its owner can read, and that appears whole or not at all: it is filled under another name
 * beside its place. What `fill` writes must be on disk when it returns.
 *
 * IssuerError STORE_EXISTS if something is there, STORE_UNAVAILABLE.
 */
export async function makeWholeFolder(dir: string, fill: (draft: string) => Promise<void>): Promise<void> {
  const target = resolve(dir);
  await reporting(async () => {
    await assertFree(target);
    await mkdir(dirname(target), { recursive: true });
    const draft = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
    try {
      await fill(draft);
      await syncFolder(draft);
      // An empty folder made beforehand is fine; anything in it is somebody's.
      await rmdir(target).catch(() => undefined);
      await rename(draft, target);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
    await syncFolder(dirname(target));
  });
}

/** Asked before the work as well as after it: to fill a folder can take minutes. */
async function assertFree(target: string): Promise<void> {
  const there = await readdir(target).catch(() => []);
  if (there.length > 0)
    throw new IssuerError('STORE_EXISTS', 'There is something in this folder already: say another --dir.');
}
