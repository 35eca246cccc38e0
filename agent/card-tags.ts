import type { FhirBundle } from '../credential/fhir-bundle.ts';
import { foldWord } from './records/person-name.ts';
import type { Tagger } from './tagger.ts';

/** Whom a card is about, as a clerk can say it. */
export interface PersonSaid {
  /** The whole name, in any order. */
  readonly name: string;
  /** YYYY-MM-DD. */
  readonly birthDate: string;
}

/**
 * A keyed tag of a person: the same for the same words of a name in any order, case and with or without accents, and the
 * same date of birth; without the issuer's data key it says nothing, and cannot be guessed from a list of names.
 */
export function personTag(tagger: Tagger, { name, birthDate }: PersonSaid): string {
  const words = name
    .normalize('NFKC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .map(foldWord)
    .filter((word) => word !== '');
  return tagger.tag('person', `${words.toSorted().join(' ')}|${birthDate}`);
}

/** A keyed tag of a vaccine lot, spaces and case aside. */
export function lotTag(tagger: Tagger, lot: string): string {
  return tagger.tag('lot', lot.replaceAll(/\s/g, '').toUpperCase());
}

/** The tags of the lots that a record's immunizations name. */
export function lotTagsOf(tagger: Tagger, bundle: FhirBundle): readonly string[] {
  const lots = bundle.entry.flatMap(({ resource }) => {
    const lot = resource.resourceType === 'Immunization' ? resource['lotNumber'] : undefined;
    return typeof lot === 'string' && lot.trim() !== '' ? lotTag(tagger, lot) : [];
  });
  return [...new Set(lots)];
}
