import { isPicture } from '../../credential/picture.ts';
import { OUTCOME_OF_CODE } from '../pipeline/decision.ts';
import type { FailureCode } from '../pipeline/decision.ts';
import { cuesOf } from './cues/cues.ts';
import { askForVoices } from './cues/own-voice.ts';
import { beginCameraTurn } from './parts/camera-turn.ts';
import type { CameraEvent, CameraTurn } from './parts/camera-turn.ts';
import { listenForInputs } from './parts/inputs.ts';
import type { Given } from './parts/inputs.ts';
import { signal } from './parts/signals.ts';
import { CameraError } from './parts/camera.ts';
import type { CameraFault, Facing } from './parts/camera.ts';
import { showTheme } from './parts/theme.ts';
import { wakeLock } from './parts/wake-lock.ts';
import { CallError } from './parts/worker-calls.ts';
import type { Calls } from './parts/worker-calls.ts';
import { screenOf } from './screen.ts';
import type { Screen } from './screen.ts';
import { speakerOf, preferredTag } from './scanner-words.ts';
import type { Speaker } from './scanner-words.ts';
import { readSettings, writeSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { beginShift } from './shift.ts';
import type { Standing } from './parts/trust/standing.ts';
import type { Shown, Verdict } from './venue-verifier.ts';
import { modeName, modeView, modeWords } from './views/mode-view.ts';
import { resultStage } from './views/result-stage.ts';
import type { ResultStage } from './views/result-stage.ts';
import { settingsView } from './views/settings-view.ts';
import type { ScannerWords } from './words/table.ts';

/** What the scanner works with. */
export interface ScannerPorts {
  readonly verifier: Calls;
  readonly reader: Calls;
  readonly storage: Storage;
}

/** What the words of a camera's fault are. */
const CAMERA_WORDS: Readonly<Record<CameraFault, keyof ScannerWords>> = {
  CAMERA_DENIED: 'cameraDenied',
  CAMERA_MISSING: 'cameraMissing',
  CAMERA_BUSY: 'cameraBusy',
  CAMERA_INSECURE: 'cameraInsecure',
};

/** The node takes new trust data every minute; a scanner asks as rarely as a venue can bear. */
const REFRESH_MS = 5 * 60_000;
/** Where the node could not be reached. */
const RETRY_MS = 20_000;
/** Ages grow without anything happening. */
const TELL_MS = 15_000;

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
  let refreshing: ReturnType<typeof setTimeout> | undefined;

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
          refresh: () => void refresh(),
        }),
      );
    },
  });
  showTheme(settings.theme);
  askForVoices();
  toIdle();
  void refresh();
  void reader.call('warm').catch(() => undefined);
  setInterval(() => void tellStanding('standing'), TELL_MS);
  addEventListener('online', () => void refresh());
  listenForInputs((given) => void take(given));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      // Whoever picks the device up next sees nobody's name.
      resumes = camera !== undefined;
      toIdle();
    } else {
      void refresh();
      if (resumes) void scan();
    }
  });
  return () => result === undefined;

  async function scan(): Promise<void> {
    if (!settings.introduced) change({ introduced: true });
    const own = clear();
    try {
      const opened = await beginCameraTurn(facing, reader, saw);
      if (own !== turn) {
        opened.stop();
        return;
      }
      camera = opened;
      awake.hold();
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
    else if (event.kind === 'several') screen.hint(speaker.say('oneCode'));
    else if (event.kind === 'nothing' || event.kind === 'unclear') screen.hint(speaker.say('hold'));
    else screen.hint(speaker.say('part', { have: String(event.have), all: String(event.total) }));
  }

  async function take(given: Given): Promise<void> {
    const at = performance.now();
    await decide('text' in given ? given : await shownIn(given.file), at);
  }

  async function shownIn(file: File): Promise<Shown> {
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!isPicture(bytes)) return { bytes };
    try {
      return { codes: (await reader.call('picture', bytes)) as readonly string[] };
    } catch (error) {
      return { code: error instanceof CallError && isFailureCode(error.code) ? error.code : 'MALFORMED' };
    }
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
    if (camera === undefined) toIdle();
    else watchAgain();
  }

  function clear(): number {
    endResult();
    camera?.stop();
    camera = undefined;
    awake.release();
    return ++turn;
  }

  function endResult(): void {
    result?.end();
    result = undefined;
  }

  function toIdle(fault?: keyof ScannerWords): void {
    clear();
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

  async function refresh(): Promise<void> {
    await tellStanding('standing');
    const isReached = await tellStanding('refresh');
    clearTimeout(refreshing);
    refreshing = setTimeout(() => void refresh(), isReached ? REFRESH_MS : RETRY_MS);
  }

  /** Answers whether the node could be asked. */
  async function tellStanding(call: 'standing' | 'refresh'): Promise<boolean> {
    try {
      standing = (await verifier.call(call)) as Standing;
      showStanding();
      return standing.contact?.fault === null;
    } catch {
      // What is shown grows old by itself; cards say more than a banner could.
      return false;
    }
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

function speakerFor({ language }: Settings): Speaker {
  const speaker = speakerOf(language ?? preferredTag(navigator.languages));
  document.documentElement.lang = speaker.language.tag;
  document.documentElement.dir = speaker.language.direction;
  document.title = `Pratique ${speaker.say('title').text}`;
  return speaker;
}

function isFailureCode(code: string): code is FailureCode {
  return Object.hasOwn(OUTCOME_OF_CODE, code);
}

function now(): number {
  return Date.now() / 1000;
}
