import { isJsonObject } from '../../credential/json.ts';
import { isPinHash } from './lock/pin-hash.ts';
import { THEMES } from './parts/theme.ts';
import type { Theme } from './parts/theme.ts';

/** What whoever scans has chosen on this device; nothing of a guest. */
export interface Settings {
  /** BCP 47; undefined for the browser's. */
  readonly language: string | undefined;
  /** How long green stays, from 0.8 to 30 seconds. */
  readonly greenSeconds: number;
  /** Ask whether the details match before anything is green. */
  readonly twoStep: boolean;
  readonly sounds: boolean;
  readonly vibration: boolean;
  readonly theme: Theme;
  /** Speak to blind guests, by a voice of this device. */
  readonly cues: boolean;
  /** Undefined where somebody of the staff scans. */
  readonly kiosk: KioskTerms | undefined;
  /** The rule set, where the venue has none of its own. */
  readonly rules: string;
  /** When the event begins, Unix seconds. */
  readonly event: number | undefined;
  /** Whether somebody has scanned here before, and needs no introduction. */
  readonly introduced: boolean;
}

/** On what terms guests scan by themselves. */
export interface KioskTerms {
  /** How long any result stays. */
  readonly seconds: (typeof KIOSK_SECONDS)[number];
  /** What the PIN that leads out is held against: argon2id, as a PHC string. */
  readonly pin: string;
}

/** Choices for how long a result stays in kiosk mode, in seconds. */
export const KIOSK_SECONDS = [3, 5, 10] as const;

/** Choices for how long green stays, in seconds. */
export const GREEN_SECONDS = [0.8, 1.5, 3, 5, 10, 30] as const;

const DEFAULTS: Settings = {
  language: undefined,
  greenSeconds: 3,
  twoStep: false,
  sounds: false,
  vibration: false,
  theme: 'system',
  cues: false,
  kiosk: undefined,
  rules: 'none',
  event: undefined,
  introduced: false,
};

const NAME = 'pratique-scanner-settings';

/** The settings of this device; what is damaged or unknown is as it was in the beginning. */
export function readSettings(storage: Pick<Storage, 'getItem'>): Settings {
  try {
    const kept: unknown = JSON.parse(storage.getItem(NAME) ?? '{}');
    if (!isJsonObject(kept)) return DEFAULTS;
    const { language, greenSeconds, rules, event, theme } = kept;
    const flag = (name: keyof Settings): boolean => kept[name] === true;
    return {
      language: typeof language === 'string' ? language : undefined,
      greenSeconds: GREEN_SECONDS.find((seconds) => seconds === greenSeconds) ?? DEFAULTS.greenSeconds,
      twoStep: flag('twoStep'),
      sounds: flag('sounds'),
      vibration: flag('vibration'),
      theme: THEMES.find((one) => one === theme) ?? DEFAULTS.theme,
      cues: flag('cues'),
      kiosk: kioskTerms(kept['kiosk']),
      rules: typeof rules === 'string' ? rules : DEFAULTS.rules,
      event: typeof event === 'number' ? event : undefined,
      introduced: flag('introduced'),
    };
  } catch {
    return DEFAULTS;
  }
}

/** Hear that another tab of this browser changed them: one that was open before is a kiosk, too, once this one is. */
export function settingsElsewhere(storage: Storage, changed: (settings: Settings) => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === NAME || key === null) changed(readSettings(storage));
  });
}

/** Guests do not come to what began so long ago: its time would let old tests in. */
const EVENT_LASTS_SECONDS = 3 * 86_400;

/** When the event begins that guests come to; undefined if nobody said, or it was another one. */
export function eventNow({ event }: Pick<Settings, 'event'>, now: number): number | undefined {
  return event !== undefined && now - event < EVENT_LASTS_SECONDS ? event : undefined;
}

function kioskTerms(kept: unknown): KioskTerms | undefined {
  if (!isJsonObject(kept)) return undefined;
  const { seconds, pin } = kept;
  // Without a PIN that can be right, nobody would come out again.
  if (typeof pin !== 'string' || !isPinHash(pin)) return undefined;
  return { seconds: KIOSK_SECONDS.find((one) => one === seconds) ?? KIOSK_SECONDS[0], pin };
}

/** Keep the settings; a browser that keeps nothing forgets them. */
export function writeSettings(storage: Pick<Storage, 'setItem'>, settings: Settings): void {
  try {
    storage.setItem(NAME, JSON.stringify(settings));
  } catch {
    // Private windows may have no room.
  }
}
