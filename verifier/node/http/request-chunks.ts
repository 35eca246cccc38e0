import type { IncomingMessage } from 'node:http';

/** Why the reading ended: all was read, whoever sends went away, nothing came for too long, or the server stops. */
export type ChunksEnd = 'end' | 'gone' | 'timeout' | 'stopping';

/**
 * Chunks of a request's body as they come, and how that ended. Nothing is read ahead: whoever is slow slows the sender.
 *
 * The reader answers each chunk with whether it was of use; what counts is how long nothing of use was waited for, so
 * that a blank now and then does not hold the place of somebody who has something to say.
 */
export async function* requestChunks(
  request: IncomingMessage,
  { idleMs, stopping }: { readonly idleMs: number; readonly stopping: AbortSignal },
): AsyncGenerator<Buffer, ChunksEnd, boolean> {
  let wake: () => void = () => undefined;
  let [ended, late, waitedMs] = [false, false, 0];
  const look = (): void => wake();
  request.on('readable', look).on('close', look).on('error', look);
  request.on('end', () => {
    ended = true;
    wake();
  });
  stopping.addEventListener('abort', look);
  try {
    for (;;) {
      const chunk = request.read() as Buffer | null;
      if (chunk !== null) {
        if (yield chunk) waitedMs = 0;
      } else if (ended) return 'end';
      else if (stopping.aborted) return 'stopping';
      else if (request.destroyed) return 'gone';
      else if (late) return 'timeout';
      else {
        const begun = performance.now();
        const timer = setTimeout(() => {
          late = true;
          wake();
        }, idleMs - waitedMs);
        // No event comes between the look above and here: all of it is one turn.
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        clearTimeout(timer);
        waitedMs += performance.now() - begun;
      }
    }
  } finally {
    stopping.removeEventListener('abort', look);
  }
}
