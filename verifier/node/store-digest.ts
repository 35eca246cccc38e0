import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrustError } from '../pipeline/trust-error.ts';
import { replaceFile } from './atomic-file.ts';

/**
 * The digest of what a store holds, in a file beside the database: a batch that LevelDB loses whole leaves an older
 * state that is sound in itself, which only something outside it can tell from the present one.
 */
export const DIGEST_FILE = 'digest.json';

/**
 * The digests that the store of a folder may have: one, two while a change is under way, none before the first.
 *
 * @throws TrustError STORE_CORRUPT if the file is damaged, FILE_UNREADABLE
 */
export async function readDigests(folder: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(join(folder, DIGEST_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new TrustError('FILE_UNREADABLE', 'The folder of the trust store cannot be used.');
  }
  try {
    const digests: unknown = JSON.parse(text);
    if (
      Array.isArray(digests) &&
      digests.length > 0 &&
      digests.every((digest) => typeof digest === 'string')
    ) {
      return digests;
    }
  } catch {
    // Not JSON any more: the same as a digest of nothing.
  }
  throw new TrustError('STORE_CORRUPT', `The file ${DIGEST_FILE} of the trust store is damaged.`);
}

/** State that only this digest is the store's. */
export async function settleDigest(folder: string, digest: string): Promise<void> {
  await replaceFile(join(folder, DIGEST_FILE), JSON.stringify([digest]), 0o600);
}

/**
 * Take a store from one digest to another: both hold while `commit` is under way, so that a crash leaves the state
 * before or the state after, and never one that is neither.
 */
export async function changeDigest(
  folder: string,
  change: { readonly from: string; readonly to: string },
  commit: () => Promise<void>,
): Promise<void> {
  await replaceFile(join(folder, DIGEST_FILE), JSON.stringify([change.from, change.to]), 0o600);
  await commit();
  await settleDigest(folder, change.to);
}
