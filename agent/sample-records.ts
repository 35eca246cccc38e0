import { plusDays } from '../credential/civil-time.ts';
import { CVX, LOINC, SNOMED } from '../credential/code-system.ts';
import type { FhirBundle, FhirResource } from '../credential/fhir-bundle.ts';
import { SAMPLE_NAMES } from './sample-names.ts';
import { seededRandom } from './seeded-random.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Vaccines by CVX code, how many doses their series has, how many days lie between them, and how common they are. */
const VACCINES = [
  { cvx: '208', doses: 2, days: 21, often: 0.55, maker: 'EL' },
  { cvx: '207', doses: 2, days: 28, often: 0.3, maker: '02' },
  { cvx: '212', doses: 1, days: 0, often: 0.08, maker: '20' },
  { cvx: '211', doses: 2, days: 21, often: 0.03, maker: 'NV' },
  { cvx: '510', doses: 2, days: 28, often: 0.02, maker: 'SP' },
  { cvx: '505', doses: 2, days: 21, often: 0.02, maker: 'GS' },
] as const;
type Vaccine = (typeof VACCINES)[number];

const PLACES = [
  'Harbor Street Pharmacy',
  'St. Agnes Hospital',
  'County Clinic 4',
  'Javits Center',
  'Borough Health Van',
];
const LOTS_PER_VACCINE = 40;
const RESULTS = { negative: '260385009', positive: '10828004', inconclusive: '419984006' } as const;
const TESTS = { pcr: '94500-6', antigen: '94558-4' } as const;

/** What records hold that nobody may sign, and how often. */
const ERRORS = {
  unborn: 0.002,
  ancient: 0.001,
  future: 0.002,
  beforeBirth: 0.001,
  nameless: 0.001,
  datelessBirth: 0.001,
} as const;
type RecordError = keyof typeof ERRORS;

/**
 * The record of one made-up person: series whole and begun, boosters, tests, doses that two providers recorded, entries
 * made in error, names in many scripts; and now and then a record that must be refused. The same for the same seed,
 * place and day.
 *
 * @param today the civil date (YYYY-MM-DD) that the record is as of
 */
export function sampleRecord(seed: number, place: number, today: string): FhirBundle {
  const random = seededRandom(seed, place);
  const error = errorOf(random);
  const born = plusDays(today, -random.below(80 * 365) - 5 * 365);
  const resources = [
    patient(random, born, error, today),
    ...(random.chance(0.88) ? doses(random, today) : []),
    ...(random.chance(0.3) ? tests(random, today) : []),
  ];
  if (resources.length === 1) resources.push(...tests(random, today));
  if (error === 'future') resources.push(immunization(random, VACCINES[0], plusDays(today, 30)));
  if (error === 'beforeBirth') resources.push(immunization(random, VACCINES[0], plusDays(born, -400)));
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource, at) => ({ fullUrl: `resource:${at}`, resource })),
  };
}

function errorOf(random: SeededRandom): RecordError | undefined {
  let left = random.next();
  for (const [error, often] of Object.entries(ERRORS) as [RecordError, number][]) {
    if (left < often) return error;
    left -= often;
  }
  return undefined;
}

function patient(
  random: SeededRandom,
  born: string,
  error: RecordError | undefined,
  today: string,
): FhirResource {
  const { family, given } = random.pick(SAMPLE_NAMES);
  const name = { family: random.pick(family), given: [random.pick(given)] };
  const birthDates: Partial<Record<RecordError, string>> = {
    unborn: plusDays(today, 200),
    ancient: `18${born.slice(2)}`,
    datelessBirth: born.slice(0, 4),
  };
  const birthDate = (error === undefined ? undefined : birthDates[error]) ?? born;
  return { resourceType: 'Patient', name: [error === 'nameless' ? {} : name], birthDate };
}

function doses(random: SeededRandom, today: string): readonly FhirResource[] {
  const vaccine = vaccineOf(random);
  const whole = random.chance(0.9);
  const begun = plusDays(today, -random.below(420) - 30);
  const second = plusDays(begun, vaccine.days + random.below(9));
  const series = [begun, ...(vaccine.doses === 2 && whole ? [second] : [])].filter((date) => date <= today);
  const given = series.map((date) => immunization(random, vaccine, date));
  const boosted = plusDays(series.at(-1) ?? begun, 160 + random.below(60));
  if (whole && boosted <= today && random.chance(0.6)) {
    given.push(immunization(random, random.chance(0.8) ? vaccine : vaccineOf(random), boosted));
  }
  // A second provider wrote the first dose down as well; a clerk struck one out.
  if (random.chance(0.03)) given.push({ ...immunization(random, vaccine, begun), lotNumber: 'UNKNOWN' });
  if (random.chance(0.01)) {
    given.push({ ...immunization(random, vaccine, plusDays(begun, 3)), status: 'entered-in-error' });
  }
  return given;
}

function vaccineOf(random: SeededRandom): Vaccine {
  let left = random.next();
  for (const vaccine of VACCINES) {
    if (left < vaccine.often) return vaccine;
    left -= vaccine.often;
  }
  return VACCINES[0];
}

function immunization(
  random: SeededRandom,
  { cvx, maker }: Vaccine,
  occurrenceDateTime: string,
): FhirResource {
  return {
    resourceType: 'Immunization',
    status: 'completed',
    vaccineCode: { coding: [{ system: CVX, code: cvx }] },
    patient: { reference: 'resource:0' },
    occurrenceDateTime,
    performer: [{ actor: { display: random.pick(PLACES) } }],
    lotNumber: `${maker}${String(1000 + random.below(LOTS_PER_VACCINE))}`,
  };
}

function tests(random: SeededRandom, today: string): readonly FhirResource[] {
  return Array.from({ length: 1 + random.below(2) }, () => {
    const kind = random.chance(0.6) ? 'pcr' : 'antigen';
    const said = random.chance(0.9) ? 'negative' : random.chance(0.8) ? 'positive' : 'inconclusive';
    const day = plusDays(today, -random.below(5));
    const hour = String(6 + random.below(14)).padStart(2, '0');
    return {
      resourceType: 'Observation',
      status: random.chance(0.97) ? 'final' : 'preliminary',
      category: [
        {
          coding: [
            { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' },
          ],
        },
      ],
      code: { coding: [{ system: LOINC, code: TESTS[kind] }] },
      subject: { reference: 'resource:0' },
      effectiveDateTime: random.chance(0.2) ? day : `${day}T${hour}:15:00-05:00`,
      performer: [{ display: random.pick(PLACES) }],
      valueCodeableConcept: { coding: [{ system: SNOMED, code: RESULTS[said] }] },
    };
  });
}
