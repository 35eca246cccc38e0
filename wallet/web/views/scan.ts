import { beginCameraTurn } from '../../../verifier/web/parts/camera-turn.ts';
import type { CameraEvent, CameraTurn } from '../../../verifier/web/parts/camera-turn.ts';
import { CameraError } from '../../../verifier/web/parts/camera.ts';
import type { Camera, CameraFault, Facing } from '../../../verifier/web/parts/camera.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { View, Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';
import { routeFor } from '../taken.ts';
import type { PassWords } from '../words/passes/table.ts';
import { fileButton } from './file-button.ts';

const FAULT_WORDS: Readonly<Record<CameraFault, keyof PassWords>> = {
  CAMERA_DENIED: 'cameraDenied',
  CAMERA_MISSING: 'cameraMissing',
  CAMERA_BUSY: 'cameraBusy',
  CAMERA_INSECURE: 'cameraInsecure',
};

/** The camera: a pass, or what a venue asks. */
export function scanView({ speaker, reader, ports, go, attempt }: Wallet): View {
  const { say } = speaker;
  const video = element('video', { class: 'camera', 'aria-hidden': 'true' });
  video.muted = true;
  video.playsInline = true;
  video.autoplay = true;
  const hint = element('p', { class: 'hint', role: 'status' });
  const controls = element('div', { class: 'camera-controls' });
  const lens = element(
    'div',
    { class: 'scan' },
    video,
    element('div', { class: 'finder', 'aria-hidden': 'true' }),
    hint,
    controls,
  );
  const root = element(
    'div',
    { class: 'stage scanning' },
    lens,
    element('p', { class: 'small' }, saidNode(say('scanOtherWays'))),
    fileButton(say('byFile'), (file) => {
      void attempt(async () => {
        go(await routeFor({ file }, ports));
      });
    }),
  );
  let facing: Facing = 'environment';
  let turn: CameraTurn | undefined;
  /** Raised whenever what was begun before no longer counts. */
  let number = 0;
  const whenHidden = (): void => {
    if (document.hidden) end();
    else void begin();
  };
  document.addEventListener('visibilitychange', whenHidden);
  void reader.call('warm').catch(() => undefined);
  void begin();
  return {
    title: say('scan'),
    root,
    stop: () => {
      document.removeEventListener('visibilitychange', whenHidden);
      end();
    },
  };

  function end(): void {
    number += 1;
    turn?.stop();
    turn = undefined;
    video.srcObject = null;
  }

  async function begin(): Promise<void> {
    end();
    const own = number;
    tell(say('cameraOpening'));
    try {
      const opened = await beginCameraTurn(facing, reader, saw);
      if (own !== number) {
        opened.stop();
        return;
      }
      turn = opened;
      lens.classList.toggle('scan-mirrored', facing === 'user');
      lens.classList.remove('scan-dark');
      video.srcObject = opened.camera.stream;
      video.play().catch(() => undefined);
      controls.replaceChildren(...controlsOf(opened.camera));
      tell(say('hold'));
      opened.watch(video);
    } catch (error) {
      if (own !== number) return;
      lens.classList.add('scan-dark');
      tell(say(FAULT_WORDS[error instanceof CameraError ? error.code : 'CAMERA_MISSING']));
      controls.replaceChildren(saidButton(say('tryAgain'), () => void begin(), { class: 'quiet' }));
    }
  }

  function saw(event: CameraEvent): void {
    if (event.kind === 'unclear') tell(say('unclear'));
    else if (event.kind === 'several') tell(say('oneCode'));
    else if (event.kind === 'nothing') tell(say('hold'));
    else if (event.kind === 'part') tell(say('part', { have: String(event.have), all: String(event.total) }));
    else {
      const { codes } = event;
      end();
      void attempt(async () => {
        go(await routeFor({ codes }, ports));
      });
    }
  }

  function tell(said: Said): void {
    if (hint.textContent !== said.text) hint.replaceChildren(saidNode(said));
  }

  function controlsOf({ torch, zoom }: Camera): readonly HTMLElement[] {
    const other = saidButton(
      say('switchCamera'),
      () => {
        facing = facing === 'environment' ? 'user' : 'environment';
        void begin();
      },
      { class: 'quiet' },
    );
    return [
      other,
      ...(torch === undefined ? [] : [torchButton(torch)]),
      ...(zoom === undefined ? [] : [zoomRange(zoom)]),
    ];
  }

  function torchButton(torch: NonNullable<Camera['torch']>): HTMLElement {
    let isOn = false;
    const made = saidButton(
      say('torch'),
      () => {
        isOn = !isOn;
        made.setAttribute('aria-pressed', String(isOn));
        void torch(isOn);
      },
      { class: 'quiet', 'aria-pressed': 'false' },
    );
    return made;
  }

  function zoomRange({ min, max, step, set }: NonNullable<Camera['zoom']>): HTMLElement {
    const range = element('input', {
      type: 'range',
      min: String(min),
      max: String(max),
      step: String(step || 0.1),
      value: String(min),
    });
    range.addEventListener('input', () => void set(Number(range.value)));
    return element('label', { class: 'zoom' }, saidNode(say('zoom')), range);
  }
}
