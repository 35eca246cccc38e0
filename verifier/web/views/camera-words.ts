import type { CameraFault } from '../parts/camera.ts';
import type { CameraEvent } from '../parts/camera-turn.ts';
import type { Said } from '../parts/speaker.ts';
import type { Speaker } from '../scanner-words.ts';
import type { ScannerWords } from '../words/table.ts';

/** What the words of a camera's fault are. */
export const CAMERA_WORDS: Readonly<Record<CameraFault, keyof ScannerWords>> = {
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
): Said {
  if (event.kind === 'several') return say('oneCode');
  if (event.kind === 'part') return say('part', { have: String(event.have), all: String(event.total) });
  return say(isForGuest ? 'kioskHold' : 'hold');
}
