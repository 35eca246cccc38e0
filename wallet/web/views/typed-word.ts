import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Speaker } from '../wallet-words.ts';

/** A word that has to be typed before something is lost for good. */
export interface TypedWord {
  readonly root: HTMLElement;
  readonly isTyped: () => boolean;
  /** It was not typed yet: lead there. */
  readonly ask: () => void;
}

/** @param turned told whenever it has come to be typed, or is so no longer */
export function typedWord(
  { say, language }: Speaker,
  key: 'eraseWord' | 'replaceWord',
  turned: (isTyped: boolean) => void = () => undefined,
): TypedWord {
  const word = say(key);
  const plain = (text: string): string => text.trim().toLocaleUpperCase(language.tag);
  const input = element('input', {
    name: 'word',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
  });
  const isTyped = (): boolean => plain(input.value) === plain(word.text);
  input.addEventListener('input', () => {
    turned(isTyped());
  });
  return {
    root: element('label', { class: 'typed-word' }, saidNode(say('typeWord', { word: word.text })), input),
    isTyped,
    ask: () => {
      input.setAttribute('aria-invalid', 'true');
      input.focus();
    },
  };
}
