import { shownText } from './shown-text.ts';

/** What an element holds: another, or text, which is never read as markup. */
export type Child = Node | string | null;

type Attributes = Readonly<Record<string, string | boolean | null>>;

/**
 * An element with attributes and children. There is no way from a text to markup in this page: no `innerHTML`, no
 * listener in an attribute, no style in one.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Text that somebody else wrote, apart from the direction of what stands around it. */
export function foreign(text: string, most?: number): HTMLElement {
  return element('bdi', { class: 'foreign' }, shownText(text, most));
}

/** A button that does something when it is pressed. */
export function button(
  label: string,
  attributes: Attributes,
  press: (pressed: HTMLButtonElement) => void,
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', () => {
    press(made);
  });
  return made;
}

/** A list of terms and what they are, those without anything left out. */
export function facts(rows: readonly (readonly [term: string, said: Child])[]): HTMLDListElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows.flatMap(([term, said]) =>
      said === null ? [] : [element('div', {}, element('dt', {}, term), element('dd', {}, said))],
    ),
  );
}

/** A table that scrolls by itself where it is too wide, with a caption for whoever cannot see what stands above it. */
export function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly Child[])[],
): HTMLElement {
  const head = element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)));
  const body = rows.map((cells) => {
    const made = cells.map((cell, at) => element('td', { 'data-head': heads[at] ?? '' }, cell));
    return element('tr', {}, ...made);
  });
  return element(
    'div',
    { class: 'scrolled' },
    element(
      'table',
      {},
      element('caption', { class: 'unseen' }, caption),
      element('thead', {}, head),
      element('tbody', {}, ...body),
    ),
  );
}

/** A named field: the label leads to it, and a hint below is read out with it. */
export function field(
  label: string,
  input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement,
  { hint, wide = false }: { readonly hint?: string; readonly wide?: boolean } = {},
): HTMLElement {
  if (hint !== undefined) input.setAttribute('aria-describedby', `${input.id}-hint`);
  return element(
    'div',
    { class: wide ? 'field wide' : 'field' },
    element('label', { for: input.id }, label),
    input,
    hint === undefined ? null : element('p', { class: 'hint', id: `${input.id}-hint` }, hint),
  );
}
