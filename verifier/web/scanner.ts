import { askingOf } from './asking/asking.ts';
import { cuesOf } from './cues/cues.ts';
import { askForVoices } from './cues/own-voice.ts';
import { decidingOf } from './deciding.ts';
import { beginCameraTurn } from './parts/camera-turn.ts';
import type { CameraEvent, CameraTurn } from './parts/camera-turn.ts';
import { listenForInputs } from './parts/inputs.ts';
import { signal } from './parts/signals.ts';
import type { Facing } from './parts/camera.ts';
import { kioskOf } from './kiosk/kiosk.ts';
import { showTheme } from './parts/theme.ts';
import { wakeLock } from './parts/wake-lock.ts';
import type { ScannerPorts } from './scanner-ports.ts';
import { screenOf } from './screen.ts';
import type { Screen } from './screen.ts';
import { chosenNow, scanFacts } from './scan-facts.ts';
import type { ScanFacts } from './scan-facts.ts';
import { speakerFor } from './page-speaker.ts';
import { readSettings, settingsElsewhere, writeSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { venueDesk } from './setup/venue-desk.ts';
import { beginShift } from './shift.ts';
import { watchStanding } from './standing-watch.ts';
import type { Standing } from './parts/trust/standing.ts';
import type { Chosen, Verdict } from './venue-verifier.ts';
import { modeView } from './views/mode-view.ts';
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
  const isCurrent = (one: number): boolean => one === turn;
  const now = (): number => Date.now() / 1000;
  const chosen = (): Chosen => chosenNow(venues, settings, now());
  const asks = (): Standing['asks'] =>
    settings.kiosk === undefined && venues.fault() === null ? (standing?.asks ?? null) : null;
  const facts = (): ScanFacts => scanFacts(standing, venues, settings, speaker, asks() !== null);
  const screen: Screen = screenOf(root, {
    scan: () => void scan(),
    ask: () => void asking.begin(),
    stop: toIdle,
    file: (file) => void deciding.take({ file }),
    switchCamera: () => {
      facing = facing === 'environment' ? 'user' : 'environment';
      void openCamera();
    },
    mode: () => {
      venues.guard(() => {
        if (standing !== undefined)
          screen.open(modeView(venues.withRules(standing), settings, speaker, change));
      });
    },
    settings: () => {
      venues.guard(() => {
        const about = { shiftCount: shift.count(now()), first: venues.languages() };
        const acts = { change, endShift: shift.end, refresh, kiosk: kiosk.offer, ...venues.manage() };
        screen.open(settingsView(settings, speaker, about, acts));
      });
    },
  });
  const ports = { verifier, storage, screen, speaker: () => speaker };
  const venues = venueDesk({ ...ports, standing: () => standing, rest: toIdle, changed: respeak });
  const asking = askingOf({
    ...ports,
    asks,
    chosen,
    clear,
    isCurrent,
    idle: toIdle,
    begun: keepAwake,
    scan: () => void openCamera(),
    over: backToQuestion,
    answered: (verdicts) => {
      beginDeciding();
      showResults(verdicts, performance.now());
    },
  });
  const deciding = decidingOf({
    ...ports,
    reader,
    begin: beginDeciding,
    isCurrent,
    isForGuests: () => settings.kiosk !== undefined,
    takes: venues.takes,
    check: venues.check,
    chosen,
    show: showResults,
    idle: toIdle,
  });
  const kiosk = kioskOf({
    ...ports,
    terms: () => settings.kiosk,
    agree: (terms) => {
      change({ kiosk: terms });
    },
    venuePin: venues.pin,
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
    void venues.check();
  });
  showTheme(settings.theme);
  askForVoices();
  toIdle();
  kiosk.resume();
  refresh();
  void reader.call('warm').catch(() => undefined);
  settingsElsewhere(storage, (told) => {
    adopt(told);
    kiosk.follow();
  });
  listenForInputs((given) => void deciding.take(given));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      // Whoever picks the device up next sees nobody's name, nor what a PIN had opened.
      resumes = asking.isOpen() ? asking.begin : camera && scan;
      cues.silence();
      toIdle();
      screen.closeDialogs();
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
    if (event.kind === 'codes') void deciding.decide({ codes: event.codes }, event.at);
    else screen.hint(cameraHint(event, speaker, settings.kiosk !== undefined, asking.isOpen()));
  }

  function beginDeciding(): number {
    camera?.rest();
    asking.rest();
    endResult();
    return ++turn;
  }

  function showResults(verdicts: readonly Verdict[], at: number): void {
    if (venues.fault() !== null) {
      venues.tellFault();
      return;
    }
    asking.shows(verdicts);
    result = resultStage(verdicts, {
      speaker,
      settings,
      screen,
      at,
      ...facts(),
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
      fault: fault === undefined ? undefined : speaker.say(fault),
      ...facts(),
    });
  }

  function change(changed: Partial<Settings>): void {
    adopt({ ...settings, ...changed });
    writeSettings(storage, settings);
  }

  function adopt(told: Settings): void {
    const isIdle = root.dataset['stage'] === 'idle';
    settings = told;
    showTheme(settings.theme);
    respeak();
    if (isIdle) toIdle();
  }

  /** A guest's language is shown at once, and is no setting; so is a venue's, where nobody chose another. */
  function respeak(): void {
    const spoken = speakerFor({ language: guestLanguage ?? settings.language }, venues.languages());
    const isOther = spoken.language.tag !== speaker.language.tag;
    if (isOther) speaker = spoken;
    showStanding();
    if (!isOther) return;
    if (camera !== undefined && result === undefined) watchAgain();
    else if (root.dataset['stage'] === 'idle') toIdle();
  }

  function keepAwake(): void {
    if (camera === undefined && !asking.isOpen() && settings.kiosk === undefined) awake.release();
    else awake.hold();
  }

  function showStanding(): void {
    if (standing === undefined) return;
    screen.showStanding(standing, speaker, venues.problems());
    screen.tellIdle(facts());
    asking.check();
  }
}
