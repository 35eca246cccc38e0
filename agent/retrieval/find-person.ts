import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import type { SourcesAnswer } from '../records/ask-sources.ts';
import { isPerson, patientOf } from '../records/candidate.ts';
import { nameFormsOf } from '../records/person-name.ts';
import type { Candidate, Contact, PersonQuery } from '../records/record-source.ts';

/** One person's records in the sources, and the ways to reach that person that stand in them. */
export interface FoundPerson {
  readonly records: readonly { readonly source: string; readonly bundle: FhirBundle }[];
  readonly contacts: readonly Contact[];
}

/** Whom an ask is about, or the step at which that failed: for counters and staff, never for the asker. */
export type Finding =
  | { readonly step: 'found'; readonly persons: readonly FoundPerson[]; readonly identity: string }
  | { readonly step: 'no-record' | 'other-zip' | 'no-contact' | 'ambiguous' | 'undetermined' };

/** So many people of one name, birth date and ZIP code each get a code of their own. */
export const MAX_PERSONS = 3;

/**
 * Finds the person of that name, birth date and ZIP code among what the sources know.
 *
 * Records that share a contact are one person's. Others may be two people: each gets a code by the contact on the own
 * record, so that neither sees the other's. A miss while a source was not asked is undetermined.
 *
 * @param kinds ways for which there is a sender
 */
export function findPerson(
  { candidates, unasked }: SourcesAnswer,
  query: PersonQuery & { readonly zip: string },
  kinds: ReadonlySet<Contact['kind']>,
): Finding {
  const miss = (step: 'no-record' | 'other-zip' | 'no-contact'): Finding => ({
    step: unasked.length > 0 ? 'undetermined' : step,
  });
  const named = candidates.filter(({ bundle }) => isPerson(patientOf(bundle), query));
  if (named.length === 0) return miss('no-record');
  const near = named.filter(({ postalCodes }) => postalCodes.includes(query.zip));
  if (near.length === 0) return miss('other-zip');
  const reachable = near
    .map((candidate) => ({
      ...candidate,
      contacts: candidate.contacts.filter(({ kind }) => kinds.has(kind)),
    }))
    .filter(({ contacts }) => contacts.length > 0);
  const [first] = reachable;
  if (first === undefined) return miss('no-contact');
  const persons = personsOf(reachable);
  if (persons.length > MAX_PERSONS) return { step: 'ambiguous' };
  return { step: 'found', persons, identity: identityOf(first) };
}

/** Who a candidate is, however asked for: all names on record, and the birth date. */
export function identityOf({ bundle }: Candidate): string {
  const patient = patientOf(bundle);
  return `${[...nameFormsOf(patient)].toSorted().join(',')}|${String(patient['birthDate'])}`;
}

/** The people that records are about: those that share a contact are one person's. */
export function personsOf(candidates: readonly Candidate[]): readonly FoundPerson[] {
  let persons: readonly FoundPerson[] = [];
  for (const { source, bundle, contacts } of candidates) {
    const values = new Set(contacts.map(({ value }) => value));
    const isTheirs = (person: FoundPerson): boolean => person.contacts.some(({ value }) => values.has(value));
    const same = persons.filter(isTheirs);
    const merged: FoundPerson = {
      records: [...same.flatMap(({ records }) => records), { source, bundle }],
      contacts: [...same.flatMap((person) => person.contacts), ...contacts].filter(
        ({ value }, at, all) => all.findIndex((other) => other.value === value) === at,
      ),
    };
    persons = [...persons.filter((person) => !isTheirs(person)), merged];
  }
  return persons;
}
