import { isJsonObject } from '../../credential/json.ts';

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
  /** The rule set, where the venue has none of its own. */
  readonly rules: string;
  /** When the event begins, Unix seconds. */
  readonly event: number | undefined;
  /** Whether somebody has scanned here before, and needs no introduction. */
  readonly introduced: boolean;
}

/** Choices for how long green stays, in seconds. */
export const GREEN_SECONDS = [0.8, 1.5, 3, 5, 10, 30] as const;

const DEFAULTS: Settings = {
  language: undefined,
  greenSeconds: 3,
  twoStep: false,
  sounds: false,
  vibration: false,
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
    const { language, greenSeconds, rules, event } = kept;
    const flag = (name: keyof Settings): boolean => kept[name] === true;
    return {
      language: typeof language === 'string' ? language : undefined,
      greenSeconds: GREEN_SECONDS.find((seconds) => seconds === greenSeconds) ?? DEFAULTS.greenSeconds,
      twoStep: flag('twoStep'),
      sounds: flag('sounds'),
      vibration: flag('vibration'),
      rules: typeof rules === 'string' ? rules : DEFAULTS.rules,
      event: typeof event === 'number' ? event : undefined,
      introduced: flag('introduced'),
    };
  } catch {
    return DEFAULTS;
  }
}

/** Keep the settings; a browser that keeps nothing forgets them. */
export function writeSettings(storage: Pick<Storage, 'setItem'>, settings: Settings): void {
  try {
    storage.setItem(NAME, JSON.stringify(settings));
  } catch {
    // Private windows may have no room.
  }
}
