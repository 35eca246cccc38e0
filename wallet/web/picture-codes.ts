import { FormatError } from '../../credential/errors.ts';
import type { FormatCode } from '../../credential/errors.ts';
import { CallError } from '../../verifier/web/parts/worker-calls.ts';
import type { Calls } from '../../verifier/web/parts/worker-calls.ts';

const FORMAT_CODES: ReadonlySet<string> = new Set<FormatCode>([
  'MALFORMED',
  'UNSUPPORTED_FORMAT',
  'TOO_LARGE',
]);

/**
 * The texts of all QR codes in a picture, which the worker reads.
 *
 * @throws FormatError as the reader does, which only its code comes back of
 */
export async function codesIn(picture: Uint8Array, reader: Calls): Promise<readonly string[]> {
  try {
    return (await reader.call('picture', picture)) as readonly string[];
  } catch (error) {
    if (error instanceof CallError && isFormatCode(error.code))
      throw new FormatError(error.code, 'The picture cannot be read.');
    throw error;
  }
}

function isFormatCode(code: string): code is FormatCode {
  return FORMAT_CODES.has(code);
}
