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

/**
 * Show what the camera sees, in a frame that says where the code belongs.
 *
 * @param switchCamera without it nothing about the camera can be set
 */
export function scanView(camera: Camera, speaker: Speaker, switchCamera: (() => void) | undefined): ScanView {
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
    switchCamera === undefined
      ? undefined
      : element(
          'div',
          { class: 'camera-controls' },
          button(say('switchCamera').text, switchCamera, { class: 'quiet' }),
          torchButton(camera, say('torch').text),
          zoomRange(camera, say('zoom').text),
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

function torchButton({ torch }: Camera, name: string): HTMLElement | undefined {
  if (torch === undefined) return undefined;
  const made = button(name, () => void turn(), { class: 'quiet', 'aria-pressed': 'false' });
  let isOn = false;
  async function turn(): Promise<void> {
    isOn = !isOn;
    made.setAttribute('aria-pressed', String(isOn));
    await torch?.(isOn);
  }
  return made;
}

function zoomRange({ zoom }: Camera, name: string): HTMLElement | undefined {
  if (zoom === undefined) return undefined;
  const { min, max, step } = zoom;
  const range = element('input', {
    type: 'range',
    min: String(min),
    max: String(max),
    step: String(step || 0.1),
    value: String(min),
  });
  range.addEventListener('input', () => void zoom.set(Number(range.value)));
  return element('label', { class: 'zoom' }, name, range);
}
