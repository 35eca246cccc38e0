import { isPicture } from '../../credential/picture.ts';
import { OUTCOME_OF_CODE } from '../pipeline/decision.ts';
import type { FailureCode } from '../pipeline/decision.ts';
import { CallError } from './parts/worker-calls.ts';
import type { Calls } from './parts/worker-calls.ts';
import type { Shown } from './venue-verifier.ts';

/** No picture of a telephone's camera is larger, and more would fill a telephone's memory. */
const MAX_BYTES = 64 * 1024 * 1024;

/** What a file shows: the codes in a picture, read by that worker, or its bytes. */
export async function shownIn(file: File, reader: Calls): Promise<Shown> {
  if (file.size > MAX_BYTES) return { code: 'TOO_LARGE' };
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!isPicture(bytes)) return { bytes };
    return { codes: (await reader.call('picture', bytes)) as readonly string[] };
  } catch (error) {
    return { code: error instanceof CallError && isFailureCode(error.code) ? error.code : 'MALFORMED' };
  }
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(OUTCOME_OF_CODE, code);
}
