import { plusDays } from '../../credential/civil-time.ts';
import { CVX, LOINC, SNOMED } from '../../credential/code-system.ts';
import type { FhirBundle, FhirResource } from '../../credential/fhir-bundle.ts';

/** Somebody who does not exist, as a portal asks for them. */
export interface SamplePerson {
  readonly given: string;
  readonly family: string;
  readonly birthDate: string;
  readonly zip: string;
  readonly phone: string;
  readonly says: string;
}

/** Numbers of this range belong to nobody (North American Numbering Plan, 555-0100 to 555-0199). */
export const SAMPLE_PEOPLE = [
  {
    given: 'Maria',
    family: 'Sample',
    birthDate: '1985-04-12',
    zip: '10001',
    phone: '(212) 555-0101',
    says: 'two doses, long enough ago, and a negative PCR test of yesterday',
  },
  {
    given: '美玲',
    family: '林',
    birthDate: '1958-11-03',
    zip: '10013',
    phone: '(212) 555-0102',
    says: 'two doses',
  },
  {
    given: 'José',
    family: 'Núñez de Muestra',
    birthDate: '2001-07-30',
    zip: '10451',
    phone: '(718) 555-0103',
    says: 'one dose of two: no vaccination pass yet',
  },
] as const satisfies readonly SamplePerson[];

/** Their records, one FHIR bundle a line, as a registry hands them out on a day (YYYY-MM-DD). */
export function sampleRecords(today: string): string {
  const [maria, mei, jose] = SAMPLE_PEOPLE;
  return [
    recordOf(maria, '1', [dose(plusDays(today, -60)), dose(plusDays(today, -39)), test(plusDays(today, -1))]),
    recordOf(mei, '2', [dose(plusDays(today, -90)), dose(plusDays(today, -69))]),
    recordOf(jose, '3', [dose(plusDays(today, -10))]),
  ]
    .map((bundle) => `${JSON.stringify(bundle)}\n`)
    .join('');
}

function recordOf(person: SamplePerson, number: string, entries: readonly FhirResource[]): FhirBundle {
  const { given, family, birthDate, zip, phone } = person;
  const patient: FhirResource = {
    resourceType: 'Patient',
    id: `sample-${number}`,
    identifier: [{ system: 'https://health.example/people', value: number }],
    name: [{ family, given: [given] }],
    birthDate,
    telecom: [{ system: 'phone', use: 'mobile', value: phone }],
    address: [{ postalCode: zip }],
  };
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [patient, ...entries].map((resource, at) => ({ fullUrl: `resource:${at}`, resource })),
  };
}

function dose(occurrenceDateTime: string): FhirResource {
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: CVX, code: '208' }] },
    patient: { reference: 'resource:0' },
    occurrenceDateTime,
    lotNumber: 'SAMPLE-1',
    performer: [{ actor: { display: 'Example Pharmacy' } }],
  };
}

function test(day: string): FhirResource {
  return {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: LOINC, code: '94500-6' }] },
    subject: { reference: 'resource:0' },
    effectiveDateTime: `${day}T09:00:00-05:00`,
    valueCodeableConcept: { coding: [{ system: SNOMED, code: '260385009' }] },
    performer: [{ display: 'Example Laboratory' }],
  };
}
