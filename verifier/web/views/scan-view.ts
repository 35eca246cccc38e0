import type { Camera } from '../parts/camera.ts';
import { button, element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import type { Said } from '../parts/speaker.ts';
import type { Speaker } from '../scanner-words.ts';

/** The camera's picture with what can be set about it. */
export interface ScanView {
  readonly root: HTMLElement;
  readonly video: HTMLVideoElement;
  /** What to do with the code, or how far it has come. */
  readonly hint: (said: Said) => void;
}

/** What was set about a camera that can: it holds for the next turn of the same one. */
export interface LensChoice {
  torch: boolean;
  zoom: number | undefined;
}

/**
 * Show what the camera sees, in a frame that says where the code belongs.
 *
 * @param controls without them nothing about the camera can be set
 */
export function scanView(
  camera: Camera,
  speaker: Speaker,
  controls: { readonly choice: LensChoice; readonly switchCamera: () => void } | undefined,
): ScanView {
  const { say } = speaker;
  const video = element('video', { class: 'camera', 'aria-hidden': 'true' });
  video.muted = true;
  video.playsInline = true;
  video.autoplay = true;
  video.srcObject = camera.stream;
  const hint = element('p', { class: 'hint', role: 'status' }, saidNode(say('hold')));
  const root = element(
    'section',
    { class: camera.facing === 'user' ? 'scan scan-mirrored' : 'scan' },
    video,
    element('div', { class: 'finder', 'aria-hidden': 'true' }),
    hint,
    controls === undefined
      ? undefined
      : element(
          'div',
          { class: 'camera-controls' },
          button(say('switchCamera').text, controls.switchCamera, { class: 'quiet' }),
          torchButton(camera, controls.choice, say('torch').text),
          zoomRange(camera, controls.choice, say('zoom').text),
        ),
  );
  return {
    root,
    video,
    hint: (said) => {
      if (hint.textContent !== said.text) hint.replaceChildren(saidNode(said));
    },
  };
}

function torchButton({ torch }: Camera, choice: LensChoice, name: string): HTMLElement | undefined {
  if (torch === undefined) return undefined;
  const made = button(name, () => void turn(), { class: 'quiet', 'aria-pressed': String(choice.torch) });
  if (choice.torch) void torch(true);
  return made;

  async function turn(): Promise<void> {
    choice.torch = !choice.torch;
    made.setAttribute('aria-pressed', String(choice.torch));
    await torch?.(choice.torch);
  }
}

function zoomRange({ zoom }: Camera, choice: LensChoice, name: string): HTMLElement | undefined {
  if (zoom === undefined) return undefined;
  const { min, max, step } = zoom;
  const range = element('input', {
    type: 'range',
    min: String(min),
    max: String(max),
    step: String(step || 0.1),
  });
  // Another camera may not come as near: the range keeps to its own ends.
  range.value = String(choice.zoom ?? min);
  if (choice.zoom !== undefined) void zoom.set(Number(range.value));
  range.addEventListener('input', () => {
    choice.zoom = Number(range.value);
    void zoom.set(choice.zoom);
  });
  return element('label', { class: 'zoom' }, name, range);
}
