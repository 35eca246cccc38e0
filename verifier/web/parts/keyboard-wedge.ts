/** What a hand scanner types, collected without any field having the focus. */
export interface KeyboardWedge {
  /**
   * @param key as KeyboardEvent.key
   * @param at milliseconds
   * @returns the text that the key ended, `taken` if the key was part of one, undefined if it is somebody's typing
   */
  readonly press: (key: string, at: number) => { readonly text: string } | 'taken' | undefined;
  /** What has come so far, if no key ends it: some scanners send none. */
  readonly rest: () => string | undefined;
}

/** A hand scanner sends a key every few milliseconds; a person who pauses so long types something else. */
const PAUSE_MS = 1000;
/** Shorter than any card. */
const LEAST = 20;

/** Make a collector of keys. */
export function keyboardWedge(): KeyboardWedge {
  let typed: string[] = [];
  let lastAt = -Infinity;
  const take = (): string | undefined => {
    const text = typed.join('');
    typed = [];
    return text.length >= LEAST ? text : undefined;
  };
  return {
    rest: take,
    press: (key, at) => {
      if (at - lastAt > PAUSE_MS) typed = [];
      lastAt = at;
      if (key === 'Enter' || key === 'Tab') {
        const text = take();
        return text === undefined ? undefined : { text };
      }
      if (Array.from(key).length !== 1) return undefined;
      typed.push(key);
      // The first few may be a shortcut of somebody's; a scanner types on.
      return typed.length > 3 ? 'taken' : undefined;
    },
  };
}
