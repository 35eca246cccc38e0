import { CVX, ICD11, ICD11_DRAFT, LOINC, SNOMED } from './code-system.ts';
import { attestedOf, codings } from './fhir-attestation.ts';
import type { FhirBundle, FhirResource } from './fhir-bundle.ts';
import { readFhirDateTime } from './fhir-date-time.ts';
import { referenceIndex } from './fhir-reference.ts';
import { isJsonArray, isJsonObject } from './json.ts';
import { mayBePositive, resultOf } from './laboratory-result.ts';
import type { LaboratoryResult } from './laboratory-result.ts';

/** The code systems of vaccines (HL7 SMART Health Cards: Vaccination & Testing 1.0.0, Vaccination profile). */
const VACCINE_SYSTEMS: ReadonlyMap<unknown, 'cvx' | 'snomed' | 'icd11'> = new Map([
  [CVX, 'cvx'],
  [SNOMED, 'snomed'],
  [ICD11, 'icd11'],
  [ICD11_DRAFT, 'icd11'],
]);
const TEST_SYSTEMS: ReadonlyMap<unknown, 'loinc'> = new Map([[LOINC, 'loinc']]);

/** Codes sorted by system; `other` holds those of all other systems as `system|code`. Each list is sorted and unique. */
export type Codes<System extends string> = { readonly [system in System | 'other']: readonly string[] };

/** The civil date (YYYY-MM-DD) of an instant in seconds since 1970. */
export type DateOf = (instant: number) => string;

/** What every fact of a record says. */
interface Fact {
  /** The civil date, YYYY-MM-DD: as written, or of the instant in the zone that days are counted in. */
  readonly date: string;
  /** Seconds since 1970; null if no time with a zone was written, or if the records of one fact differ about it. */
  readonly at: number | null;
  /** Who did it, as the issuer wrote it; sorted, unique, often empty. */
  readonly performers: readonly string[];
  /** How many resources of the bundle record it. */
  readonly records: number;
}

/** One dose that counts: given, and not subpotent. */
export interface Dose extends Fact {
  readonly codes: Codes<'cvx' | 'snomed' | 'icd11'>;
}

/** One final laboratory result; its time is that of the collection. */
export interface TestResult extends Fact {
  readonly codes: Codes<'loinc'>;
  readonly result: LaboratoryResult;
}

/** The dated facts of a bundle about its one Patient: what rules ask. Plain JSON, the same for any order of entries. */
export interface HealthRecord {
  /** By date, then by code. */
  readonly doses: readonly Dose[];
  /** By date, instant, code and result. */
  readonly tests: readonly TestResult[];
  /**
   * Doses given and final results that could not be read: without a full date, or modified in a way not known here.
   * They count for nothing, so a rule that asks for something absent must ask for none of these.
   */
  readonly unread: { readonly doses: number; readonly tests: number };
}

/**
 * Reads the health record of a bundle; empty unless the bundle is about exactly one Patient.
 *
 * Immunizations of one day that share a code are one dose: two providers recorded it. Nothing is thrown for odd shapes,
 * since the bundle is only known to be JSON.
 *
 * @param dateOf the civil date of an instant, in seconds since 1970, in the zone that days are counted in; without it
 * days are those that were written
 */
export function readHealthRecord(bundle: FhirBundle, dateOf?: DateOf): HealthRecord {
  const patients = bundle.entry.flatMap(({ resource }, i) => (resource.resourceType === 'Patient' ? i : []));
  const [patient] = patients;
  const doses: Dose[] = [];
  const tests: TestResult[] = [];
  const unread = { doses: 0, tests: 0 };
  // Of two Patients neither is the holder for certain.
  if (patient === undefined || patients.length > 1) return { doses, tests, unread };

  const resolve = referenceIndex(bundle);
  for (const { resource } of bundle.entry) {
    if (attestedOf(resource, resolve) !== patient) {
      if (mayBePositive(resource, resolve, patient)) unread.tests++;
      continue;
    }
    if (resource.resourceType === 'Observation') {
      const test = readTest(resource, dateOf);
      if (test === undefined) unread.tests++;
      else tests.push(test);
    } else if (resource['isSubpotent'] !== true) {
      const dose = readDose(resource, dateOf);
      if (dose === undefined) unread.doses++;
      else doses.push(dose);
    }
  }
  return {
    doses: isByDay(doses) ? doses : sorted(mergeDoses(doses), ({ date, codes }) => [date, ...tokens(codes)]),
    tests: isByDay(tests) ? tests : sorted(mergeTests(tests), testKey),
    unread,
  };
}

function readDose(resource: FhirResource, dateOf: DateOf | undefined): Dose | undefined {
  const { occurrenceDateTime, occurrenceString, vaccineCode, performer } = resource;
  const { isSubpotent, _isSubpotent, subpotentReason } = resource;
  const when = readMoment(occurrenceDateTime, dateOf);
  // A reason for being subpotent, or one for not saying, is no "no".
  const isSilent = isSubpotent === undefined && _isSubpotent === undefined && subpotentReason === undefined;
  const potent = isSilent || isSubpotent === false;
  if (when === undefined || occurrenceString !== undefined || !potent || isModified(resource))
    return undefined;
  const actors = list(performer).map((one) => (isJsonObject(one) ? one['actor'] : undefined));
  const { date, at } = when;
  return { date, at, codes: vaccineCodes(vaccineCode), performers: names(actors), records: 1 };
}

function readTest(resource: FhirResource, dateOf: DateOf | undefined): TestResult | undefined {
  const result = resultOf(resource);
  const when = readCollection(resource, result, dateOf);
  if (when === undefined || isModified(resource)) return undefined;
  const { code, performer } = resource;
  const { date, at } = when;
  const codes = testCodes(code);
  return {
    date,
    at,
    codes,
    result,
    performers: names(list(performer)),
    records: 1,
  };
}

interface When {
  readonly date: string;
  readonly at: number | null;
}

/** An instant has the date that it has where days are counted, whatever zone it was written in. */
function readMoment(written: unknown, dateOf: DateOf | undefined): When | undefined {
  const when = readFhirDateTime(written);
  if (when === undefined || dateOf === undefined || when.time !== 'with-zone') return when;
  // A leap second, or a time before 1970, has no day there, and the day as written may be another.
  return when.at === null ? undefined : { date: dateOf(when.at), at: when.at };
}

/** The one `effective[x]` there is; of a period its start, from which a negative result ages soonest. */
function readCollection(
  { effectiveDateTime, effectiveInstant, effectivePeriod, effectiveTiming }: FhirResource,
  result: LaboratoryResult,
  dateOf: DateOf | undefined,
): When | undefined {
  const given = [effectiveDateTime, effectiveInstant, effectivePeriod, effectiveTiming];
  if (given.filter((one) => one !== undefined).length !== 1) return undefined;
  if (!isJsonObject(effectivePeriod)) return readMoment(effectiveDateTime ?? effectiveInstant, dateOf);
  const start = readMoment(effectivePeriod['start'], dateOf);
  if (result === 'negative') return start;
  // Any other may be of the end, after a negative one that it would have been before by its start.
  const end = readMoment(effectivePeriod['end'], dateOf);
  if (start?.date !== end?.date) return undefined;
  return start?.at === end?.at ? start : end && { date: end.date, at: null };
}

/** FHIR R4, Extensibility: whoever does not know a modifier must not process what it modifies. */
function isModified({ modifierExtension, implicitRules }: FhirResource): boolean {
  return modifierExtension !== undefined || implicitRules !== undefined;
}

function vaccineCodes(concept: unknown): Dose['codes'] {
  const codes = bySystem(concept, VACCINE_SYSTEMS);
  return { cvx: codes('cvx'), snomed: codes('snomed'), icd11: codes('icd11'), other: codes('other') };
}

function testCodes(concept: unknown): TestResult['codes'] {
  const codes = bySystem(concept, TEST_SYSTEMS);
  return { loinc: codes('loinc'), other: codes('other') };
}

/** Most facts have one code of one system. */
const NO_CODES: readonly string[] = [];

/** The codes of a concept by the name of their system; a code without a system is kept as `|code` and is nobody's. */
function bySystem<System extends string>(
  concept: unknown,
  systems: ReadonlyMap<unknown, System>,
): (name: System | 'other') => readonly string[] {
  const found = new Map<System | 'other', string[]>();
  for (const coding of codings(concept)) {
    const name = systems.get(coding['system']);
    const code = name === undefined ? token(coding) : String(coding['code']);
    const same = found.get(name ?? 'other');
    if (same === undefined) found.set(name ?? 'other', [code]);
    else same.push(code);
  }
  return (name) => unique(found.get(name) ?? NO_CODES);
}

/** FHIR's way of writing a code with its system (R4, Search §3.1.1.4.10). */
function token({ system, code }: Record<string, unknown>): string {
  return `${typeof system === 'string' ? system : ''}|${String(code)}`;
}

/** The codes of a fact, each with its system. */
function tokens(codes: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(codes).flatMap(([system, own]) => own.map((code) => `${system}|${code}`));
}

/** Doses of one day are one dose if they share a code, or each shares one with a third. */
function mergeDoses(doses: readonly Dose[]): readonly Dose[] {
  const parent = doses.map((_, i) => i);
  const root = (i: number): number => {
    let at = i;
    for (let up = parent[at] ?? at; up !== at; up = parent[at] ?? at) at = up;
    return at;
  };
  const first = new Map<string, number>();
  for (const [i, { date, codes }] of doses.entries()) {
    for (const code of tokens(codes)) {
      const key = `${date} ${code}`;
      const known = first.get(key);
      if (known === undefined) first.set(key, i);
      else parent[root(i)] = root(known);
    }
  }
  if (parent.every((up, i) => up === i)) return doses;
  return [...Map.groupBy(doses.entries(), ([i]) => root(i)).values()].map((group) => {
    const same = group.map(([, dose]) => dose);
    return { ...merged(same), codes: mergedCodes(same.map(({ codes }) => codes)) };
  });
}

/** The same result reported twice is one. */
function mergeTests(tests: readonly TestResult[]): readonly TestResult[] {
  if (tests.length < 2) return tests;
  return [...Map.groupBy(tests, (test) => JSON.stringify(testKey(test))).values()].map(merged);
}

/** Facts that are one, in any order. */
function merged<F extends Fact>(same: readonly F[]): F {
  const instants = new Set(same.flatMap(({ at }) => at ?? []));
  const [instant = null] = instants;
  return {
    ...(same[0] as F),
    at: instants.size === 1 ? instant : null,
    performers: unique(same.flatMap(({ performers }) => performers)),
    records: same.length,
  };
}

function mergedCodes<C extends Readonly<Record<string, readonly string[]>>>(all: readonly C[]): C {
  const systems = Object.keys(all[0] as C);
  return Object.fromEntries(
    systems.map((system) => [system, unique(all.flatMap((codes) => codes[system] ?? []))]),
  ) as C;
}

function testKey({ date, at, codes, result }: TestResult): readonly string[] {
  // Fixed length, so that instants sort as texts; one without an instant comes before them.
  return [date, at === null ? '' : at.toFixed(20).padStart(33, '0'), ...tokens(codes), result];
}

function names(references: readonly unknown[]): readonly string[] {
  const written: string[] = [];
  for (const one of references) {
    const name = isJsonObject(one) ? one['display'] : undefined;
    if (typeof name === 'string' && name.trim() !== '') written.push(name.trim());
  }
  return unique(written);
}

/** Whether each fact is of a later day than the one before: then nothing is to be merged or sorted, as in most cards. */
function isByDay(facts: readonly Fact[]): boolean {
  return facts.every(({ date }, at) => date > (facts[at - 1]?.date ?? ''));
}

function list(value: unknown): readonly unknown[] {
  return isJsonArray(value) ? value : [];
}

function unique(texts: readonly string[]): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].toSorted();
}

/** By keys that differ between any two facts, in the order of code units: no locale may change the answer. */
function sorted<F>(facts: readonly F[], keyOf: (fact: F) => readonly string[]): readonly F[] {
  if (facts.length < 2) return facts;
  const keyed = facts.map((fact) => ({ fact, key: JSON.stringify(keyOf(fact)) }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key))).map(({ fact }) => fact);
}
