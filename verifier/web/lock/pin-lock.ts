import { NO_TRIES, oneMore, triesOf, waitSeconds } from '../parts/pin-delay.ts';
import type { Tries } from '../parts/pin-delay.ts';
import type { Lock } from './ask-pin.ts';
import { checkPin } from './pin-hash.ts';

/**
 * A lock that counts its wrong PINs in the browser, so that loading the page anew gains nobody another try.
 *
 * @param name of what it locks, each with a count of its own
 * @param now Unix seconds
 */
export function pinLock(
  name: string,
  encoded: string,
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  now = (): number => Date.now() / 1000,
): Lock {
  const place = `pratique-scanner-tries-${name}`;
  /** For a browser that keeps nothing. */
  let counted: Tries = NO_TRIES;
  const read = (): Tries => {
    const text = storage.getItem(place);
    return text === null ? counted : triesOf(jsonOf(text), now());
  };
  const wait = (): number => waitSeconds(read(), now());
  const count = (tries: Tries): void => {
    counted = tries;
    try {
      storage.setItem(place, JSON.stringify(tries));
    } catch {
      // Private windows may have no room.
    }
  };
  return {
    waitSeconds: () => {
      const tries = read();
      // A clock set back is written down, so that the wait that begins anew also ends.
      if (now() < tries.lastAt) count({ ...tries, lastAt: now() });
      return wait();
    },
    check: async (pin) => {
      if (wait() > 0) return false;
      count(oneMore(read(), now()));
      if (!(await checkPin(encoded, pin))) return false;
      counted = NO_TRIES;
      storage.removeItem(place);
      return true;
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
