import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import type { NameSaid } from './person-name.ts';

/** Whom to look for. */
export interface PersonQuery extends NameSaid {
  /** YYYY-MM-DD, exact. */
  readonly birthDate: string;
}

/** A way to reach a person that the registry has on record. */
export interface Contact {
  readonly kind: 'phone' | 'email';
  /** A number by E.164, or an address of RFC 5321. */
  readonly value: string;
}

/** One person of a registry. */
export interface Candidate {
  /** Name of the source that knows the person. */
  readonly source: string;
  /** The record to issue from: of the Patient nothing but names and birth date. */
  readonly bundle: FhirBundle;
  /** The best way first. */
  readonly contacts: readonly Contact[];
  /** ZIP codes on record, five digits each. */
  readonly postalCodes: readonly string[];
}

/** Where an entry of a record came from. */
export interface EntryOrigin {
  /** Absolute URL of the resource, if the registry lets others know where it has it. */
  readonly hosted?: string;
  /** When the registry last changed it, Unix seconds; undefined if it does not say. */
  readonly changed?: number;
}

/** All that a registry holds of one of its patients. */
export interface PatientRecord {
  /** As of a `Candidate`. */
  readonly bundle: FhirBundle;
  /** Of each entry of the bundle, in order. */
  readonly origins: readonly EntryOrigin[];
}

/** A registry of records that can be asked for a person. */
export interface RecordSource {
  readonly name: string;
  /**
   * All persons of that name and birth date. Rejects rather than to give half an answer.
   *
   * IssuerError SOURCE_UNREACHABLE, SOURCE_TIMEOUT, SOURCE_REFUSED, SOURCE_FAILED, SOURCE_ANSWER_INVALID,
   * SOURCE_ANSWER_TOO_LARGE, SOURCE_LINK_REFUSED.
   */
  readonly find: (query: PersonQuery, signal: AbortSignal) => Promise<readonly Candidate[]>;
  /**
   * The record of a patient by the id that the registry has for them (FHIR R4 `Patient.id`), undefined of nobody; missing
   * of a registry that gives none. Rejects as `find`.
   */
  readonly byId?: (id: string, signal: AbortSignal) => Promise<PatientRecord | undefined>;
}
