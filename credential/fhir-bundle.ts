import { isCalendarDate } from './date-time.ts';
import { BundleError } from './errors.ts';
import { attestedOf } from './fhir-attestation.ts';
import { referenceIndex, referenceTarget, type Resolve } from './fhir-reference.ts';
import { isJsonArray, isJsonObject, MAX_JSON_DEPTH } from './json.ts';
import { composeName, namedSubject } from './subject.ts';

/** Any FHIR R4 resource: only its type is known to be there. */
export interface FhirResource {
  readonly resourceType: string;
  readonly [member: string]: unknown;
}

/** One entry of a bundle. */
export interface FhirEntry {
  readonly fullUrl?: string;
  readonly resource: FhirResource;
  readonly [member: string]: unknown;
}

/** A FHIR R4 Bundle that holds at least one resource. */
export interface FhirBundle {
  readonly resourceType: 'Bundle';
  readonly type: string;
  readonly entry: readonly FhirEntry[];
  readonly [member: string]: unknown;
}

/** True of a FHIR bundle with at least one entry, each with a typed resource. */
export function isFhirBundle(json: unknown): json is FhirBundle {
  return (
    isJsonObject(json) &&
    json['resourceType'] === 'Bundle' &&
    typeof json['type'] === 'string' &&
    isJsonArray(json['entry']) &&
    json['entry'].length > 0 &&
    json['entry'].every(isFhirEntry)
  );
}

function isFhirEntry(entry: unknown): boolean {
  if (!isJsonObject(entry)) return false;
  const { fullUrl, resource } = entry;
  if (fullUrl !== undefined && typeof fullUrl !== 'string') return false;
  return isJsonObject(resource) && typeof resource['resourceType'] === 'string';
}

/**
 * Reads a FHIR bundle that somebody wants a card of.
 * @throws BundleError BUNDLE_MALFORMED
 */
export function parseBundle(json: unknown): FhirBundle {
  if (!isFhirBundle(json)) throw malformed('This is not a FHIR bundle with resources.');
  return json;
}

/**
 * A copy of the bundle as a card carries it (SMART Health Cards 1.4.0, "Health Cards are Small"): references `resource:N`,
 * no resource ids, no metadata but `meta.security`, no narrative, no text beside codings, no display of codings.
 *
 * A reference that leads to no entry is left as it is, for `assertIssuable` to refuse. A name's text is kept where it is
 * all the name there is. So are ids of contained resources, which their `#` references need.
 * @throws BundleError BUNDLE_MALFORMED if it is nested too deep
 */
export function minimiseBundle(bundle: FhirBundle): FhirBundle {
  const resolve = referenceIndex(bundle);
  const entry = bundle.entry.map(({ resource }, index) => ({
    fullUrl: `resource:${index}`,
    resource: minimiseResource(resource, resolve, 'entry', 0) as FhirResource,
  }));
  // What a search or a transaction says of itself is not part of the record.
  if (bundle.type !== 'document') return { resourceType: 'Bundle', type: 'collection', entry };
  // A document's own identity is required of it (FHIR R4 bdl-9, bdl-10).
  const { identifier, timestamp } = bundle;
  return {
    resourceType: 'Bundle',
    type: 'document',
    ...(identifier === undefined ? {} : { identifier: minimise(identifier, resolve, 0) }),
    ...(timestamp === undefined ? {} : { timestamp }),
    entry,
  };
}

/**
 * Holds a bundle to what an issuer may sign: exactly one named Patient with a real date of birth, at least one completed
 * Immunization or final laboratory Observation of that Patient, and no reference that leads nowhere.
 * @throws BundleError
 */
export function assertIssuable(bundle: FhirBundle): void {
  const urls = bundle.entry.flatMap(({ fullUrl }) => fullUrl ?? []);
  if (new Set(urls).size !== urls.length) throw malformed('Two entries of the bundle have one fullUrl.');
  const patients = bundle.entry.flatMap(({ resource }, i) => (resource.resourceType === 'Patient' ? i : []));
  const [patient] = patients;
  if (patient === undefined) throw new BundleError('PATIENT_MISSING', 'The bundle holds no Patient.');
  if (patients.length > 1)
    throw new BundleError('PATIENT_NOT_UNIQUE', 'The bundle holds more than one Patient.');
  if (namedSubject(bundle) === undefined) {
    throw new BundleError('PATIENT_UNNAMED', 'The Patient of the bundle has no name.');
  }
  const birthDate = bundle.entry[patient]?.resource['birthDate'];
  if (typeof birthDate !== 'string' || !isCalendarDate(birthDate)) {
    throw new BundleError('BIRTH_DATE_INVALID', 'The Patient of the bundle has no full date of birth.');
  }
  const resolve = referenceIndex(bundle);
  for (const { resource } of bundle.entry) assertReferences(resource, resolve, 0);
  if (!bundle.entry.some(({ resource }) => attestedOf(resource, resolve) === patient)) {
    throw new BundleError(
      'NOTHING_ATTESTED',
      'The bundle holds no completed immunization or final result of the Patient.',
    );
  }
}

function minimiseResource(
  resource: Record<string, unknown>,
  resolve: Resolve,
  place: 'entry' | 'contained',
  depth: number,
): Record<string, unknown> {
  if (depth > MAX_JSON_DEPTH) throw malformed('The bundle is nested too deep.');
  const { id, meta, contained, name } = resource;
  const security = isJsonObject(meta) ? meta['security'] : undefined;
  const minimised: Record<string, unknown> = { resourceType: resource['resourceType'] };
  if (place === 'contained' && id !== undefined) minimised['id'] = id;
  if (security !== undefined) minimised['meta'] = { security: minimise(security, resolve, depth + 1) };
  if (isJsonArray(contained)) {
    minimised['contained'] = contained.map((inner) =>
      isJsonObject(inner) ? minimiseResource(inner, resolve, 'contained', depth + 1) : inner,
    );
  }
  minimiseMembers(resource, resolve, depth, { into: minimised, except: OF_RESOURCES });
  if (resource['resourceType'] === 'Patient' && isJsonArray(name)) {
    minimised['name'] = name.map((one, _, all) => minimise(minimalName(one, all.length), resolve, depth + 2));
  }
  return minimised;
}

/** What a resource has for itself: looked at one by one. */
const OF_RESOURCES: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta', 'text', 'contained']);

/**
 * HL7 Vaccination & Testing, Patient: a name in parts or as a text, not both; a single name is the official one and
 * does not say so.
 */
function minimalName(name: unknown, names: number): unknown {
  if (!isJsonObject(name)) return name;
  const { family, given, use } = name;
  const inParts = composeName([], family) !== undefined && composeName(given, '') !== undefined;
  return Object.fromEntries(
    Object.entries(name).filter(
      ([member]) =>
        !(member === 'text' && inParts) && !(member === 'use' && use === 'official' && names === 1),
    ),
  );
}

function minimise(value: unknown, resolve: Resolve, depth: number): unknown {
  if (depth > MAX_JSON_DEPTH) throw malformed('The bundle is nested too deep.');
  if (isJsonArray(value)) return value.map((item) => minimise(item, resolve, depth + 1));
  return isJsonObject(value) ? minimiseObject(value, resolve, depth) : value;
}

function minimiseObject(
  value: Record<string, unknown>,
  resolve: Resolve,
  depth: number,
): Record<string, unknown> {
  return minimiseMembers(value, resolve, depth, { into: {}, except: NOTHING });
}

const NOTHING: ReadonlySet<string> = new Set();

function minimiseMembers(
  value: Record<string, unknown>,
  resolve: Resolve,
  depth: number,
  { into, except }: { readonly into: Record<string, unknown>; readonly except: ReadonlySet<string> },
): Record<string, unknown> {
  for (const name of Object.keys(value)) {
    if (except.has(name)) continue;
    if (name === 'display' && isCoding(value)) continue;
    if (name === 'text' && isCodedConcept(value)) continue;
    // What the entry says itself; else a person's name would stand in the QR once more for every dose.
    if (name === 'display' && referenceTarget(value, resolve) !== undefined) continue;
    const member = minimisedMember(name, value[name], resolve, depth);
    if (name !== '__proto__') into[name] = member;
    // To assign to it would not make a member of it.
    else Object.defineProperty(into, name, { ...ORDINARY, value: member });
  }
  return into;
}

const ORDINARY = { enumerable: true, configurable: true, writable: true } as const;

function minimisedMember(name: string, member: unknown, resolve: Resolve, depth: number): unknown {
  if (name !== 'reference' || typeof member !== 'string') return minimise(member, resolve, depth + 1);
  const at = resolve(member);
  return at === undefined ? member : `resource:${at}`;
}

/** A Coding by its members: of the types with a `display` (Reference is the other) only it has a system or a code. */
function isCoding(value: Record<string, unknown>): boolean {
  return value['code'] !== undefined || value['system'] !== undefined;
}

/** A CodeableConcept that says with codes what its text says; with text alone, the text is all it says. */
function isCodedConcept(value: Record<string, unknown>): boolean {
  return isJsonArray(value['coding']) && value['coding'].length > 0;
}

function assertReferences(value: unknown, resolve: Resolve, depth: number): void {
  if (depth > MAX_JSON_DEPTH) throw malformed('The bundle is nested too deep.');
  if (isJsonArray(value)) for (const item of value) assertReferences(item, resolve, depth + 1);
  if (!isJsonObject(value)) return;
  for (const name of Object.keys(value)) {
    const member = value[name];
    if (name !== 'reference' || typeof member !== 'string') assertReferences(member, resolve, depth + 1);
    else if (!member.startsWith('#') && resolve(member) === undefined) {
      throw new BundleError(
        'REFERENCE_UNRESOLVED',
        'A reference of the bundle leads to none of its entries.',
      );
    }
  }
}

function malformed(message: string): BundleError {
  return new BundleError('BUNDLE_MALFORMED', message);
}
