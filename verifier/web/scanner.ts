import { cuesOf } from './cues/cues.ts';
import { askForVoices } from './cues/own-voice.ts';
import { beginCameraTurn } from './parts/camera-turn.ts';
import type { CameraEvent, CameraTurn } from './parts/camera-turn.ts';
import { listenForInputs } from './parts/inputs.ts';
import type { Given } from './parts/inputs.ts';
import { signal } from './parts/signals.ts';
import { CameraError } from './parts/camera.ts';
import type { Facing } from './parts/camera.ts';
import { kioskOf } from './kiosk/kiosk.ts';
import { showTheme } from './parts/theme.ts';
import { wakeLock } from './parts/wake-lock.ts';
import type { Calls } from './parts/worker-calls.ts';
import { screenOf } from './screen.ts';
import type { Screen } from './screen.ts';
import { speakerOf, preferredTag } from './scanner-words.ts';
import type { Speaker } from './scanner-words.ts';
import { readSettings, writeSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { beginShift } from './shift.ts';
import { shownIn } from './shown-file.ts';
import { watchStanding } from './standing-watch.ts';
import type { Standing } from './parts/trust/standing.ts';
import type { Shown, Verdict } from './venue-verifier.ts';
import { modeName, modeView, modeWords } from './views/mode-view.ts';
import { resultStage } from './views/result-stage.ts';
import type { ResultStage } from './views/result-stage.ts';
import { settingsView } from './views/settings-view.ts';
import { cameraHint, CAMERA_WORDS } from './views/camera-words.ts';
import type { ScannerWords } from './words/table.ts';

/** What the scanner works with. */
export interface ScannerPorts {
  readonly verifier: Calls;
  readonly reader: Calls;
  readonly storage: Storage;
}

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
  let resumes = false;
  /** Of whoever stands before a kiosk. */
  let guestLanguage: string | undefined;

  const screen: Screen = screenOf(root, {
    scan: () => void scan(),
    stop: toIdle,
    file: (file) => void take({ file }),
    switchCamera: () => {
      facing = facing === 'environment' ? 'user' : 'environment';
      void scan();
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
      resumes = camera !== undefined;
      cues.silence();
      toIdle();
    } else {
      refresh();
      if (resumes) void scan();
    }
  });
  return () => result === undefined;

  async function scan(): Promise<void> {
    if (!settings.introduced) change({ introduced: true });
    const own = clear();
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
      if (own === turn) toIdle(error instanceof CameraError ? CAMERA_WORDS[error.code] : 'faulty');
    }
  }

  function watchAgain(): void {
    if (camera === undefined) return;
    camera.watch(screen.showCamera(camera.camera, speaker));
  }

  function saw(event: CameraEvent): void {
    cues.camera(event, speaker);
    if (event.kind === 'codes') void decide({ codes: event.codes }, event.at);
    else screen.hint(cameraHint(event, speaker, settings.kiosk !== undefined));
  }

  async function take(given: Given): Promise<void> {
    // What a guest has on a stick is not for a kiosk.
    if (settings.kiosk !== undefined && 'file' in given) return;
    const at = performance.now();
    await decide('text' in given ? given : await shownIn(given.file, reader), at);
  }

  async function decide(shown: Shown, at: number): Promise<void> {
    camera?.rest();
    endResult();
    const own = ++turn;
    try {
      const chosen = { rules: settings.rules, event: settings.event };
      const verdicts = (await verifier.call('decide', { shown, chosen })) as readonly Verdict[];
      if (own === turn) showResults(verdicts, at);
    } catch {
      if (own === turn) toIdle('faulty');
    }
  }

  function showResults(verdicts: readonly Verdict[], at: number): void {
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

  /** On to the next guest: with the camera, if that is how this one came. */
  function next(): void {
    endResult();
    turn += 1;
    kiosk.guestLeft();
    if (camera === undefined) toIdle();
    else watchAgain();
  }

  function clear(): number {
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
    if (camera === undefined && settings.kiosk === undefined) awake.release();
    else awake.hold();
  }

  function showStanding(): void {
    if (standing === undefined) return;
    screen.showStanding(standing, speaker);
    if (result === undefined && camera === undefined)
      screen.tellMode(modeText(), standing.fixedRules === null);
  }

  function modeText(): string {
    if (standing === undefined) return modeWords(settings.rules, [], speaker);
    return modeWords(modeName(standing, settings), standing.ruleSets, speaker);
  }
}

function speakerFor({ language }: Pick<Settings, 'language'>): Speaker {
  const speaker = speakerOf(language ?? preferredTag(navigator.languages));
  document.documentElement.lang = speaker.language.tag;
  document.documentElement.dir = speaker.language.direction;
  document.title = `Pratique ${speaker.say('title').text}`;
  return speaker;
}

function now(): number {
  return Date.now() / 1000;
}
