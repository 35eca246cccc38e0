import { sampleRecord } from '../../../agent/sample-records.ts';
import { SAMPLE_NAMES } from '../../../agent/sample-names.ts';
import { seededRandom } from '../../../agent/seeded-random.ts';
import type { FhirBundle, FhirResource } from '../../../credential/fhir-bundle.ts';
import { patientOf } from '../../../agent/records/candidate.ts';

export const TODAY = '2026-11-26';

/** A made-up person's record as a registry has it: with an id, a phone, an e-mail and an address. */
export function registryRecord(place: number, patient: Readonly<Record<string, unknown>> = {}): FhirBundle {
  const bundle = sampleRecord(10, place, TODAY);
  const number = String(place).padStart(4, '0');
  const whole: FhirResource = {
    ...patientOf(bundle),
    id: `p-${number}`,
    identifier: [{ system: 'https://registry.example.org/id', value: number }],
    telecom: [
      { system: 'email', value: `person${number}@mail.example.org` },
      { system: 'phone', use: 'mobile', value: `(212) 555-${number}` },
    ],
    address: [{ postalCode: `1${number}-0001`, city: 'New York' }],
    ...patient,
  };
  return {
    ...bundle,
    entry: bundle.entry.map((entry) =>
      entry.resource.resourceType === 'Patient' ? { ...entry, resource: whole } : entry,
    ),
  };
}

export interface MadeUpName {
  readonly family: string;
  readonly given: readonly string[];
}

/** Names as people have them: one or two family names, one to three given names. */
export function madeUpName(place: number): MadeUpName {
  const random = seededRandom(77, place);
  const { family, given } = random.pick(SAMPLE_NAMES);
  const families = [random.pick(family), ...(random.chance(0.2) ? [random.pick(family)] : [])];
  const all = Array.from({ length: 1 + random.below(3) }, () => random.pick(given));
  // A syllable or two of chance, so that there are many people and many near-namesakes.
  const syllable = (): string => random.pick(['ba', 'ne', 'ri', 'to', 'lu', 'sha', 'mi', 'ko', 'de', 'an']);
  const tail = random.chance(0.9) ? `${syllable()}${syllable()}${random.chance(0.5) ? syllable() : ''}` : '';
  return { family: `${families.join(' ')}${tail}`, given: all };
}
