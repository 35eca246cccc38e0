import { readFile } from 'node:fs/promises';
import { IssuerError } from './issuer-error.ts';
import { codeOf } from './store-fault.ts';

export const ENVELOPE_FILE = 'envelope.json';

/** The JSON of an envelope. IssuerError STORE_MISSING, STORE_DAMAGED, STORE_UNAVAILABLE. */
export async function readEnvelopeFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
      throw new IssuerError(
        'STORE_MISSING',
        'There is no issuer in this folder: say its --dir, or make one with `pratique issuer init`.',
      );
    }
    throw new IssuerError('STORE_UNAVAILABLE', 'The issuer folder cannot be read.', { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new IssuerError('STORE_DAMAGED', 'The envelope of the issuer folder cannot be read.');
  }
}
