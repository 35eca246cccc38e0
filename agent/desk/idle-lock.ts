/** Whoever leaves the desk leaves it to the next person in the queue. */
const IDLE_MS = 10 * 60_000;
const LOOK_MS = 1000;
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const;

/**
 * Calls once when nobody has touched the page for so long. By the clock and not by one long timer: browsers stop timers
 * of a page that nobody sees, or of a machine that sleeps. The answer ends the watch.
 */
export function watchIdle(lock: () => void, idleMs = IDLE_MS): () => void {
  let last = Date.now();
  const end = new AbortController();
  const touched = (): void => {
    // Woken after a night, the first touch must not pass for a busy desk.
    if (Date.now() - last < idleMs) last = Date.now();
  };
  const look = (): void => {
    if (Date.now() - last < idleMs) return;
    stop();
    lock();
  };
  const timer = setInterval(look, LOOK_MS);
  for (const sign of SIGNS) {
    document.addEventListener(sign, touched, { capture: true, passive: true, signal: end.signal });
  }
  document.addEventListener('visibilitychange', look, { signal: end.signal });
  function stop(): void {
    clearInterval(timer);
    end.abort();
  }
  return stop;
}
