import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';

/** One of a chooser's choices, with the language of its text if that is not the page's. */
interface Choice {
  readonly value: string;
  readonly text: string;
  readonly tag?: string;
}

/** A labelled list to choose from. */
export function chooser(
  name: string,
  label: Said,
  choices: readonly Choice[],
  value: string,
  chosen: (value: string) => void,
): HTMLElement {
  const select = element(
    'select',
    { name },
    ...choices.map((choice) => element('option', { value: choice.value, lang: choice.tag }, choice.text)),
  );
  select.value = value;
  select.addEventListener('change', () => {
    chosen(select.value);
  });
  return element('label', { class: 'setting' }, element('span', {}, saidNode(label)), select);
}
