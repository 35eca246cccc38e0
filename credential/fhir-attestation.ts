import { LOINC } from './code-system.ts';
import type { FhirResource } from './fhir-bundle.ts';
import { referenceTarget, type Resolve } from './fhir-reference.ts';
import { isJsonArray, isJsonObject } from './json.ts';

/** FHIR R4 ObservationStatus: an amended or corrected result is a final one. */
export const FINAL: ReadonlySet<unknown> = new Set(['final', 'amended', 'corrected']);

/**
 * The place in the bundle of the Patient that a resource attests a fact about: a completed Immunization or a final
 * laboratory Observation; undefined of any other resource, and of one whose Patient is not in the bundle.
 */
export function attestedOf(resource: FhirResource, resolve: Resolve): number | undefined {
  const { resourceType, status } = resource;
  if (resourceType === 'Immunization') {
    const attested = status === 'completed' && codings(resource['vaccineCode']).length > 0;
    return attested ? referenceTarget(resource['patient'], resolve) : undefined;
  }
  if (resourceType !== 'Observation' || !isLaboratory(resource)) return undefined;
  return FINAL.has(status) ? referenceTarget(resource['subject'], resolve) : undefined;
}

/** By its category where it has one, else by a LOINC code: cards leave the category out. */
export function isLaboratory({ category, code }: FhirResource): boolean {
  if (codings(code).length === 0) return false;
  if (isJsonArray(category) && category.length > 0) {
    return category.flatMap(codings).some((coding) => coding['code'] === 'laboratory');
  }
  return codings(code).some((coding) => coding['system'] === LOINC);
}

/** The codings of a CodeableConcept that have a code. */
export function codings(concept: unknown): Record<string, unknown>[] {
  const list = isJsonObject(concept) ? concept['coding'] : undefined;
  if (!isJsonArray(list)) return [];
  return list.filter(isJsonObject).filter(({ code }) => typeof code === 'string' && code !== '');
}
