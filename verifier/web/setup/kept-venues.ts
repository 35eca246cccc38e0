import { isJsonObject } from '../../../credential/json.ts';
import { isSetupText, readSetupCode } from '../../pipeline/setup-code.ts';
import type { SetupCode } from '../../pipeline/setup-code.ts';

/**
 * The venues of this device: their set-up codes as they were scanned, and nothing derived from them. What they say counts
 * only as long as their node's signature over it does.
 */
export interface KeptVenues {
  readonly codes: readonly string[];
  /** The one that is scanned for. */
  readonly active: string | null;
}

/** More than anybody works for; a code is checked before each card. */
const MOST = 20;

/** Where they are kept, for who hears that another tab changed them. */
export const VENUES = 'pratique-scanner-venues';

/** The venues that are kept; what is damaged is none. */
export function readVenues(storage: Pick<Storage, 'getItem'>): KeptVenues {
  try {
    const kept: unknown = JSON.parse(storage.getItem(VENUES) ?? '{}');
    if (!isJsonObject(kept) || !Array.isArray(kept['codes'])) return { codes: [], active: null };
    const codes = kept['codes'].filter((code) => typeof code === 'string').filter(isSetupText);
    return { codes, active: codes.find((code) => code === kept['active']) ?? null };
  } catch {
    return { codes: [], active: null };
  }
}

/** Keep venues; answers whether the browser does. */
export function writeVenues(storage: Pick<Storage, 'setItem'>, venues: KeptVenues): boolean {
  try {
    storage.setItem(VENUES, JSON.stringify(venues));
    return true;
  } catch {
    return false;
  }
}

/** With that venue as the one that is scanned for, in the place of an older copy of the same code. */
export function withVenue({ codes }: KeptVenues, code: string): KeptVenues {
  const id = saidBy(code)?.id;
  const others = codes.filter((one) => one !== code && saidBy(one)?.id !== id);
  return { codes: [code, ...others].slice(0, MOST), active: code };
}

/** Without that venue; nobody is scanned for if it was the one. */
export function withoutVenue({ codes, active }: KeptVenues, code: string): KeptVenues {
  return { codes: codes.filter((one) => one !== code), active: active === code ? null : active };
}

/** What a kept code says, whether or not it is true; undefined if it says nothing. */
export function saidBy(code: string): SetupCode | undefined {
  try {
    return readSetupCode(code).code;
  } catch {
    return undefined;
  }
}
