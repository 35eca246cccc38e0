/** What an element may be given: attributes as text, `true` for one without a value, `undefined` for none. */
export type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/** An element with its attributes and children; text stays text, whatever is in it. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string | undefined)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (typeof value === 'string') made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A button that does that. */
export function button(text: string, act: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  // Without the event: what acts takes things of its own.
  made.addEventListener('click', () => {
    act();
  });
  return made;
}
