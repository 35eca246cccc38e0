import { askPin } from '../lock/ask-pin.ts';
import { hashPin } from '../lock/pin-hash.ts';
import { pinLock } from '../lock/pin-lock.ts';
import type { Speaker } from '../scanner-words.ts';
import type { Screen } from '../screen.ts';
import type { KioskTerms } from '../settings.ts';
import { kioskView } from './kiosk-view.ts';

/** What a kiosk does with the scanner around it. */
export interface KioskPorts {
  readonly terms: () => KioskTerms | undefined;
  /** Keep them, beyond a reload too. */
  readonly agree: (terms: KioskTerms | undefined) => void;
  /** What the venue's PIN is held against; undefined if the venue set none. */
  readonly venuePin: () => string | undefined;
  readonly storage: Storage;
  readonly screen: Screen;
  readonly speaker: () => Speaker;
  /** Speak a guest's language; undefined for the venue's. */
  readonly speak: (tag: string | undefined) => void;
  readonly scan: () => void;
  /** No camera, no result, nobody's name. */
  readonly rest: () => void;
  readonly isScanning: () => boolean;
}

/** A scanner that guests use by themselves. */
export interface Kiosk {
  /** Ask on what terms, and begin. */
  readonly offer: () => void;
  /** Go on after the page was loaded anew, if guests scanned before. */
  readonly resume: () => void;
  /** Do as another tab did, if it became a kiosk or is none any more. */
  readonly follow: () => void;
  /** What a guest chose goes with the guest. */
  readonly guestLeft: () => void;
}

/** A guest who chose a language and showed nothing has gone by then. */
const CHOSEN_MS = 60_000;
/** A question for the PIN that nobody answers would keep all guests out. */
const ASKED_MS = 60_000;

/** Make a kiosk of the scanner whenever it has terms for that. */
export function kioskOf(ports: KioskPorts): Kiosk {
  const { terms, agree, venuePin, storage, screen, speaker, speak, scan, rest, isScanning } = ports;
  let leaving: ReturnType<typeof setTimeout> | undefined;
  let isOn = false;
  const turnOn = (on: boolean): void => {
    isOn = on;
    screen.forGuests(on ? acts : undefined);
  };
  const guestLeft = (): void => {
    if (leaving === undefined) return;
    clearTimeout(leaving);
    leaving = undefined;
    speak(undefined);
  };
  const acts = {
    touch: () => {
      void fillScreen();
      scan();
    },
    speak: (tag: string) => {
      clearTimeout(leaving);
      leaving = setTimeout(guestLeft, CHOSEN_MS);
      speak(tag);
    },
    staff: () => void askStaff(),
  };
  // The Escape key, the system's gestures, a call that comes in.
  document.addEventListener('fullscreenchange', () => {
    if (terms() !== undefined && document.fullscreenElement === null) rest();
  });

  // Held for long, a picture offers to be opened elsewhere.
  document.addEventListener('contextmenu', (event) => {
    if (terms() !== undefined) event.preventDefault();
  });

  async function start(seconds: KioskTerms['seconds'], pin: string): Promise<void> {
    // First, since browsers grant it to a tap for a moment only.
    void fillScreen();
    // A copy: guests are not let out when the venue's settings go.
    agree({ seconds, pin: venuePin() ?? (await hashPin(pin)) });
    screen.notice(undefined);
    turnOn(true);
    scan();
  }

  async function askStaff(): Promise<void> {
    const agreed = terms();
    if (agreed === undefined) return;
    const goesOn = isScanning();
    rest();
    const lock = pinLock('kiosk', venuePin() ?? agreed.pin, storage);
    if (await askPin(openForAWhile, speaker(), lock)) leave();
    else if (goesOn) goOn();
  }

  /** A hidden page, such as another tab, wants no camera. */
  function goOn(): void {
    if (isFull() && !document.hidden) scan();
  }

  function openForAWhile(dialog: HTMLDialogElement): void {
    screen.open(dialog);
    const close = (): void => {
      dialog.close();
    };
    let closing = setTimeout(close, ASKED_MS);
    dialog.addEventListener('input', () => {
      clearTimeout(closing);
      closing = setTimeout(close, ASKED_MS);
    });
    dialog.addEventListener('close', () => {
      clearTimeout(closing);
    });
  }

  function leave(): void {
    guestLeft();
    agree(undefined);
    turnOn(false);
    rest();
    if (document.fullscreenElement !== null) void document.exitFullscreen();
  }

  return {
    offer: () => {
      screen.open(kioskView(speaker(), venuePin() !== undefined, (seconds, pin) => void start(seconds, pin)));
    },
    resume: () => {
      if (terms() === undefined) return;
      turnOn(true);
      rest();
      goOn();
    },
    follow: () => {
      if (isOn === (terms() !== undefined)) return;
      screen.closeDialogs();
      turnOn(!isOn);
      rest();
    },
    guestLeft,
  };
}

/** A browser that refuses, or has no such thing, is used as it is. */
async function fillScreen(): Promise<void> {
  try {
    await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
  } catch {
    // Telephones of one maker fill the screen with films alone.
  }
}

/** As full as this browser makes a page. */
function isFull(): boolean {
  return !document.fullscreenEnabled || document.fullscreenElement !== null;
}
