import type { Glimpse } from '../../../credential/qr-reader.ts';
import type { Calls } from './worker-calls.ts';

/** What the reader saw in one frame. */
export interface Sighting {
  readonly codes: readonly string[];
  /** There is a code, which could not be read. */
  readonly isUnclear: boolean;
  /** When the frame was taken, by performance.now(). */
  readonly at: number;
}

/** Every how many frames a look is taken at every row: small and blurred codes need it, others are faster without. */
const THOROUGH_EVERY = 3;
const NOTHING: Glimpse = { texts: [], isUnclear: false };

/**
 * Read the frames of a video as fast as the reader goes, always the newest, until told to stop.
 *
 * @returns what stops it
 */
export function readFrames(
  video: HTMLVideoElement,
  reader: Calls,
  seen: (sighting: Sighting) => void,
): () => void {
  const stopping = new AbortController();
  const { signal } = stopping;
  let count = 0;
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      const at = await nextFrame(video);
      if (isOver(signal)) return;
      const { texts, isUnclear } = await lookAt(video, reader, ++count % THOROUGH_EVERY === 0);
      if (!isOver(signal)) seen({ codes: texts, isUnclear, at });
    }
  };
  void loop();
  return () => {
    stopping.abort();
  };
}

/** Asked anew after each wait. */
function isOver({ aborted }: AbortSignal): boolean {
  return aborted;
}

async function nextFrame(video: HTMLVideoElement): Promise<number> {
  return new Promise((resolve) => {
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(resolve);
    else requestAnimationFrame(resolve);
  });
}

/** A frame that cannot be read is one without a code. */
async function lookAt(video: HTMLVideoElement, reader: Calls, thorough: boolean): Promise<Glimpse> {
  if (video.videoWidth === 0) return NOTHING;
  try {
    const bitmap = await createImageBitmap(video);
    return (await reader.call('frame', { bitmap, thorough }, [bitmap])) as Glimpse;
  } catch {
    return NOTHING;
  }
}
