/** Keeps the screen from going dark while somebody needs it. */
export interface WakeLock {
  readonly hold: () => void;
  readonly release: () => void;
}

/**
 * A lock that is held by nobody yet. Browsers drop it with every page that is hidden, so it is asked for again.
 *
 * @param unable is called once, if this browser keeps no screen awake
 */
export function wakeLock(unable: () => void): WakeLock {
  let isWanted = false;
  let held: WakeLockSentinel | undefined;
  let isAsking = false;
  let isTold = false;

  const isLacking = (): boolean => isWanted && held?.released !== false;
  const take = async (): Promise<void> => {
    if (isAsking || !isLacking() || document.hidden) return;
    isAsking = true;
    try {
      const taken = await navigator.wakeLock.request('screen');
      // Meanwhile nobody may need it any more.
      if (isLacking()) held = taken;
      else await taken.release();
    } catch {
      // Not there at all (TypeError), or refused, as by a battery that runs low.
      if (!isTold) unable();
      isTold = true;
    }
    isAsking = false;
  };
  document.addEventListener('visibilitychange', () => void take());
  return {
    hold: () => {
      isWanted = true;
      void take();
    },
    release: () => {
      isWanted = false;
      void held?.release();
      held = undefined;
    },
  };
}
