import { isJsonObject } from '../../credential/json.ts';
import { THEMES } from '../../verifier/web/parts/theme.ts';
import type { Theme } from '../../verifier/web/parts/theme.ts';
import { IDLE_SECONDS } from '../vault/auto-lock.ts';

/** What is chosen on this device and is nobody's secret: it is read before the vault opens. */
export interface WalletSettings {
  /** BCP 47; undefined for the browser's. */
  readonly language: string | undefined;
  readonly theme: Theme;
  /** After so long without a touch the wallet locks itself. */
  readonly idleSeconds: number;
  /** For PINs of digits, or with letters. */
  readonly keyboard: 'digits' | 'letters';
}

/** What the wallet may lock itself after, in seconds. */
export const IDLE_CHOICES = [60, IDLE_SECONDS, 300, 900] as const;

const NAME = 'pratique-wallet-settings';
const DEFAULTS: WalletSettings = {
  language: undefined,
  theme: 'system',
  idleSeconds: IDLE_SECONDS,
  keyboard: 'digits',
};

/** The settings of this device; what is damaged or unknown is as it was in the beginning. */
export function readSettings(storage: Pick<Storage, 'getItem'>): WalletSettings {
  try {
    const kept: unknown = JSON.parse(storage.getItem(NAME) ?? '{}');
    if (!isJsonObject(kept)) return DEFAULTS;
    const { language, theme, idleSeconds, keyboard } = kept;
    return {
      language: typeof language === 'string' ? language : undefined,
      theme: THEMES.find((one) => one === theme) ?? DEFAULTS.theme,
      // No other than these: who can write here must not keep a wallet open for ever.
      idleSeconds: IDLE_CHOICES.find((one) => one === idleSeconds) ?? DEFAULTS.idleSeconds,
      keyboard: keyboard === 'letters' ? keyboard : DEFAULTS.keyboard,
    };
  } catch {
    return DEFAULTS;
  }
}

/** Keep the settings; a browser that keeps nothing forgets them. */
export function writeSettings(storage: Pick<Storage, 'setItem'>, settings: WalletSettings): void {
  try {
    storage.setItem(NAME, JSON.stringify(settings));
  } catch {
    // Private windows may have no room.
  }
}
