import { LANGUAGES, lookUp, type Language } from '../../verifier/pipeline/words/language.ts';

/** What this device remembers between visits: how the page speaks, and nothing of anybody. */
const LANGUAGE = 'pratique-desk-language';
const KEYS = 'pratique-desk-keys';

/** The language chosen here before, else the first of the device's own that there are words in. */
export function languageAtFirst(): Language {
  const chosen = lookUp(read(LANGUAGE) ?? '');
  return chosen ?? navigator.languages.map(lookUp).find((one) => one !== undefined) ?? LANGUAGES[0];
}

export function keepLanguage(language: Language): void {
  write(LANGUAGE, language);
}

/** Whether single keys are shortcuts: speech input and shaking hands press them by mistake (WCAG 2.1.4). */
export function keysAtFirst(): boolean {
  return read(KEYS) !== 'off';
}

export function keepKeys(on: boolean): void {
  write(KEYS, on ? 'on' : 'off');
}

/** A browser may be told to keep nothing. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Then it is asked for again.
  }
}
