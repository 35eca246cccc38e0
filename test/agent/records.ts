import { readFileSync } from 'node:fs';
import type { FhirBundle, FhirEntry } from '../../credential/fhir-bundle.ts';
import { PLAUSIBILITY_LIMITS } from '../../agent/plausibility-limits.ts';
import { countingPolicy } from '../../agent/issuance-policy.ts';
import type { CountingPolicy, IssuancePolicy } from '../../agent/issuance-policy.ts';

/** New York's value set, as it comes with the program. */
export const NEW_YORK: IssuancePolicy = {
  timeZone: 'America/New_York',
  valueSet: readFileSync(new URL('../../verifier/rules/US-NY/COVID-19.json', import.meta.url), 'utf8'),
};

/** The same for tests that give one person many cards. */
export const GENEROUS_NEW_YORK: IssuancePolicy = {
  ...NEW_YORK,
  limits: { ...PLAUSIBILITY_LIMITS, cardsPerDay: 1000, cardsPerMonth: 1000 },
};

/** New York's policy ready to be counted by, with some of its numbers changed. */
export function newYork(numbers: Readonly<Record<string, number>> = {}): CountingPolicy {
  const valueSet = JSON.parse(NEW_YORK.valueSet) as { numbers: Record<string, number> };
  const changed = { ...valueSet, numbers: { ...valueSet.numbers, ...numbers } };
  return countingPolicy({ ...NEW_YORK, valueSet: JSON.stringify(changed) });
}

/** A dose by its CVX code; Comirnaty unless said. */
export function dose(
  occurrenceDateTime: string,
  code = '208',
  more: Record<string, unknown> = {},
): FhirEntry {
  return {
    resource: {
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code }] },
      patient: { reference: 'resource:0' },
      occurrenceDateTime,
      lotNumber: 'A1234',
      ...more,
    },
  };
}

const RESULTS = { negative: '260385009', positive: '10828004' } as const;
const TESTS = { pcr: '94500-6', antigen: '94558-4' } as const;

/** A laboratory result. */
export function result(
  kind: keyof typeof TESTS,
  effectiveDateTime: string,
  said: keyof typeof RESULTS = 'negative',
): FhirEntry {
  return {
    resource: {
      resourceType: 'Observation',
      status: 'final',
      category: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
          ],
        },
      ],
      code: { coding: [{ system: 'http://loinc.org', code: TESTS[kind] }] },
      subject: { reference: 'resource:0' },
      effectiveDateTime,
      valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: RESULTS[said] }] },
    },
  };
}

/** A record of one person. */
export function record(...entries: readonly FhirEntry[]): FhirBundle {
  const patient = {
    resource: {
      resourceType: 'Patient',
      name: [{ family: 'Nobody', given: ['Nora', 'N.'] }],
      birthDate: '1980-02-29',
    },
  };
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [patient, ...entries].map((entry, place) => ({ fullUrl: `resource:${place}`, ...entry })),
  };
}

/** Seconds since 1970. */
export function at(text: string): number {
  return Date.parse(text) / 1000;
}
