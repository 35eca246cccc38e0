import { BUNDLE_FINDINGS, type BundleFinding, type BundleFindingCode, type Find } from './bundle-finding.ts';
import { CVX, ICD11, LOINC, SNOMED } from './code-system.ts';
import { isCalendarDate } from './date-time.ts';
import { isResourceUrl, lintElements, memberPath } from './element-lint.ts';
import { codings, FINAL } from './fhir-attestation.ts';
import type { FhirBundle, FhirResource } from './fhir-bundle.ts';
import { readFhirDateTime } from './fhir-date-time.ts';
import { isJsonArray, isJsonObject } from './json.ts';
import { isWord } from './subject.ts';

/** What of a Patient must not be on a card for a reason of its own. */
const PRIVATE: ReadonlyMap<string, BundleFindingCode> = new Map([
  ['identifier', 'PATIENT_IDENTIFIER'],
  ['gender', 'PATIENT_GENDER'],
  ['address', 'PATIENT_ADDRESS'],
  ['telecom', 'PATIENT_TELECOM'],
]);

const PATIENT_MEMBERS = ['name', 'birthDate', ...PRIVATE.keys()];
const IMMUNIZATION_MEMBERS = `status vaccineCode patient occurrenceDateTime lotNumber performer manufacturer
  isSubpotent protocolApplied`.split(/\s+/);
const OBSERVATION_MEMBERS =
  `status code subject effectiveDateTime effectivePeriod performer valueCodeableConcept
  valueQuantity valueString referenceRange`.split(/\s+/);

/** What a card needs of each resource beside `meta`, and what else is looked at. */
const PROFILES: ReadonlyMap<string, { readonly members: readonly string[]; readonly lint: Lint }> = new Map([
  ['Patient', { members: PATIENT_MEMBERS, lint: lintPatient }],
  ['Immunization', { members: IMMUNIZATION_MEMBERS, lint: lintImmunization }],
  ['Observation', { members: OBSERVATION_MEMBERS, lint: lintObservation }],
]);
type Lint = (resource: FhirResource, path: string, find: Find) => void;

const VACCINE_SYSTEMS: ReadonlySet<unknown> = new Set([CVX, SNOMED, ICD11]);
/** CVX: no vaccine administered, and an unknown one. */
const NO_VACCINE: ReadonlySet<unknown> = new Set(['998', '999']);
/** The word, with a number behind it or without: "Lot 12", "LOT#12", "lot12", and not "PILOT12". */
const LOT = /(?<!\p{L})lot(?!\p{L})/iu;

/**
 * Holds the bundle of a card to the profiles of the HL7 Vaccination & Testing guide and to the rules of minimisation;
 * best after `minimiseBundle`, which mends most of the latter.
 *
 * Findings stand in the order of the bundle. Nothing that a card says stands in a path.
 */
export function lintBundle(bundle: FhirBundle): readonly BundleFinding[] {
  const findings: BundleFinding[] = [];
  const find: Find = (code, path) => findings.push({ code, level: BUNDLE_FINDINGS[code][0], path });
  lintEnvelope(bundle, find);
  const types = bundle.entry.map(({ resource }) => resource.resourceType);
  const patient = bundle.entry[types.indexOf('Patient')]?.fullUrl;
  if (!types.includes('Patient')) find('PATIENT_MISSING', 'Bundle');
  if (types.indexOf('Patient') !== types.lastIndexOf('Patient')) find('PATIENT_NOT_UNIQUE', 'Bundle');
  const [doses, results] = [types.includes('Immunization'), types.includes('Observation')];
  if (!doses && !results) find('NOTHING_ATTESTED', 'Bundle');
  if (doses && results) find('IMMUNIZATIONS_AND_RESULTS_MIXED', 'Bundle');

  const urls = new Set(bundle.entry.map(({ fullUrl }) => fullUrl));
  for (const [i, { resource }] of bundle.entry.entries()) {
    const path = `Bundle.entry[${i}].resource`;
    const profile = PROFILES.get(resource.resourceType);
    if (profile === undefined) find('RESOURCE_NOT_NEEDED', path);
    else {
      const { members, lint } = profile;
      lintMembers(resource, ['resourceType', 'id', 'meta', 'text', ...members], path, find);
      lint(resource, path, find);
      if (lint !== lintPatient && (patient === undefined || aboutUrl(resource) !== patient)) {
        find('NOT_OF_THE_PATIENT', path);
      }
    }
    lintElements(resource, path, { urls, find });
  }
  return findings;
}

function lintEnvelope(bundle: FhirBundle, find: Find): void {
  const document = bundle.type === 'document' ? ['identifier', 'timestamp'] : [];
  if (bundle.type !== 'collection' && bundle.type !== 'document') find('BUNDLE_TYPE', 'Bundle.type');
  if (bundle['id'] !== undefined) find('RESOURCE_ID', 'Bundle.id');
  if (bundle['meta'] !== undefined) find('RESOURCE_META', 'Bundle.meta');
  lintMembers(bundle, ['resourceType', 'type', 'entry', 'id', 'meta', ...document], 'Bundle', find);
  const seen = new Set<string>();
  for (const [i, entry] of bundle.entry.entries()) {
    const { fullUrl } = entry;
    const path = `Bundle.entry[${i}]`;
    lintMembers(entry, ['fullUrl', 'resource'], path, find);
    if (fullUrl === undefined || !isResourceUrl(fullUrl)) find('FULL_URL_INVALID', `${path}.fullUrl`);
    else if (seen.has(fullUrl)) find('FULL_URL_NOT_UNIQUE', `${path}.fullUrl`);
    if (fullUrl !== undefined) seen.add(fullUrl);
  }
}

function lintPatient(patient: FhirResource, path: string, find: Find): void {
  for (const [name, code] of PRIVATE) if (patient[name] !== undefined) find(code, memberPath(path, name));
  const names = list(patient['name']).filter(isJsonObject);
  if (names.length === 0) find('NAME_MISSING', `${path}.name`);
  if (names.length > 1) find('NAME_NOT_UNIQUE', `${path}.name`);
  for (const [i, name] of names.entries()) {
    const here = `${path}.name[${i}]`;
    const parts = isWord(name['family']) && list(name['given']).some(isWord);
    const whole = isWord(name['text']);
    if (parts && whole) find('NAME_REDUNDANT', here);
    if (!parts && !whole) find('NAME_INCOMPLETE', here);
    // The guide lets a name say its use only if there are several.
    const use = names.length > 1 ? ['use'] : [];
    lintMembers(name, ['family', 'given', 'text', 'prefix', 'suffix', 'period', ...use], here, find);
  }
  const { birthDate } = patient;
  if (typeof birthDate !== 'string' || !isCalendarDate(birthDate)) {
    find('BIRTH_DATE_INVALID', `${path}.birthDate`);
  }
}

function lintImmunization(resource: FhirResource, path: string, find: Find): void {
  const { status, vaccineCode, occurrenceDateTime, lotNumber, performer, isSubpotent } = resource;
  if (status !== 'completed') find('IMMUNIZATION_STATUS', `${path}.status`);
  const coded = codings(vaccineCode);
  if (coded.length === 0) find('VACCINE_CODE_MISSING', `${path}.vaccineCode`);
  if (!coded.every(({ system }) => VACCINE_SYSTEMS.has(system))) {
    find('VACCINE_CODE_SYSTEM', `${path}.vaccineCode.coding`);
  }
  if (coded.some(({ system, code }) => system === CVX && NO_VACCINE.has(code))) {
    find('PLACEHOLDER', `${path}.vaccineCode.coding`);
  }
  const when = readFhirDateTime(occurrenceDateTime);
  if (occurrenceDateTime === undefined) find('OCCURRENCE_MISSING', `${path}.occurrenceDateTime`);
  else if (when === undefined) find('OCCURRENCE_INVALID', `${path}.occurrenceDateTime`);
  else if (when.time !== 'none') find('OCCURRENCE_WITH_TIME', `${path}.occurrenceDateTime`);
  if (isSubpotent === false) find('SUBPOTENT_FALSE', `${path}.isSubpotent`);
  if (resource['protocolApplied'] !== undefined) find('PROTOCOL_APPLIED', `${path}.protocolApplied`);
  if (typeof lotNumber === 'string') {
    if (!isShorter(lotNumber, 20)) find('LOT_NUMBER_LONG', `${path}.lotNumber`);
    if (LOT.test(lotNumber)) find('LOT_NUMBER_WORD', `${path}.lotNumber`);
  }
  for (const [i, one] of list(performer).entries()) {
    const here = `${path}.performer[${i}]`;
    if (!isJsonObject(one)) continue;
    lintMembers(one, ['actor'], here, find);
    lintPerformer(one['actor'], `${here}.actor`, find);
  }
}

function lintObservation(resource: FhirResource, path: string, find: Find): void {
  const { status, code, effectiveDateTime, effectivePeriod, performer } = resource;
  const { valueCodeableConcept, valueQuantity, valueString } = resource;
  if (!FINAL.has(status)) find('RESULT_STATUS', `${path}.status`);
  if (!codings(code).some(({ system }) => system === LOINC)) find('RESULT_CODE_MISSING', `${path}.code`);
  if (valueString !== undefined) find('RESULT_VALUE_TEXT', `${path}.valueString`);
  else if (valueQuantity === undefined && codings(valueCodeableConcept).length === 0) {
    find('RESULT_VALUE_MISSING', `${path}.valueCodeableConcept`);
  }
  const period = isJsonObject(effectivePeriod) ? effectivePeriod : {};
  const times = [
    ['effectiveDateTime', effectiveDateTime],
    ['effectivePeriod.start', period['start']],
    ['effectivePeriod.end', period['end']],
  ].filter(([, time]) => time !== undefined);
  if (times.length === 0) find('RESULT_TIME_MISSING', `${path}.effectiveDateTime`);
  for (const [name, time] of times) {
    const when = readFhirDateTime(time);
    if (when === undefined || when.time === 'without-zone') {
      find('RESULT_TIME_INVALID', `${path}.${String(name)}`);
    }
  }
  for (const [i, one] of list(performer).entries()) lintPerformer(one, `${path}.performer[${i}]`, find);
}

/** An organisation by its name alone. */
function lintPerformer(reference: unknown, path: string, find: Find): void {
  if (!isJsonObject(reference)) return;
  lintMembers(reference, ['display'], path, find);
  const { display } = reference;
  if (typeof display === 'string' && !isShorter(display, 30)) find('PERFORMER_LONG', `${path}.display`);
}

function lintMembers(
  object: Readonly<Record<string, unknown>>,
  needed: readonly string[],
  path: string,
  find: Find,
): void {
  for (const name of Object.keys(object)) {
    if (!needed.includes(name)) find('MEMBER_NOT_NEEDED', memberPath(path, name));
  }
}

/** The reference by which an immunization or a result says whose it is. */
function aboutUrl({ resourceType, patient, subject }: FhirResource): unknown {
  const about = resourceType === 'Immunization' ? patient : subject;
  return isJsonObject(about) ? about['reference'] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return isJsonArray(value) ? value : [];
}

function isShorter(text: string, characters: number): boolean {
  return Array.from(text).length < characters;
}
