import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { EDGE, Problem } from './problem.ts';

/**
 * The JSON of a body, strictly (RFC 7493).
 *
 * @throws Problem JSON_INVALID
 */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return parseJson(decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof FormatError) throw new Problem(EDGE.JSON_INVALID);
    throw error;
  }
}
