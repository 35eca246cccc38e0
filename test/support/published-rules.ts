import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import type { PublishedRules } from '../../verifier/pipeline/trust-document.ts';

/** The JSON of a rule set or value set, to be changed. */
export type RuleJson = Record<string, unknown> & {
  jurisdiction: string;
  id: string;
  version: string;
  numbers: Record<string, number>;
  rules: Record<string, unknown>[];
};

/** A rule set or value set that comes with the program, such as `US-NY/ENTRY`. */
export function shippedText(name: string): string {
  return readFileSync(new URL(`../../verifier/rules/${name}.json`, import.meta.url), 'utf8');
}

/** The same with something changed. */
export function changedText(text: string, change: (json: RuleJson) => void): string {
  const json = JSON.parse(text) as RuleJson;
  change(json);
  return JSON.stringify(json);
}

/** What a registry says of a document by its digest. */
export function ruleDigest(text: string | Uint8Array): string {
  return `0x${createHash('sha256').update(text).digest('hex')}`;
}

/** How a document stands in the registry that its jurisdiction published, under the names it says itself. */
export function publishedAs(text: string, content: Partial<PublishedRules> = {}): PublishedRules {
  const { jurisdiction, id } = JSON.parse(text) as RuleJson;
  return { jurisdiction, id, version: 1, validFrom: 0, digest: ruleDigest(text), uri: '', ...content };
}

const PATIENT: FhirBundle['entry'][number] = {
  fullUrl: 'resource:0',
  resource: {
    resourceType: 'Patient',
    name: [{ family: 'Nobody', given: ['Nora'] }],
    birthDate: '1980-02-29',
  },
};

/** Doses of Comirnaty on these dates, of a person who does not exist. */
export function doses(...dates: readonly string[]): { readonly fhirBundle: FhirBundle } {
  const entries = dates.map((occurrenceDateTime, index) => ({
    fullUrl: `resource:${index + 1}`,
    resource: {
      resourceType: 'Immunization',
      status: 'completed',
      vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '208' }] },
      patient: { reference: 'resource:0' },
      occurrenceDateTime,
    },
  }));
  return { fhirBundle: { resourceType: 'Bundle', type: 'collection', entry: [PATIENT, ...entries] } };
}

/** A negative PCR test of that moment, Unix seconds, of the same person. */
export function negativePcr(at: number): { readonly fhirBundle: FhirBundle } {
  const coding = [{ system: 'http://snomed.info/sct', code: '260415000' }];
  const resource = {
    resourceType: 'Observation',
    status: 'final',
    code: { coding: [{ system: 'http://loinc.org', code: '94500-6' }] },
    subject: { reference: 'resource:0' },
    effectiveDateTime: new Date(at * 1000).toISOString(),
    valueCodeableConcept: { coding },
  };
  const entry = [PATIENT, { fullUrl: 'resource:1', resource }];
  return { fhirBundle: { resourceType: 'Bundle', type: 'collection', entry } };
}
