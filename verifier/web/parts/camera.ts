/** Which way the camera looks. */
export type Facing = 'environment' | 'user';

/** Why there is no picture; a closed list. */
export type CameraFault = 'CAMERA_DENIED' | 'CAMERA_MISSING' | 'CAMERA_BUSY' | 'CAMERA_INSECURE';

/** A camera that is running. */
export interface Camera {
  readonly facing: Facing;
  readonly stream: MediaStream;
  /** Undefined if it has none. */
  readonly torch: ((on: boolean) => Promise<void>) | undefined;
  readonly zoom: Zoom | undefined;
  readonly stop: () => void;
}

/** How near a camera can be made to look. */
export interface Zoom {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly set: (value: number) => Promise<void>;
}

/** Abilities that TypeScript's library does not know (W3C MediaStream Image Capture, section 4). */
interface TorchAndZoom {
  readonly torch?: boolean;
  readonly zoom?: { readonly min: number; readonly max: number; readonly step: number };
}

/** No camera was opened. */
export class CameraError extends Error {
  override readonly name = 'CameraError';
  readonly code: CameraFault;

  constructor(code: CameraFault) {
    super(code);
    this.code = code;
  }
}

/** A card's code of 120 modules a side needs about three pixels a module; more only costs time. */
const WANTED = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

/**
 * Open a camera, the one that looks that way if there is one.
 *
 * @throws CameraError
 */
export async function openCamera(facing: Facing): Promise<Camera> {
  // Browsers have no camera for pages that anyone on the way could have changed.
  if (!isSecureContext) throw new CameraError('CAMERA_INSECURE');
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: facing }, ...WANTED },
    });
    return cameraOf(stream, facing);
  } catch (error) {
    throw new CameraError(faultOf(error));
  }
}

function cameraOf(stream: MediaStream, facing: Facing): Camera {
  const [track] = stream.getVideoTracks();
  const able = abilitiesOf(track);
  let applied = {};
  const apply = async (settings: { readonly torch: boolean } | { readonly zoom: number }): Promise<void> => {
    // What is applied replaces what was: a nearer look would put the light out.
    applied = { ...applied, ...settings };
    // A camera that says it can and cannot is used as it is.
    await track?.applyConstraints({ advanced: [applied] }).catch(() => undefined);
  };
  return {
    facing,
    stream,
    torch: able.torch === true ? async (on) => apply({ torch: on }) : undefined,
    zoom:
      able.zoom !== undefined && able.zoom.max > able.zoom.min
        ? {
            ...able.zoom,
            set: async (value) => apply({ zoom: value }),
          }
        : undefined,
    stop: () => {
      for (const each of stream.getTracks()) each.stop();
    },
  };
}

/** Firefox has no such question. */
function abilitiesOf(track: MediaStreamTrack | undefined): TorchAndZoom {
  return track !== undefined && 'getCapabilities' in track ? (track.getCapabilities() as TorchAndZoom) : {};
}

function faultOf(error: unknown): CameraFault {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'CAMERA_DENIED';
  return name === 'NotReadableError' || name === 'AbortError' ? 'CAMERA_BUSY' : 'CAMERA_MISSING';
}
