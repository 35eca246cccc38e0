import { CameraError } from '../parts/camera.ts';
import type { CameraFault } from '../parts/camera.ts';
import type { CameraEvent } from '../parts/camera-turn.ts';
import type { Said } from '../parts/speaker.ts';
import type { Speaker } from '../scanner-words.ts';
import type { ScannerWords } from '../words/table.ts';

const CAMERA_WORDS: Readonly<Record<CameraFault, keyof ScannerWords>> = {
  CAMERA_DENIED: 'cameraDenied',
  CAMERA_MISSING: 'cameraMissing',
  CAMERA_BUSY: 'cameraBusy',
  CAMERA_INSECURE: 'cameraInsecure',
};

/** What is to be done with the code, as far as the camera can tell. */
export function cameraHint(
  event: Exclude<CameraEvent, { kind: 'codes' }>,
  { say }: Speaker,
  isForGuest: boolean,
  isForAnswer: boolean,
): Said {
  if (event.kind === 'several') return say('oneCode');
  if (event.kind === 'part') return say('part', { have: String(event.have), all: String(event.total) });
  return say(holdWord(isForGuest, isForAnswer));
}

/** What is said while nothing is seen. */
export function holdWord(isForGuest: boolean, isForAnswer: boolean): keyof ScannerWords {
  if (isForGuest) return 'kioskHold';
  return isForAnswer ? 'askHold' : 'hold';
}

/** What is said of what kept the camera from opening. */
export function cameraFault(error: unknown): keyof ScannerWords {
  return error instanceof CameraError ? CAMERA_WORDS[error.code] : 'faulty';
}
