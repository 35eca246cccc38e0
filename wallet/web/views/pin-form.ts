import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';
import type { Speaker } from '../wallet-words.ts';

/** A field for a PIN or passphrase with one button; `take` is given what was typed. */
export function pinForm(
  speaker: Speaker,
  action: Said,
  take: (pin: string) => Promise<void>,
): HTMLFormElement {
  const input = element('input', { type: 'password', name: 'pin', autocomplete: 'off', required: true });
  const form = element(
    'form',
    { class: 'pin-form' },
    element('label', {}, saidNode(speaker.say('pin')), input),
    element('button', { type: 'submit', class: 'primary big' }, saidNode(action)),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void take(input.value);
  });
  return form;
}
