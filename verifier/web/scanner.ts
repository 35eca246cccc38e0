import { askingOf } from './asking/asking.ts';
import { cuesOf } from './cues/cues.ts';
import { askForVoices } from './cues/own-voice.ts';
import { beginCameraTurn } from './parts/camera-turn.ts';
import type { CameraEvent, CameraTurn } from './parts/camera-turn.ts';
import { listenForInputs } from './parts/inputs.ts';
import type { Given } from './parts/inputs.ts';
import { signal } from './parts/signals.ts';
import type { Facing } from './parts/camera.ts';
import { kioskOf } from './kiosk/kiosk.ts';
import { showTheme } from './parts/theme.ts';
import { wakeLock } from './parts/wake-lock.ts';
import type { ScannerPorts } from './scanner-ports.ts';
import { screenOf } from './screen.ts';
import type { Screen } from './screen.ts';
import { speakerFor } from './page-speaker.ts';
import { readSettings, writeSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { beginShift } from './shift.ts';
import { shownIn } from './shown-file.ts';
import { watchStanding } from './standing-watch.ts';
import type { Standing } from './parts/trust/standing.ts';
import type { Chosen, Shown, Verdict } from './venue-verifier.ts';
import { modeName, modeView, modeWords } from './views/mode-view.ts';
import { resultStage } from './views/result-stage.ts';
import type { ResultStage } from './views/result-stage.ts';
import { settingsView } from './views/settings-view.ts';
import { cameraFault, cameraHint } from './views/camera-words.ts';
import type { ScannerWords } from './words/table.ts';

/**
 * Run the scanner in that element.
 *
 * @returns whether nobody stands before it, so that a new version may take over
 */
export function startScanner(root: HTMLElement, { verifier, reader, storage }: ScannerPorts): () => boolean {
  const shift = beginShift();
  const cues = cuesOf(() => settings.cues);
  const awake = wakeLock(() => {
    screen.notice(speaker.say('noWakeLock'), speaker.say('close'));
  });
  let settings = readSettings(storage);
  let speaker = speakerFor(settings);
  let standing: Standing | undefined;
  let facing: Facing = 'environment';
  let camera: CameraTurn | undefined;
  let result: ResultStage | undefined;
  /** Raised whenever what was begun before no longer counts: what it leads to is thrown away. */
  let turn = 0;
  let resumes: (() => Promise<void>) | undefined;
  /** Of whoever stands before a kiosk. */
  let guestLanguage: string | undefined;

  const chosen = (): Chosen => ({ rules: settings.rules, event: settings.event });
  const asks = (): Standing['asks'] => (settings.kiosk === undefined ? (standing?.asks ?? null) : null);
  const screen: Screen = screenOf(root, {
    scan: () => void scan(),
    ask: () => void asking.begin(),
    stop: toIdle,
    file: (file) => void take({ file }),
    switchCamera: () => {
      facing = facing === 'environment' ? 'user' : 'environment';
      void openCamera();
    },
    mode: () => {
      if (standing !== undefined) screen.open(modeView(standing, settings, speaker, change));
    },
    settings: () => {
      screen.open(
        settingsView(settings, speaker, shift.count(now()), {
          change,
          endShift: shift.end,
          refresh,
          kiosk: kiosk.offer,
        }),
      );
    },
  });
  const asking = askingOf({
    verifier,
    screen,
    speaker: () => speaker,
    asks,
    chosen,
    clear,
    isCurrent: (one) => one === turn,
    idle: toIdle,
    begun: keepAwake,
    scan: () => void openCamera(),
    over: backToQuestion,
    answered: (verdicts) => {
      camera?.rest();
      turn += 1;
      showResults(verdicts, performance.now());
    },
  });
  const kiosk = kioskOf({
    terms: () => settings.kiosk,
    agree: (terms) => {
      change({ kiosk: terms });
    },
    venuePin: () => undefined,
    storage,
    screen,
    speaker: () => speaker,
    speak: (tag) => {
      guestLanguage = tag;
      respeak();
    },
    scan: () => void scan(),
    rest: toIdle,
    isScanning: () => camera !== undefined,
  });
  const refresh = watchStanding(verifier, (told) => {
    standing = told;
    showStanding();
  });
  showTheme(settings.theme);
  askForVoices();
  toIdle();
  kiosk.resume();
  refresh();
  void reader.call('warm').catch(() => undefined);
  listenForInputs((given) => void take(given));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      // Whoever picks the device up next sees nobody's name.
      resumes = asking.isOpen() ? asking.begin : camera && scan;
      cues.silence();
      toIdle();
    } else {
      refresh();
      void resumes?.();
    }
  });
  return () => result === undefined && !asking.isOpen();

  async function scan(): Promise<void> {
    if (!settings.introduced) change({ introduced: true });
    clear();
    await openCamera();
  }

  async function openCamera(): Promise<void> {
    const own = closeCamera();
    try {
      const side = settings.kiosk === undefined ? facing : 'user';
      const opened = await beginCameraTurn(side, reader, saw);
      if (own !== turn) {
        opened.stop();
        return;
      }
      camera = opened;
      keepAwake();
      watchAgain();
    } catch (error) {
      const fault = cameraFault(error);
      if (own === turn && !asking.show(speaker.say(fault))) toIdle(fault);
    }
  }

  function watchAgain(): void {
    if (camera === undefined) return;
    const back = asking.isOpen() ? backToQuestion : undefined;
    camera.watch(screen.showCamera(camera.camera, speaker, back));
    asking.watch();
  }

  function backToQuestion(): void {
    closeCamera();
    asking.show();
  }

  function saw(event: CameraEvent): void {
    cues.camera(event, speaker);
    if (event.kind === 'codes') void decide({ codes: event.codes }, event.at);
    else screen.hint(cameraHint(event, speaker, settings.kiosk !== undefined, asking.isOpen()));
  }

  async function take(given: Given): Promise<void> {
    // What a guest has on a stick is not for a kiosk.
    if (settings.kiosk !== undefined && 'file' in given) return;
    const at = performance.now();
    await decide('text' in given ? given : await shownIn(given.file, reader), at);
  }

  async function decide(shown: Shown, at: number): Promise<void> {
    camera?.rest();
    asking.rest();
    endResult();
    const own = ++turn;
    try {
      const asked = { shown, chosen: chosen() };
      const verdicts = (await verifier.call('decide', asked)) as readonly Verdict[];
      if (own === turn) showResults(verdicts, at);
    } catch {
      if (own === turn) toIdle('faulty');
    }
  }

  function showResults(verdicts: readonly Verdict[], at: number): void {
    asking.shows(verdicts);
    result = resultStage(verdicts, {
      speaker,
      settings,
      screen,
      at,
      mode: modeText(),
      meet: async (subject) => shift.meet(subject, now()),
      tell: (kind) => {
        signal(kind, settings);
        cues.outcome(kind, speaker);
      },
      over: next,
    });
  }

  /** On to the next guest: with a question or the camera, if that is how this one came. */
  function next(): void {
    endResult();
    turn += 1;
    kiosk.guestLeft();
    if (asking.goOn(camera !== undefined)) return;
    if (camera === undefined) toIdle();
    else watchAgain();
  }

  function clear(): number {
    asking.end();
    return closeCamera();
  }

  function closeCamera(): number {
    endResult();
    camera?.stop();
    camera = undefined;
    return ++turn;
  }

  function endResult(): void {
    result?.end();
    result = undefined;
  }

  function toIdle(fault?: keyof ScannerWords): void {
    clear();
    keepAwake();
    screen.showIdle(speaker, {
      introduced: settings.introduced,
      mode: modeText(),
      fault: fault === undefined ? undefined : speaker.say(fault),
      mayChangeMode: standing?.fixedRules === null,
      mayAsk: asks() !== null,
    });
  }

  function change(changed: Partial<Settings>): void {
    const isShown = result === undefined && camera === undefined;
    settings = { ...settings, ...changed };
    writeSettings(storage, settings);
    showTheme(settings.theme);
    speaker = speakerFor(settings);
    if (standing !== undefined) screen.showStanding(standing, speaker);
    if (isShown) toIdle();
  }

  /** A guest's language is shown at once, and is no setting. */
  function respeak(): void {
    const spoken = speakerFor({ language: guestLanguage ?? settings.language });
    if (spoken.language.tag === speaker.language.tag) return;
    speaker = spoken;
    if (standing !== undefined) screen.showStanding(standing, speaker);
    if (result !== undefined) return;
    if (camera === undefined) toIdle();
    else watchAgain();
  }

  function keepAwake(): void {
    if (camera === undefined && !asking.isOpen() && settings.kiosk === undefined) awake.release();
    else awake.hold();
  }

  function showStanding(): void {
    if (standing === undefined) return;
    screen.showStanding(standing, speaker);
    if (result === undefined && camera === undefined)
      screen.tellMode(modeText(), standing.fixedRules === null, asks() !== null);
  }

  function modeText(): string {
    const name = standing === undefined ? settings.rules : modeName(standing, settings);
    return modeWords(name, standing?.ruleSets ?? [], speaker);
  }
}

function now(): number {
  return Date.now() / 1000;
}
