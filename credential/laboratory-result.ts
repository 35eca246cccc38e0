import { LOINC, SNOMED } from './code-system.ts';
import { codings, isLaboratory } from './fhir-attestation.ts';
import type { FhirResource } from './fhir-bundle.ts';
import { referenceTarget, type Resolve } from './fhir-reference.ts';
import { isJsonArray, isJsonObject } from './json.ts';

/** What a laboratory says of a sample; `other` is whatever is not plainly one of the two. */
export type LaboratoryResult = 'negative' | 'positive' | 'other';

const INTERPRETATION = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';

/**
 * What qualitative results mean: codes of the guide's value set `lab-qualitative-result`, and the LOINC answers that
 * its ballot (0.6.2, qualitative-lab-results-loinc) had beside them. Everything else, weak and doubtful results too, is
 * `other`.
 */
const RESULTS: Readonly<Record<string, 'negative' | 'positive'>> = {
  [`${SNOMED}|260385009`]: 'negative', // Negative
  [`${SNOMED}|260415000`]: 'negative', // Not detected
  [`${SNOMED}|10828004`]: 'positive', // Positive
  [`${SNOMED}|260373001`]: 'positive', // Detected
  [`${LOINC}|LA6577-6`]: 'negative', // Negative
  [`${LOINC}|LA11883-8`]: 'negative', // Not detected
  [`${LOINC}|LA6576-8`]: 'positive', // Positive
  [`${LOINC}|LA11882-0`]: 'positive', // Detected
  [`${INTERPRETATION}|NEG`]: 'negative',
  [`${INTERPRETATION}|ND`]: 'negative',
  [`${INTERPRETATION}|POS`]: 'positive',
  [`${INTERPRETATION}|DET`]: 'positive',
};

/**
 * The result of an Observation: what all codings of its value that are known here agree on, if nothing beside them says
 * otherwise. A value in words, or none, is `other`: nobody knows that it is not a positive one.
 */
export function resultOf(observation: FhirResource): LaboratoryResult {
  const { valueCodeableConcept, dataAbsentReason, interpretation, component } = observation;
  const [value, ...others] = meaningsOf(valueCodeableConcept);
  // FHIR R4, Observation: one `value[x]`, and a reason for its absence only where there is none (obs-6).
  const isOne = Object.keys(observation).every((name) => !/^value[A-Z]/.test(name) || name === CODED);
  if (value === undefined || others.length > 0 || !isOne || dataAbsentReason !== undefined) return 'other';
  const parts = [component, interpretation].flatMap((some) => (isJsonArray(some) ? some : []));
  const beside = parts.flatMap((part) => [
    ...meaningsOf(part),
    ...meaningsOf(isJsonObject(part) ? part[CODED] : undefined),
  ]);
  return beside.every((one) => one === value) ? value : 'other';
}

const CODED = 'valueCodeableConcept';

function meaningsOf(concept: unknown): readonly ('negative' | 'positive')[] {
  // A system that is no text is nobody's: made a text it could be taken for a known one, or not be made one at all.
  const meanings = codings(concept).flatMap(({ system, code }) =>
    typeof system === 'string' ? (RESULTS[`${system}|${String(code)}`] ?? []) : [],
  );
  return [...new Set(meanings)];
}

/**
 * What may be a positive result of the Patient though it is no fact: not final yet, or of somebody whom the bundle does
 * not name. Only what was withdrawn is none.
 */
export function mayBePositive(resource: FhirResource, resolve: Resolve, patient: number): boolean {
  const { resourceType, status, subject } = resource;
  if (resourceType !== 'Observation' || WITHDRAWN.has(status) || !isLaboratory(resource)) return false;
  const of = referenceTarget(subject, resolve);
  return (of === undefined || of === patient) && resultOf(resource) === 'positive';
}

/** FHIR R4 ObservationStatus. */
const WITHDRAWN: ReadonlySet<unknown> = new Set(['cancelled', 'entered-in-error']);
