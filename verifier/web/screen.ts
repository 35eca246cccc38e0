import { guestIdleView, guestLanguage, touchButton } from './kiosk/guest-view.ts';
import type { GuestActs } from './kiosk/guest-view.ts';
import type { Camera } from './parts/camera.ts';
import { button, element } from './parts/element.ts';
import { saidNode } from './parts/said-text.ts';
import type { Said } from './parts/speaker.ts';
import type { Speaker } from './scanner-words.ts';
import type { Standing } from './parts/trust/standing.ts';
import { bannerView } from './views/banner.ts';
import { idleView } from './views/idle-view.ts';
import { holdWord } from './views/camera-words.ts';
import { scanView } from './views/scan-view.ts';

/** What somebody can do on the screen. */
export interface ScreenActs {
  readonly scan: () => void;
  readonly ask: () => void;
  readonly stop: () => void;
  readonly file: (file: File) => void;
  readonly switchCamera: () => void;
  readonly mode: () => void;
  readonly settings: () => void;
}

/** What the page says while nobody is scanned. */
export interface IdleFacts {
  readonly introduced: boolean;
  /** For whom is scanned. */
  readonly venue: string | undefined;
  /** Nobody is scanned for; a set-up code can be taken up all the same. */
  readonly blocked: boolean;
  readonly mode: string;
  readonly fault: Said | undefined;
  readonly mayChangeMode: boolean;
  /** Whether wallets can be asked. */
  readonly mayAsk: boolean;
}

/** The page: a banner, a stage, and the big buttons under the thumb. */
export interface Screen {
  readonly showIdle: (speaker: Speaker, about: IdleFacts) => void;
  /**
   * @param back to the question that an answer is looked for to
   * @returns the video whose frames are to be read
   */
  readonly showCamera: (camera: Camera, speaker: Speaker, back?: () => void) => HTMLVideoElement;
  /** A question that is held out to a guest. */
  readonly showAsking: (view: HTMLElement, buttons: readonly HTMLElement[]) => void;
  readonly hint: (said: Said) => void;
  /** @param spoken what a screen reader says at once */
  readonly showResult: (view: HTMLElement, buttons: readonly HTMLElement[], spoken: string) => void;
  readonly addToResult: (line: HTMLElement) => void;
  /** @param besides what else keeps it from deciding */
  readonly showStanding: (standing: Standing, speaker: Speaker, besides?: readonly Said[]) => void;
  /** Say anew for whom and by which rules is scanned, if that is not what is said. */
  readonly tellIdle: (facts: Omit<IdleFacts, 'introduced' | 'fault'>) => void;
  readonly open: (dialog: HTMLDialogElement) => void;
  /** Whatever is open, as if nobody had wanted it. */
  readonly closeDialogs: () => void;
  /** Say something below the banner until somebody has read it; nothing takes it away. */
  readonly notice: (said: Said | undefined, close?: Said) => void;
  /** From now on guests use it by themselves, and can do nothing else; undefined: staff. */
  readonly forGuests: (acts: GuestActs | undefined) => void;
}

/** Set the page up in that element. */
export function screenOf(root: HTMLElement, acts: ScreenActs): Screen {
  const standingPlace = element('div', { class: 'standing', role: 'status' });
  const gear = button('', acts.settings, { class: 'gear' });
  let guests: GuestActs | undefined;
  const staff = button('', () => guests?.staff(), { class: 'quiet staff', hidden: true });
  const noticePlace = element('div', { class: 'notice-place', role: 'status' });
  const stage = element('div', { class: 'stage' });
  const actions = element('div', { class: 'actions' });
  const speech = element('div', { class: 'speech', role: 'alert', 'aria-live': 'assertive' });
  root.replaceChildren(
    element('header', { class: 'top' }, standingPlace, gear, staff, noticePlace),
    element('main', {}, stage, actions),
    speech,
  );
  const controls = { choice: { torch: false, zoom: undefined }, switchCamera: acts.switchCamera };
  let hint = (_said: Said): void => undefined;
  let lens:
    | { readonly camera: Camera; readonly speaker: Speaker; readonly view: ReturnType<typeof scanView> }
    | undefined;
  let idle: Parameters<Screen['showIdle']> | undefined;

  const show = (name: string, view: HTMLElement, buttons: readonly HTMLElement[]): void => {
    root.dataset['stage'] = name;
    root.dataset['kind'] = view.dataset['kind'] ?? '';
    stage.replaceChildren(view);
    actions.replaceChildren(...buttons);
    speech.textContent = '';
    scrollTo(0, 0);
    hint = () => undefined;
    idle = undefined;
  };

  const showIdle: Screen['showIdle'] = (speaker, about) => {
    const { say } = speaker;
    const hadFocus = actions.contains(document.activeElement) || document.activeElement === document.body;
    const fault = about.fault === undefined ? undefined : saidNode(about.fault);
    staff.textContent = speaker.say('staff').text;
    if (guests !== undefined) {
      const touch = touchButton(speaker, guests);
      show('idle', guestIdleView(speaker, fault), [touch, guestLanguage(speaker, guests)]);
      touch.focus({ preventScroll: true });
      return;
    }
    const scan = button('', acts.scan, { class: 'primary big' });
    scan.append(
      saidNode(say(about.blocked ? 'scanSetup' : 'scan')),
      element(
        'span',
        { class: 'button-mode' },
        ...(about.venue === undefined ? [] : [element('bdi', {}, about.venue), ' · ']),
        element('bdi', {}, about.mode),
      ),
    );
    const view = idleView(speaker, {
      introduced: about.introduced,
      venue: about.venue,
      mode: about.mode,
      fault,
      changeMode: about.mayChangeMode ? button(say('change').text, acts.mode, { class: 'quiet' }) : undefined,
      openFile: fileButton(say('open'), acts.file),
    });
    const ask = button(say('ask').text, acts.ask, { class: 'quiet ask-button' });
    show('idle', view, about.mayAsk ? [scan, ask] : [scan]);
    idle = [speaker, about];
    if (hadFocus) scan.focus({ preventScroll: true });
  };

  return {
    showIdle,
    showAsking: (view, buttons) => {
      show('asking', view, buttons);
      view.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    },
    showCamera: (camera, speaker, back) => {
      // One element for as long as the camera runs: a new one would take a second or two to show it.
      if (lens?.camera !== camera || lens.speaker !== speaker)
        lens = {
          camera,
          speaker,
          view: scanView(camera, speaker, guests === undefined ? controls : undefined),
        };
      const { view } = lens;
      const staffs =
        back === undefined
          ? button(speaker.say('stop').text, acts.stop, { class: 'quiet big' })
          : button(speaker.say('askShow').text, back, { class: 'quiet big' });
      const below = guests === undefined ? staffs : guestLanguage(speaker, guests);
      show('scanning', view.root, [below]);
      hint = view.hint;
      hint(speaker.say(holdWord(guests !== undefined, back !== undefined)));
      // A video that was out of the page has paused; where playing is refused, its first frame still shows why.
      view.video.play().catch(() => undefined);
      if (guests === undefined) below.focus({ preventScroll: true });
      return view.video;
    },
    hint: (said) => {
      hint(said);
    },
    showResult: (view, buttons, spoken) => {
      show('result', view, buttons);
      speech.textContent = spoken;
      view.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    },
    addToResult: (line) => {
      actions.append(line);
    },
    showStanding: (standing, speaker, besides) => {
      const name = speaker.say('settings').text;
      if (gear.getAttribute('aria-label') !== name) {
        gear.setAttribute('aria-label', name);
        gear.title = name;
      }
      staff.textContent = speaker.say('staff').text;
      const view = bannerView(standing, speaker, besides);
      root.dataset['level'] = view.dataset['level'] ?? '';
      // Said again only if it says something else.
      if (standingPlace.firstElementChild?.isEqualNode(view) !== true) standingPlace.replaceChildren(view);
    },
    tellIdle: (facts) => {
      if (idle === undefined) return;
      const [speaker, about] = idle;
      const next = { ...about, ...facts };
      if (JSON.stringify(next) !== JSON.stringify(about)) showIdle(speaker, next);
    },
    forGuests: (guestActs) => {
      guests = guestActs;
      lens = undefined;
      gear.hidden = guests !== undefined;
      staff.hidden = guests === undefined;
      root.dataset['for'] = guests === undefined ? 'staff' : 'guests';
    },
    open: (dialog) => {
      root.append(dialog);
      dialog.showModal();
    },
    closeDialogs: () => {
      for (const dialog of root.querySelectorAll('dialog')) dialog.close();
    },
    notice: (said, close) => {
      if (said === undefined || close === undefined) {
        noticePlace.replaceChildren();
        return;
      }
      const view = element('div', { class: 'notice' }, element('p', {}, saidNode(said)));
      view.append(
        button(
          close.text,
          () => {
            noticePlace.replaceChildren();
          },
          { class: 'quiet' },
        ),
      );
      noticePlace.replaceChildren(view);
    },
  };
}

function fileButton(said: Said, open: (file: File) => void): HTMLElement {
  const input = element('input', { type: 'file', class: 'file' });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) open(file);
  });
  return element('label', { class: 'button quiet' }, saidNode(said), input);
}
