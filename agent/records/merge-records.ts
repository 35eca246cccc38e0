import { codings } from '../../credential/fhir-attestation.ts';
import type { FhirBundle, FhirEntry, FhirResource } from '../../credential/fhir-bundle.ts';
import { referenceIndex } from '../../credential/fhir-reference.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';

/** What one source knows of a person. */
export interface SourceRecord {
  readonly source: string;
  readonly bundle: FhirBundle;
}

/** What came from a source: doses and tests as it has them. */
export interface SourceShare {
  readonly source: string;
  readonly doses: number;
  readonly tests: number;
}

/** Where a resource of a source goes; resources that say the same go to one place. */
interface Placed {
  readonly resource: FhirResource;
  readonly bundle: FhirBundle;
  /** The place of each entry of that bundle among all. */
  readonly places: readonly number[];
}

/**
 * All that the sources know of one person as one record, in their order: the Patient of the first, and each dose and test
 * once, as the first that knows it has it.
 *
 * Together and not the best of them, since a series may be begun in one state and completed in another, and since the
 * positive result of one must not be hidden by the negative one of another.
 */
export function mergeRecords(records: readonly SourceRecord[]): FhirBundle {
  const [first] = records;
  if (first === undefined || records.length === 1) return first?.bundle ?? EMPTY;
  const placed: Placed[] = [];
  const known = new Map<string, { readonly place: number; readonly bundle: FhirBundle }>();
  for (const { bundle } of records) {
    const places: number[] = [];
    for (const { resource } of bundle.entry) {
      const key = sameness(resource);
      const before = key === undefined ? undefined : known.get(key);
      // What one source says twice is its own to say.
      if (before !== undefined && before.bundle !== bundle) places.push(before.place);
      else {
        const place = placed.push({ resource, bundle, places }) - 1;
        if (key !== undefined && before === undefined) known.set(key, { place, bundle });
        places.push(place);
      }
    }
  }
  return { resourceType: 'Bundle', type: 'collection', entry: placed.map(entryOf) };
}

/** How much each source knows. */
export function sharesOf(records: readonly SourceRecord[]): readonly SourceShare[] {
  return records.map(({ source, bundle }) => {
    const count = (type: string): number =>
      bundle.entry.filter(({ resource }) => resource.resourceType === type).length;
    return { source, doses: count('Immunization'), tests: count('Observation') };
  });
}

const EMPTY: FhirBundle = { resourceType: 'Bundle', type: 'collection', entry: [] };

/** The same for resources of two sources that are one fact; undefined of those that are never. */
function sameness(resource: FhirResource): string | undefined {
  const { resourceType, status } = resource;
  const codes = (concept: unknown): readonly string[] =>
    codings(concept)
      .map(({ system, code }) => JSON.stringify([system, code]))
      .toSorted();
  if (resourceType === 'Patient') return resourceType;
  if (resourceType === 'Immunization') {
    const { vaccineCode, occurrenceDateTime } = resource;
    const day = typeof occurrenceDateTime === 'string' ? occurrenceDateTime.slice(0, 10) : null;
    // Without its day or its code nobody can tell that it is the same.
    if (day === null || codes(vaccineCode).length === 0) return undefined;
    return JSON.stringify([resourceType, status, day, codes(vaccineCode)]);
  }
  if (resourceType === 'Observation') {
    const { code, effectiveDateTime, valueCodeableConcept } = resource;
    const result = codes(valueCodeableConcept);
    if (typeof effectiveDateTime !== 'string' || result.length === 0) return undefined;
    return JSON.stringify([resourceType, status, effectiveDateTime, codes(code), result]);
  }
  return undefined;
}

function entryOf({ resource, bundle, places }: Placed, at: number): FhirEntry {
  const resolve = referenceIndex(bundle);
  const moved = (value: unknown): unknown => {
    if (isJsonArray(value)) return value.map(moved);
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([member, inner]) => {
        const place =
          member === 'reference' && typeof inner === 'string' ? places[resolve(inner) ?? -1] : undefined;
        return [member, place === undefined ? moved(inner) : `resource:${place}`];
      }),
    );
  };
  return { fullUrl: `resource:${at}`, resource: moved(resource) as FhirResource };
}
