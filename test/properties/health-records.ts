import fc from 'fast-check';
import type { FhirBundle, FhirResource } from '../../credential/fhir-bundle.ts';

// Health records as an issuer could write them, in any order, said in plain terms first: the test's own idea of what they
// mean is read from those, not from the bundle.

/** A day by how many days it lies before the one that is asked about, and what is written of its time. */
export interface When {
  readonly daysAgo: number;
  readonly written: 'date' | 'without-zone' | 'instant' | 'month' | 'nothing';
  /** Of an instant: seconds of the day, and the zone that they are written in, in minutes from UTC. */
  readonly second: number;
  readonly offset: number;
}

interface Fact {
  readonly when: When;
  readonly status: string;
  readonly subject: 'patient' | 'other' | 'nobody';
  readonly modified: boolean;
}

export interface DoseFact extends Fact {
  readonly kind: 'dose';
  readonly codes: readonly string[];
  readonly isSubpotent: boolean | 'unclear' | undefined;
}

export interface TestFact extends Fact {
  readonly kind: 'test';
  readonly test: 'pcr' | 'other-pcr' | 'antigen' | 'unlisted';
  readonly result: 'negative' | 'positive' | 'doubtful' | 'both';
}

/** Something that is neither a dose nor a result. */
export interface Junk {
  readonly kind: 'junk';
  readonly resource: FhirResource;
}

/** An entry of a record beside its first patient. */
export type Entry = DoseFact | TestFact | Junk;

export interface Person {
  readonly birthDate: string | undefined;
  readonly entries: readonly Entry[];
}

/** That one far more often than the others. */
function mostly<T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...Array.from({ length: 5 * others.length }, () => usual), ...others);
}

// Around the edges of the windows: 3, 14, 15 and 365 days, 17 and 24 between doses.
const EDGES = [-1, 0, 1, 2, 3, 13, 14, 15, 16, 17, 30, 31, 32, 39, 40, 364, 365, 366, 382, 390];
const daysOfDose = fc.oneof(fc.constantFrom(...EDGES), fc.integer({ min: 0, max: 90 }));
const daysOfTest = fc.constantFrom(-1, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5);
const offset = fc.constantFrom(0, -300, -240, 540, 840, -660, 345);
const second = fc.oneof(
  fc.constantFrom(0, 1, 86_399, 43_200, 14_399, 14_400, 18_000),
  fc.nat({ max: 86_399 }),
);
const whenDose: fc.Arbitrary<When> = fc.record({
  daysAgo: daysOfDose,
  written: fc.constantFrom('date', 'date', 'date', 'date', 'instant', 'instant', 'instant', 'without-zone', 'month', 'nothing'), // prettier-ignore
  second,
  offset,
});
const whenTest: fc.Arbitrary<When> = fc.record({
  daysAgo: daysOfTest,
  written: mostly<When['written']>('instant', 'date', 'without-zone', 'date', 'month'),
  second,
  offset,
});
const subject = mostly<Fact['subject']>('patient', 'other', 'nobody');
const modified = mostly(false, false, false, false, false, true);

/** Two doses each and no code in common, so that a dose less is never more. */
export const TWO_DOSE_CODES = ['208', '217', '207', '211', '300', '140'];
const ALL_CODES = [...TWO_DOSE_CODES, '208', '207', '212', '219'];

const doseOf = (codes: fc.Arbitrary<readonly string[]>): fc.Arbitrary<DoseFact> =>
  fc.record({
    kind: fc.constant('dose' as const),
    when: whenDose,
    codes,
    status: mostly('completed', 'not-done', 'entered-in-error'),
    isSubpotent: mostly<DoseFact['isSubpotent']>(undefined, false, true, 'unclear'),
    subject,
    modified,
  });

const testFact: fc.Arbitrary<TestFact> = fc.record({
  kind: fc.constant('test' as const),
  when: whenTest,
  test: fc.constantFrom('pcr', 'pcr', 'other-pcr', 'antigen', 'antigen', 'unlisted'),
  result: mostly<TestFact['result']>('negative', 'positive', 'doubtful', 'both'),
  status: mostly('final', 'amended', 'corrected', 'preliminary', 'cancelled'),
  subject,
  modified,
});

const junk: fc.Arbitrary<Junk> = mostly<FhirResource>(
  { resourceType: 'Immunization' },
  { resourceType: 'Observation', status: 'final' },
  { resourceType: 'Condition', status: 'completed', occurrenceDateTime: '2021-01-01' },
  { resourceType: 'Patient', name: [{ family: 'Other' }] },
  { resourceType: 'Location', name: 'Nowhere' },
).map((resource) => ({ kind: 'junk', resource }));

const birthDate = mostly<string | undefined>('1980-02-29', undefined, '1980', '2021-10', '2021-10-15');

const personOf = (dose: fc.Arbitrary<DoseFact>): fc.Arbitrary<Person> =>
  fc.record({
    birthDate,
    entries: fc.array(
      fc.oneof(
        { arbitrary: dose, weight: 5 },
        { arbitrary: testFact, weight: 3 },
        { arbitrary: junk, weight: 1 },
      ),
      { maxLength: 7 },
    ),
  });

/** Anybody's record. */
export const person = personOf(
  doseOf(fc.oneof(fc.constantFrom(...ALL_CODES).map((one) => [one]), fc.subarray(ALL_CODES.slice(5), { maxLength: 2 }))), // prettier-ignore
);
/** A record of single-coded doses of two-dose products. */
export const plainPerson = personOf(doseOf(fc.constantFrom(...TWO_DOSE_CODES).map((one) => [one])));

/** When a record is asked about, in seconds since 1970, around midnights of New York; and the event, if any. */
export interface Moments {
  readonly at: number;
  readonly event: number | undefined;
}

const FIRST_DAY = Date.UTC(2021, 9, 1) / 1000;
export const moments: fc.Arbitrary<Moments> = fc
  .record({
    day: fc.nat({ max: 150 }),
    second: fc.oneof(fc.constantFrom(14_399, 14_400, 17_999, 18_000), fc.nat({ max: 86_399 })),
    part: fc.constantFrom(0, 0, 0, 0.5),
    hours: fc.option(fc.oneof(fc.constantFrom(0, 24, 48, 72), fc.integer({ min: -20, max: 80 })), {
      nil: undefined,
    }),
  })
  .map(({ day, second: later, part, hours }) => {
    const at = FIRST_DAY + day * 86_400 + later + part;
    return { at, event: hours === undefined ? undefined : Math.floor(at) + hours * 3600 };
  });

/** The civil day that a fact is written of, by UTC's day of the moment. */
export function writtenDay({ daysAgo: days }: When, at: number): string {
  return new Date((Math.floor(at / 86_400) - days) * 86_400_000).toISOString().slice(0, 10);
}

/** The FHIR dateTime; undefined where nothing is written. */
export function writtenDateTime(one: When, at: number): string | undefined {
  const day = writtenDay(one, at);
  const time = new Date(one.second * 1000).toISOString().slice(11, 19);
  switch (one.written) {
    case 'date':
      return day;
    case 'without-zone':
      return `${day}T${time}`;
    case 'instant':
      return `${day}T${time}${zoneOf(one.offset)}`;
    case 'month':
      return day.slice(0, 7);
    case 'nothing':
      return undefined;
  }
}

function zoneOf(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

const LOINC = { pcr: '94500-6', 'other-pcr': '94309-2', antigen: '94558-4', unlisted: '80382-5' };
const SNOMED = { negative: ['260415000'], positive: ['260373001'], doubtful: ['419984006'], both: ['260385009', '10828004'] }; // prettier-ignore
const coded = (system: string, codes: readonly string[]) => ({
  coding: codes.map((code) => ({ system, code })),
});

function resourceOf(entry: Entry, at: number, patient: string): FhirResource {
  if (entry.kind === 'junk') return entry.resource;
  const reference = { reference: { patient, other: 'Patient/other', nobody: '' }[entry.subject] };
  const more = entry.modified ? { modifierExtension: [{ url: 'https://x.example' }] } : {};
  const moment = writtenDateTime(entry.when, at);
  if (entry.kind === 'dose') {
    return {
      resourceType: 'Immunization',
      status: entry.status,
      vaccineCode: coded('http://hl7.org/fhir/sid/cvx', entry.codes),
      patient: reference,
      ...(moment === undefined ? {} : { occurrenceDateTime: moment }),
      ...(entry.isSubpotent === undefined ? {} : { isSubpotent: entry.isSubpotent }),
      ...more,
    };
  }
  return {
    resourceType: 'Observation',
    status: entry.status,
    code: coded('http://loinc.org', [LOINC[entry.test]]),
    subject: reference,
    ...(moment === undefined ? {} : { effectiveDateTime: moment }),
    valueCodeableConcept: coded('http://snomed.info/sct', SNOMED[entry.result]),
    ...more,
  };
}

/** How entries name each other: by their place, as health cards do, or by names that move with them. */
export type Naming = 'places' | 'names';

/** The bundle with its entries in that order; `null` stands for the patient. */
export function bundleOf(
  { birthDate: born }: Person,
  order: readonly (Entry | null)[],
  naming: Naming,
  at: number,
): FhirBundle {
  const nameOf = (place: number): string => {
    const entry = order[place];
    return naming === 'places'
      ? `resource:${place}`
      : `urn:entry:${entry === null ? 'patient' : namesOf(entry)}`;
  };
  const patient = nameOf(order.indexOf(null));
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: order.map((entry, place) => ({
      fullUrl: nameOf(place),
      resource:
        entry === null
          ? {
              resourceType: 'Patient',
              name: [{ family: 'Nobody', given: ['Nora'] }],
              ...(born === undefined ? {} : { birthDate: born }),
            }
          : resourceOf(entry, at, patient),
    })),
  };
}

const names = new WeakMap<Entry, number>();
let last = 0;
function namesOf(entry: Entry | undefined): number {
  if (entry === undefined) return 0;
  const known = names.get(entry) ?? (last += 1);
  names.set(entry, known);
  return known;
}
