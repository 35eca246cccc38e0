import { openCamera } from './camera.ts';
import type { Camera, Facing } from './camera.ts';
import { chunkCollector } from './chunk-collector.ts';
import { readFrames } from './frame-reader.ts';
import type { Sighting } from './frame-reader.ts';
import type { Calls } from './worker-calls.ts';

/** What the camera saw that somebody should hear of. */
export type CameraEvent =
  /** A whole card, or anything else that a QR code may hold. */
  | { readonly kind: 'codes'; readonly codes: readonly string[]; readonly at: number }
  | { readonly kind: 'part'; readonly have: number; readonly total: number }
  | { readonly kind: 'several' }
  /** A code is there, and cannot be read. */
  | { readonly kind: 'unclear' }
  | { readonly kind: 'nothing' };

/** A camera that looks for codes until it is stopped. */
export interface CameraTurn {
  readonly camera: Camera;
  /** Read the frames of the video that shows it. */
  readonly watch: (video: HTMLVideoElement) => void;
  /** Look no more, until `watch`; parts of a card are forgotten. */
  readonly rest: () => void;
  readonly stop: () => void;
}

/** A code that stays before the camera after its result was dismissed is not a second guest, until it was away so long. */
const AWAY_MS = 1500;

/**
 * Open the camera and tell what it sees.
 *
 * @throws CameraError
 */
export async function beginCameraTurn(
  facing: Facing,
  reader: Calls,
  tell: (event: CameraEvent) => void,
): Promise<CameraTurn> {
  const camera = await openCamera(facing);
  const chunks = chunkCollector();
  let stopReading = (): void => undefined;
  let last = { code: '', seenAt: -Infinity };
  let isResumed = false;

  const see = ({ codes, isUnclear, at }: Sighting): void => {
    const now = Date.now() / 1000;
    // What was dismissed a moment ago is still held there, however long the camera took to show it again.
    if (isResumed) last = { ...last, seenAt: at };
    isResumed = false;
    const [code] = codes;
    if (code === undefined) {
      const part = chunks.progress(now);
      tell(
        part === undefined
          ? { kind: isUnclear ? 'unclear' : 'nothing' }
          : { kind: 'part', have: part.have.length, total: part.total },
      );
      return;
    }
    // Two guests' codes in one picture: neither is anybody's turn.
    if (codes.length > 1 && !codes.every((each) => /^shc:\/\d+\/\d+\//.test(each))) {
      tell({ kind: 'several' });
      return;
    }
    const isStillThere = code === last.code && at - last.seenAt < AWAY_MS;
    last = { code: isStillThere ? code : last.code, seenAt: isStillThere ? at : last.seenAt };
    if (isStillThere) return;
    for (const each of codes) {
      const collected = chunks.add(each, now);
      if (collected.kind === 'part') {
        tell({ kind: 'part', have: collected.have.length, total: collected.total });
        continue;
      }
      last = { code, seenAt: at };
      tell({ kind: 'codes', codes: collected.codes, at });
      return;
    }
  };

  const rest = (): void => {
    stopReading();
    chunks.forget();
  };
  return {
    camera,
    rest,
    watch: (video) => {
      stopReading();
      isResumed = true;
      stopReading = readFrames(video, reader, see);
    },
    stop: () => {
      rest();
      camera.stop();
    },
  };
}
