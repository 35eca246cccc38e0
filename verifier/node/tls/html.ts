/** Markup that is safe to send: made by {@link html} or by us, never from a text that came from elsewhere. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** Markup from a template; every text in it is escaped, in elements and in quoted attributes alike. */
export function html(
  template: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[])[]
): Html {
  return new Html(template.reduce((whole, part, at) => `${whole}${markupOf(values[at - 1] ?? '')}${part}`));
}

function markupOf(value: string | Html | readonly Html[]): string {
  if (value instanceof Html) return value.markup;
  if (typeof value !== 'string') return value.map(({ markup }) => markup).join('');
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
