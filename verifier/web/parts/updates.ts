import { scriptAddress } from './trusted-script.ts';

/** A page left open for weeks still learns of a new version. */
const LOOK_EVERY_MS = 3600_000;

/**
 * Have the page kept for when the node cannot be reached, and newer versions take over when nobody stands before it.
 *
 * @param isIdle whether the page may be loaded anew now
 */
export async function keepPage(isIdle: () => boolean): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  // At the first visit nothing old is replaced.
  let isKept = serviceWorker.controller !== null;
  let isLoading = false;
  serviceWorker.addEventListener('controllerchange', () => {
    if (isKept && !isLoading) {
      isLoading = true;
      location.reload();
    }
    isKept = true;
  });
  try {
    const registration = await serviceWorker.register(scriptAddress('/service-worker.js'), {
      updateViaCache: 'none',
    });
    const takeOver = (): void => {
      if (isIdle()) registration.waiting?.postMessage('take-over');
    };
    setInterval(takeOver, 1000);
    setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY_MS);
  } catch {
    // Without a network, or where the browser keeps nothing: the page works as it is.
  }
}
