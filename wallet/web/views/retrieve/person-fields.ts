import { element } from '../../../../verifier/web/parts/element.ts';
import type { PersonTyped } from '../../../retrieval/issuer-service.ts';
import type { Speaker } from '../../wallet-words.ts';
import { field } from './flow.ts';

/** The fields by which a record is found. The browser is not to remember what is typed: it is often somebody else. */
export function personFields(
  { say }: Speaker,
  person: PersonTyped | undefined,
): { readonly nodes: readonly HTMLElement[]; readonly read: () => PersonTyped } {
  const input = (
    name: string,
    value: string | undefined,
    more: Readonly<Record<string, string>> = {},
  ): HTMLInputElement => {
    const made = element('input', {
      type: 'text',
      name,
      autocomplete: 'off',
      spellcheck: 'false',
      maxlength: '200',
      ...more,
    });
    made.value = value ?? '';
    return made;
  };
  const given = input('given', person?.given);
  const family = input('family', person?.family);
  const birthDate = input('birthDate', person?.birthDate, { type: 'date', min: '1870-01-01', required: '' });
  const zip = input('zip', person?.zip, {
    inputmode: 'numeric',
    pattern: '\\s*\\d{5}(-?\\d{4})?\\s*',
    required: '',
  });
  // One of both names is enough: not everybody has two.
  const needOne = (): void => {
    family.required = given.value.trim() === '';
  };
  given.addEventListener('input', needOne);
  needOne();
  return {
    nodes: [
      field(say('retrieveGiven'), given),
      field(say('retrieveFamily'), family),
      field(say('retrieveBorn'), birthDate),
      field(say('retrieveZip'), zip),
    ],
    read: () => ({
      given: given.value,
      family: family.value,
      birthDate: birthDate.value,
      zip: zip.value,
    }),
  };
}
