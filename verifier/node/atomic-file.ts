import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Write a file so that its name holds, whatever happens, the whole of the old content or the whole of the new.
 *
 * @param mode permissions of the new file
 * @throws the file system's own error (ENOENT, EACCES, ENOSPC…); no temporary file is left behind
 */
export async function replaceFile(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await withTemporary(path, content, mode, (temporary) => rename(temporary, path));
}

/**
 * Write a file that must not be there yet, whole or not at all.
 *
 * @returns false if another process made it first; its file is then left as it is
 */
export async function createFile(path: string, content: string | Uint8Array, mode: number): Promise<boolean> {
  let created = true;
  await withTemporary(path, content, mode, async (temporary) => {
    try {
      await link(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      created = false;
    }
  });
  return created;
}

async function withTemporary(
  path: string,
  content: string | Uint8Array,
  mode: number,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await publish(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

/** A rename is durable only once its folder is; Windows cannot open folders and does without. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
