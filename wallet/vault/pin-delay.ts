import { FormatError } from '../../credential/errors.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { NO_TRIES, triesOf } from '../../verifier/web/parts/pin-delay.ts';
import type { Tries } from '../../verifier/web/parts/pin-delay.ts';
import type { Bytes } from './store.ts';

export function encodeTries(tries: Tries): Bytes {
  return new TextEncoder().encode(JSON.stringify(tries));
}

/** What was counted; damaged, it counts as the longest wait. */
export function parseTries(bytes: Bytes | undefined, now: number): Tries {
  if (bytes === undefined) return NO_TRIES;
  try {
    return triesOf(parseJson(decodeUtf8(bytes)), now);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return triesOf(undefined, now);
  }
}
