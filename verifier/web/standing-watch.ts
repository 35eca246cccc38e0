import type { Standing } from './parts/trust/standing.ts';
import type { Calls } from './parts/worker-calls.ts';

/** As often as the node takes new trust data: a card that was revoked is to be red at the door as soon as at the node. */
const REFRESH_MS = 60_000;
/** Where the node could not be reached. */
const RETRY_MS = 20_000;
/** Ages grow without anything happening. */
const TELL_MS = 15_000;

/**
 * Have the node asked for newer trust data from time to time, and tell how what is held stands.
 *
 * @returns what asks at once
 */
export function watchStanding(verifier: Calls, tell: (standing: Standing) => void): () => void {
  let refreshing: ReturnType<typeof setTimeout> | undefined;

  /** Answers whether the node could be asked. */
  const tellStanding = async (call: 'standing' | 'refresh'): Promise<boolean> => {
    try {
      const standing = (await verifier.call(call)) as Standing;
      tell(standing);
      return standing.contact?.fault === null;
    } catch {
      // What is shown grows old by itself; cards say more than a banner could.
      return false;
    }
  };
  const refresh = async (): Promise<void> => {
    await tellStanding('standing');
    const isReached = await tellStanding('refresh');
    clearTimeout(refreshing);
    refreshing = setTimeout(() => void refresh(), isReached ? REFRESH_MS : RETRY_MS);
  };
  setInterval(() => void tellStanding('standing'), TELL_MS);
  addEventListener('online', () => void refresh());
  return () => void refresh();
}
