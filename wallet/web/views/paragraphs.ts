import { button, element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import type { Said } from '../../../verifier/web/parts/speaker.ts';

/** Something said, as a paragraph. */
export function paragraph(said: Said, kind?: string): HTMLElement {
  return element('p', { class: kind }, saidNode(said));
}

/** A button that says that, in its language. */
export function saidButton(said: Said, act: () => void, kind: string): HTMLButtonElement {
  const made = button('', act, { class: kind });
  made.append(saidNode(said));
  return made;
}

/** Things that belong together, under a heading. */
export function card(title: Said | undefined, ...content: readonly (Node | undefined)[]): HTMLElement {
  return element(
    'section',
    { class: 'card' },
    title === undefined ? undefined : element('h2', {}, saidNode(title)),
    ...content,
  );
}
