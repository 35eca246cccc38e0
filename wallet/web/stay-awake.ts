import { wakeLock } from '../../verifier/web/parts/wake-lock.ts';
import type { WakeLock } from '../../verifier/web/parts/wake-lock.ts';

let lock: WakeLock | undefined;
let isUnable = false;
let tellUnable = (): void => undefined;

/**
 * Keep the screen from going dark until that is ended.
 *
 * @param unable is called if this browser keeps no screen awake
 */
export function holdAwake(unable: () => void): () => void {
  tellUnable = unable;
  lock ??= wakeLock(() => {
    isUnable = true;
    tellUnable();
  });
  if (isUnable) unable();
  lock.hold();
  return () => {
    tellUnable = () => undefined;
    lock?.release();
  };
}
