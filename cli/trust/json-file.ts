import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { TrustError } from '../../verifier/pipeline/trust-error.ts';
import { readFileUpTo } from '../../verifier/node/read-file.ts';
import type { JsonFile } from '../../verifier/node/read-file.ts';

/** The largest real one, a directory of 651 issuers, has 0.7 MB; a bound on what a wrong path makes us read. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** A file that the operator named, under that name. */
export interface NamedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Read a JSON file that the operator named.
 *
 * @throws TrustError FILE_UNREADABLE if it is not there, too large, or not strict JSON in UTF-8
 */
export async function readJsonFile(path: string): Promise<JsonFile> {
  const { bytes } = await readNamedFile(path);
  try {
    return { name: path, json: parseJson(decodeUtf8(bytes)) };
  } catch (error) {
    if (error instanceof FormatError) throw unreadable(path, 'is not JSON');
    throw error;
  }
}

/**
 * Read a file that the operator named, in whichever form: revocation data, a rule set.
 *
 * @throws TrustError FILE_UNREADABLE if it is not there or too large
 */
export async function readNamedFile(path: string): Promise<NamedFile> {
  try {
    const bytes = await readFileUpTo(path, MAX_FILE_BYTES);
    if (bytes === 'too-large') throw unreadable(path, 'is larger than 64 MB');
    return { name: path, bytes };
  } catch (error) {
    if (error instanceof TrustError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(path, code === 'ENOENT' ? 'is not there' : 'cannot be read');
  }
}

function unreadable(path: string, why: string): TrustError {
  return new TrustError('FILE_UNREADABLE', `The file ${path} ${why}.`);
}
