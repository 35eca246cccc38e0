import type { Said } from '../../verifier/web/parts/speaker.ts';
import type { Speaker } from './wallet-words.ts';

/** What failed, why, and what to do now, in words. */
export function faultWords(_error: unknown, { say }: Speaker): Said {
  return say('faulty');
}
