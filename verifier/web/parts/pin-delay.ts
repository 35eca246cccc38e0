import { isJsonObject } from '../../../credential/json.ts';

/** Wrong PINs in a row, and when the last one was; Unix seconds. Stored in the clear: it must be readable before any PIN. */
export interface Tries {
  readonly failures: number;
  readonly lastAt: number;
}

export const NO_TRIES: Tries = { failures: 0, lastAt: 0 };

/** Seconds to wait after so many wrong ones; a typing error or two costs nothing. */
const DELAYS = [0, 0, 0, 30, 60, 300, 900] as const;
const LONGEST = 3600;

/**
 * The seconds until the next PIN is tried. A clock set back gains nothing: the wait then begins anew.
 *
 * It keeps off whoever holds the device for a while. Whoever copies what is stored is kept off by argon2id alone.
 */
export function waitSeconds({ failures, lastAt }: Tries, now: number): number {
  const delay = failures < DELAYS.length ? (DELAYS[failures] ?? LONGEST) : LONGEST;
  return Math.ceil(Math.max(0, delay - Math.max(0, now - lastAt)));
}

/** One more try, counted before it is made: closing the page in between must not make it free. */
export function oneMore({ failures }: Tries, now: number): Tries {
  return { failures: failures + 1, lastAt: now };
}

/** What was counted; damaged, it counts as the longest wait, for it may have been damaged on purpose. */
export function triesOf(json: unknown, now: number): Tries {
  if (isJsonObject(json)) {
    const { failures, lastAt } = json;
    if (typeof failures === 'number' && failures >= 0 && typeof lastAt === 'number') {
      return { failures, lastAt };
    }
  }
  return { failures: DELAYS.length, lastAt: now };
}
