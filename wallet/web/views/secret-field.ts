import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import { faultWords } from '../fault-words.ts';
import type { Speaker } from '../wallet-words.ts';

/** A secret that is asked for. */
export interface SecretAsked {
  readonly name: string;
  readonly label: Said;
  readonly hint?: Said;
  /** Refuses what is no such secret; throws VaultError. */
  readonly check?: (value: string) => void;
  /** The field that this one must repeat. */
  readonly repeats?: string;
}

/** A field for a secret, with what is wrong with it said beside it. */
export interface SecretField {
  readonly name: string;
  readonly root: HTMLElement;
  readonly input: HTMLInputElement;
  /** Whether it may be taken; what is wrong is shown. */
  readonly holds: () => boolean;
}

/** @param other the value of another field of the form, by its name */
export function secretField(
  { name, label, hint, check, repeats }: SecretAsked,
  speaker: Speaker,
  other: (name: string) => string,
): SecretField {
  const [id, hintId, wrongId] = [`field-${name}`, `hint-${name}`, `wrong-${name}`];
  const input = element('input', {
    id,
    name,
    type: 'password',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    required: true,
    'aria-describedby': hint === undefined ? wrongId : `${hintId} ${wrongId}`,
  });
  const wrong = element('div', { class: 'wrong', id: wrongId, role: 'alert' });
  const tell = (lines: readonly Said[]): void => {
    wrong.replaceChildren(...lines.map((said) => element('p', {}, saidNode(said))));
    if (lines.length > 0) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  };
  const wrongLines = (): readonly Said[] => {
    if (repeats !== undefined) {
      return other(repeats) === input.value ? [] : [speaker.say('notSame')];
    }
    try {
      check?.(input.value);
      return [];
    } catch (error) {
      const { what, now } = faultWords(error, speaker);
      return [what, now];
    }
  };
  // As soon as it was typed to its end, and no sooner.
  input.addEventListener('change', () => {
    if (input.value !== '') tell(wrongLines());
  });
  input.addEventListener('input', () => {
    tell([]);
  });
  return {
    name,
    input,
    root: element(
      'div',
      { class: 'secret-field' },
      element('label', { for: id }, saidNode(label)),
      input,
      hint === undefined ? undefined : element('p', { class: 'small', id: hintId }, saidNode(hint)),
      wrong,
    ),
    holds: () => {
      const lines = wrongLines();
      tell(lines);
      return lines.length === 0;
    },
  };
}
