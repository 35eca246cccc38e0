/**
 * What can be wrong with the bundle of a card: a closed list, each with its weight and a sentence for its issuer.
 *
 * From SMART Health Cards 1.4.0 ("Health Cards are Small") and HL7 SMART Health Cards: Vaccination & Testing 1.0.0; an
 * `error` breaks a SHALL or makes the card useless, a `warning` breaks a SHOULD.
 */
export const BUNDLE_FINDINGS = {
  BUNDLE_TYPE: ['error', 'The bundle is neither a collection nor a document.'],
  NOTHING_ATTESTED: ['error', 'The bundle holds no immunization and no laboratory result.'],
  IMMUNIZATIONS_AND_RESULTS_MIXED: ['warning', 'Immunizations and results belong on cards of their own.'],
  RESOURCE_NOT_NEEDED: ['warning', 'A verifier needs no such resource.'],
  MEMBER_NOT_NEEDED: ['warning', 'A verifier does not need this.'],
  EMPTY_VALUE: ['error', 'An empty value: leave out what there is not.'],
  PLACEHOLDER: ['error', 'A placeholder: leave out what is not known.'],

  FULL_URL_INVALID: ['error', 'The fullUrl is not of the form resource:N.'],
  FULL_URL_NOT_UNIQUE: ['error', 'Another entry has this fullUrl.'],
  REFERENCE_INVALID: ['error', 'The reference is not of the form resource:N.'],
  REFERENCE_UNRESOLVED: ['error', 'The reference leads to no entry.'],
  RESOURCE_ID: ['warning', 'A resource on a card has no id.'],
  RESOURCE_META: ['warning', 'Of the metadata only meta.security belongs on a card.'],
  RESOURCE_TEXT: ['warning', 'A resource on a card has no narrative.'],
  CONCEPT_TEXT: ['warning', 'Codes need no text beside them.'],
  CODING_DISPLAY: ['warning', 'A code needs no display.'],

  PATIENT_MISSING: ['error', 'The bundle holds no Patient.'],
  PATIENT_NOT_UNIQUE: ['error', 'The bundle holds more than one Patient.'],
  NAME_MISSING: ['error', 'The Patient has no name.'],
  NAME_NOT_UNIQUE: ['warning', 'The Patient has more than one name.'],
  NAME_INCOMPLETE: ['error', 'A name has a family name and given names, or it has a text.'],
  NAME_REDUNDANT: ['error', 'The text of the name repeats its parts.'],
  BIRTH_DATE_INVALID: ['error', 'The date of birth is missing, or not a full date.'],
  PATIENT_IDENTIFIER: ['warning', 'Identifiers of a person do not belong on a card.'],
  PATIENT_GENDER: ['warning', 'The gender does not belong on a card.'],
  PATIENT_ADDRESS: ['warning', 'The address does not belong on a card.'],
  PATIENT_TELECOM: ['warning', 'Telephone and mail addresses do not belong on a card.'],
  NOT_OF_THE_PATIENT: ['error', 'This is not about the Patient of the bundle.'],

  IMMUNIZATION_STATUS: ['error', 'The immunization is not completed.'],
  VACCINE_CODE_MISSING: ['error', 'The vaccine has no code.'],
  VACCINE_CODE_SYSTEM: ['error', 'The code of the vaccine is not of CVX, SNOMED CT or ICD-11.'],
  OCCURRENCE_MISSING: ['error', 'The immunization has no date.'],
  OCCURRENCE_INVALID: ['error', 'The date of the immunization is not a full date.'],
  OCCURRENCE_WITH_TIME: ['warning', 'The date of an immunization needs no time.'],
  SUBPOTENT_FALSE: ['error', 'Only a subpotent dose says whether it is.'],
  PROTOCOL_APPLIED: ['error', 'Doses are counted, not numbered: protocolApplied is not allowed.'],
  LOT_NUMBER_LONG: ['warning', 'The lot number has 20 characters or more.'],
  LOT_NUMBER_WORD: ['warning', 'The lot number holds the word "lot".'],
  PERFORMER_LONG: ['warning', 'The name of the performer has 30 characters or more.'],

  RESULT_STATUS: ['error', 'The result is not final, amended or corrected.'],
  RESULT_CODE_MISSING: ['error', 'The test has no LOINC code.'],
  RESULT_VALUE_MISSING: ['error', 'There is no result.'],
  RESULT_VALUE_TEXT: ['warning', 'No verifier can compute with a result in words.'],
  RESULT_TIME_MISSING: ['error', 'The result has no time of collection.'],
  RESULT_TIME_INVALID: ['error', 'The time of collection is not a full date, or a time without its zone.'],
} as const satisfies Record<string, readonly ['error' | 'warning', string]>;

export type BundleFindingCode = keyof typeof BUNDLE_FINDINGS;

/** One thing that is wrong with a bundle; it says where and never what stands there. */
export interface BundleFinding {
  readonly code: BundleFindingCode;
  readonly level: 'error' | 'warning';
  /** Members from the bundle on, such as `Bundle.entry[1].resource.lotNumber`. */
  readonly path: string;
}

/** Notes a finding. */
export type Find = (code: BundleFindingCode, path: string) => void;
