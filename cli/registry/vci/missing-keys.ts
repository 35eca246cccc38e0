import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FormatError } from '../../../credential/errors.ts';
import { isJsonObject, parseJson } from '../../../credential/json.ts';
import { replaceFile } from '../../../verifier/node/atomic-file.ts';
import { TrustError } from '../../../verifier/pipeline/trust-error.ts';

/** Since when a key is missing from the directory, Unix seconds, by `<iss> <kid>`. */
export type MissingKeys = ReadonlyMap<string, number>;

/**
 * Read what earlier imports noted as missing; nothing if there was none.
 *
 * @throws TrustError FILE_UNREADABLE
 */
export async function readMissingKeys(path: string): Promise<MissingKeys> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw unreadable(path);
  }
  try {
    const json = parseJson(text);
    const entries = Object.entries(isJsonObject(json) ? json : {});
    return new Map(entries.map(([name, since]) => [name, typeof since === 'number' ? since : 0]));
  } catch (error) {
    if (error instanceof FormatError) throw unreadable(path);
    throw error;
  }
}

/** Note what is missing now, for the next import. */
export async function writeMissingKeys(path: string, missing: MissingKeys): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await replaceFile(path, `${JSON.stringify(Object.fromEntries(missing), null, 2)}\n`);
}

function unreadable(path: string): TrustError {
  return new TrustError('FILE_UNREADABLE', `The notes of earlier imports at ${path} cannot be read.`);
}
