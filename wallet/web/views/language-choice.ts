import { WALLET_LANGUAGES } from '../wallet-words.ts';
import type { Speaker } from '../wallet-words.ts';
import { chooser } from './chooser.ts';

/** The languages, each by its own name. */
export function languageChoice(speaker: Speaker, chosen: (tag: string) => void): HTMLElement {
  return chooser(
    'language',
    speaker.say('language'),
    WALLET_LANGUAGES.map(({ tag, name }) => ({ value: tag, text: name, tag })),
    speaker.language.tag,
    chosen,
  );
}
