import { isJsonObject } from '../../credential/json.ts';

/** What is chosen on this device and is nobody's secret: it is read before the vault opens. */
export interface WalletSettings {
  /** BCP 47; undefined for the browser's. */
  readonly language: string | undefined;
}

const NAME = 'pratique-wallet-settings';
const DEFAULTS: WalletSettings = { language: undefined };

/** The settings of this device; what is damaged or unknown is as it was in the beginning. */
export function readSettings(storage: Pick<Storage, 'getItem'>): WalletSettings {
  try {
    const kept: unknown = JSON.parse(storage.getItem(NAME) ?? '{}');
    if (!isJsonObject(kept)) return DEFAULTS;
    const { language } = kept;
    return { language: typeof language === 'string' ? language : undefined };
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
