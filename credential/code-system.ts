/** CDC's codes of vaccines. */
export const CVX = 'http://hl7.org/fhir/sid/cvx';
export const SNOMED = 'http://snomed.info/sct';
/** WHO's ICD-11 for Mortality and Morbidity Statistics. */
export const ICD11 = 'http://id.who.int/icd/release/11/mms';
/** How drafts of the Vaccination & Testing guide named ICD-11. */
export const ICD11_DRAFT = 'http://id.who.int/icd11/mms';
export const LOINC = 'http://loinc.org';
