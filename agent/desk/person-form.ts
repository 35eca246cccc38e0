import type { Desk } from './desk.ts';
import { element, field } from './elements.ts';
import { readDate } from './moments.ts';

/** Whom a clerk asks for, as typed. */
export interface Typed {
  family: string;
  given: string;
  born: string;
  zip: string;
}

/** Whom to ask the service for. */
export interface Asked {
  readonly family: string;
  readonly given: string;
  readonly birthDate: string;
  readonly postalCode?: string;
}

export function nothingTyped(): Typed {
  return { family: '', given: '', born: '', zip: '' };
}

/** The fields for a person; what is typed is kept in `typed`, and Enter asks. */
export function personForm(
  desk: Desk,
  typed: Typed,
  {
    prefix,
    withZip,
    ask,
  }: { readonly prefix: string; readonly withZip: boolean; readonly ask: (asked: Asked) => void },
): HTMLFormElement {
  const { search } = desk.words;
  const input = (name: keyof Typed, attributes: Readonly<Record<string, string>>): HTMLInputElement => {
    const made = element('input', {
      id: `${prefix}-${name}`,
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: '200',
      ...attributes,
    });
    made.value = typed[name];
    made.addEventListener('input', () => {
      typed[name] = made.value;
      made.removeAttribute('aria-invalid');
    });
    return made;
  };
  const family = input('family', { autocapitalize: 'words' });
  const given = input('given', { autocapitalize: 'words' });
  const born = input('born', { inputmode: 'numeric', placeholder: '1984-06-19', maxlength: '12' });
  const zip = input('zip', { inputmode: 'numeric', maxlength: '10' });
  const said = element('p', { class: 'said', role: 'alert' });
  const form = element(
    'form',
    { class: 'search', novalidate: true, role: 'search' },
    field(search.family, family),
    field(search.given, given),
    field(search.born, born, { hint: search.bornHint }),
    withZip ? field(search.zip, zip, { hint: search.zipHint }) : null,
    element('button', { type: 'submit', class: 'first' }, search.find),
    said,
  );
  const fail = (text: string, at: HTMLInputElement): void => {
    said.textContent = text;
    at.setAttribute('aria-invalid', 'true');
    at.focus();
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    said.textContent = '';
    const birthDate = readDate(born.value);
    if (family.value.trim() === '' && given.value.trim() === '') fail(search.noName, family);
    else if (birthDate === undefined) fail(search.badDate, born);
    else {
      born.value = typed.born = birthDate;
      const postalCode = zip.value.trim();
      ask({
        family: family.value,
        given: given.value,
        birthDate,
        ...(withZip && postalCode !== '' ? { postalCode } : {}),
      });
    }
  });
  return form;
}
