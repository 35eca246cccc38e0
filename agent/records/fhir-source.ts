import type { FhirBundle, FhirResource } from '../../credential/fhir-bundle.ts';
import { readFhirDateTime } from '../../credential/fhir-date-time.ts';
import { isJsonArray, isJsonObject } from '../../credential/json.ts';
import { IssuerError } from '../issuer-error.ts';
import { serverAddress } from './bounded-fetch.ts';
import { candidateOf, isPerson } from './candidate.ts';
import { fhirSearch, type SearchLimits, type SearchServer } from './fhir-search.ts';
import type { EntryOrigin, PatientRecord, PersonQuery, RecordSource } from './record-source.ts';
import type { ServerAuthorization } from './server-authorization.ts';

/** A FHIR R4 server that holds records. */
export interface FhirSourceOptions {
  readonly name: string;
  /** Its base address: https, or http on this machine. */
  readonly base: string;
  readonly authorization?: ServerAuthorization;
  readonly limits?: Partial<SearchLimits>;
  /** Its address as the clients of the issuer know it, to link cards with its resources; they are told no other. */
  readonly publicBase?: string;
}

/** A birth date and a few letters of a name find dozens in the largest state; a record holds dozens of doses. */
const LIMITS: SearchLimits = { pages: 20, pageBytes: 4_000_000, searchBytes: 16_000_000 };
const PAGE_SIZE = '100';
/** Persons of one name and birth date whose records are fetched; more are no person's namesakes but a fault. */
const MAX_PERSONS = 5;
/** FHIR R4 §2.24.0.1, `id`. */
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * A source that searches a FHIR R4 server: Patients by name and birth date, and of those that bear exactly that name
 * their Immunizations and laboratory Observations.
 *
 * IssuerError SOURCE_INVALID.
 */
export function fhirSource({
  name,
  base,
  authorization,
  limits,
  publicBase,
}: FhirSourceOptions): RecordSource {
  const url = serverAddress(base.endsWith('/') ? base : `${base}/`);
  if (url.search !== '')
    throw new IssuerError('SOURCE_INVALID', 'The address of a FHIR server has no query.');
  const hostedAt = publicBase === undefined ? undefined : serverAddress(publicBase).href;
  const server: SearchServer = {
    base: url,
    limits: { ...LIMITS, ...limits },
    ...(authorization === undefined ? {} : { authorization }),
  };
  return {
    name,
    find: async (query, signal) => {
      const words = searchWords(query);
      if (words === '') return [];
      const patients = await fhirSearch(
        server,
        'Patient',
        { birthdate: query.birthDate, name: words, _count: PAGE_SIZE },
        signal,
      );
      const persons = patients.filter((patient) => isActive(patient) && isPerson(patient, query));
      if (persons.length > MAX_PERSONS) {
        throw new IssuerError('SOURCE_ANSWER_INVALID', 'A source of records knows one person many times.');
      }
      return Promise.all(
        persons.map(async (patient) => {
          const { bundle } = await recordOf(server, patient, signal);
          return candidateOf(name, bundle);
        }),
      );
    },
    byId: async (id, signal) => {
      if (!ID.test(id)) return undefined;
      const found = await fhirSearch(server, 'Patient', { _id: id, _count: PAGE_SIZE }, signal);
      // A server that ignores the parameter gives everybody.
      if (found.some((patient) => patient['id'] !== id) || found.length > 1) {
        throw new IssuerError('SOURCE_ANSWER_INVALID', 'A source of records answered with another person.');
      }
      const [patient] = found;
      if (patient === undefined || !isActive(patient)) return undefined;
      const { bundle, resources } = await recordOf(server, patient, signal);
      return {
        bundle: candidateOf(name, bundle).bundle,
        origins: resources.map((resource) => originOf(resource, hostedAt)),
      } satisfies PatientRecord;
    },
  };
}

/**
 * Any of the words begins any part of a name (`name` of FHIR R4 searches them all, and a comma means or): a server need
 * not know that O’Brien is O Brien. Who among those found is meant, we decide.
 */
function searchWords({ family, given }: PersonQuery): string {
  const words = `${family} ${given}`.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return [...new Set(words)].slice(0, 10).join(',');
}

/** A duplicate that was merged into another Patient says so by being inactive. */
function isActive(patient: FhirResource): boolean {
  return patient['active'] !== false;
}

/** A patient's record as one bundle, and the resources that its entries were. */
async function recordOf(
  server: SearchServer,
  patient: FhirResource,
  signal: AbortSignal,
): Promise<{ readonly bundle: FhirBundle; readonly resources: readonly FhirResource[] }> {
  const { id } = patient;
  if (typeof id !== 'string' || !ID.test(id)) {
    throw new IssuerError('SOURCE_ANSWER_INVALID', 'A source of records knows a person without an id.');
  }
  const ofPatient = { patient: `Patient/${id}`, _count: PAGE_SIZE };
  const [immunizations, observations] = await Promise.all([
    fhirSearch(server, 'Immunization', ofPatient, signal),
    fhirSearch(server, 'Observation', { ...ofPatient, category: 'laboratory' }, signal),
  ]);
  const url = new URL(`Patient/${id}`, server.base).href;
  const theirs = [...immunizations, ...observations].map((resource) => detached(resource, { id, url }));
  const bundle: FhirBundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: url, resource: patient }, ...theirs.map((resource) => ({ resource }))],
  };
  return { bundle, resources: [patient, ...immunizations, ...observations] };
}

function originOf({ resourceType, id, meta }: FhirResource, hostedAt: string | undefined): EntryOrigin {
  const changed = readFhirDateTime(isJsonObject(meta) ? meta['lastUpdated'] : undefined)?.at ?? undefined;
  const isNamed = hostedAt !== undefined && typeof id === 'string' && ID.test(id);
  return {
    ...(isNamed ? { hosted: `${hostedAt.replace(/\/$/, '')}/${resourceType}/${id}` } : {}),
    ...(changed === undefined ? {} : { changed }),
  };
}

/**
 * A resource of the patient on its own: references to what was not fetched are gone, what they display stays.
 *
 * IssuerError SOURCE_ANSWER_INVALID if it is about somebody else: a server that ignores a parameter gives everybody's.
 */
function detached(
  resource: FhirResource,
  patient: { readonly id: string; readonly url: string },
): FhirResource {
  const about = resource['patient'] ?? resource['subject'];
  const reference = isJsonObject(about) ? about['reference'] : undefined;
  if (reference !== `Patient/${patient.id}` && reference !== patient.url) {
    throw new IssuerError(
      'SOURCE_ANSWER_INVALID',
      'A source of records answered with the record of another person.',
    );
  }
  const { contained: _contained, note: _note, ...rest } = resource;
  return Object.fromEntries(
    Object.entries(rest).map(([member, value]) =>
      value === about ? [member, { reference: patient.url }] : [member, withoutReferences(value, 0)],
    ),
  ) as FhirResource;
}

function withoutReferences(value: unknown, depth: number): unknown {
  if (depth > 32) throw new IssuerError('SOURCE_ANSWER_INVALID', 'A source of records answered too deep.');
  if (isJsonArray(value)) return value.map((item) => withoutReferences(item, depth + 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([member, inner]) =>
      member === 'reference' && typeof inner === 'string'
        ? []
        : [[member, withoutReferences(inner, depth + 1)]],
    ),
  );
}
