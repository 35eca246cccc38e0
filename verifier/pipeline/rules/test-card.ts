import { CVX, ICD11, LOINC, SNOMED } from '../../../credential/code-system.ts';
import { readCard } from '../../../credential/credential.ts';
import type { Credential } from '../../../credential/credential.ts';
import { FormatError } from '../../../credential/errors.ts';
import { isFhirBundle } from '../../../credential/fhir-bundle.ts';
import type { FhirBundle, FhirResource } from '../../../credential/fhir-bundle.ts';
import { encodeCardPayload, HEALTH_CARD_TYPE } from '../../../credential/health-card.ts';
import type { HealthCard, Pass } from '../../../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../../../credential/json.ts';
import {
  flag,
  list,
  objectOf,
  oneOf,
  orNull,
  record,
  ShapeError,
  text,
} from '../../../credential/strict-reader.ts';
import type { Read } from '../../../credential/strict-reader.ts';
import { moment } from './rule-set-reader.ts';

/** Who holds the card of a test; nobody is. */
const NAME = { family: 'Nobody', given: ['Nora'] };
const ISS = 'https://issuer.example';
/** How long a Pass is valid is another check's question. */
const PASS_SECONDS = 10 * 366 * 86_400;

const SYSTEMS: ReadonlyMap<string, string> = new Map([
  ['cvx', CVX],
  ['snomed', SNOMED],
  ['icd11', ICD11],
  ['loinc', LOINC],
]);
/** SNOMED CT, as the Vaccination & Testing guide has its cards written. */
const RESULTS = { negative: '260415000', positive: '260373001', inconclusive: '419984006' } as const;

interface TestDose {
  readonly date: string;
  readonly code: string;
  readonly status: string;
  readonly subpotent: boolean;
  readonly performer: string | null;
}

interface TestSample {
  readonly at: string;
  readonly code: string;
  readonly result: keyof typeof RESULTS;
  readonly status: string;
}

const birthDate = text(/^\d{4}(?:-\d\d(?:-\d\d)?)?$/, 10);
const code = text(/^[\x21-\x7e]+\|[\x21-\x7e]+$/, 265);
/** As a bundle may have it, sound or not: what comes of it is what is tested. */
const when = text(/^[\x20-\x7e]+$/, 40);
const status = text(/^[a-z-]+$/, 40);

const dose = withDefaults<TestDose>(
  { status: 'completed', subpotent: false, performer: null },
  record<TestDose>({ date: when, code, status, subpotent: flag, performer: orNull(text(/\S/, 100)) }),
);
const sample = withDefaults<TestSample>(
  { status: 'final' },
  record<TestSample>({ at: when, code, result: oneOf('negative', 'positive', 'inconclusive'), status }),
);

const passCard = record<{
  profile: 'pass';
  passType: Pass['passType'];
  issued: number;
  birthDate: string;
}>({
  profile: oneOf('pass'),
  passType: oneOf('vaccination', 'pcr', 'antigen'),
  issued: moment,
  birthDate,
});
const bundleCard = record<{ profile: 'pass-plus'; issued: number; bundle: FhirBundle }>({
  profile: oneOf('pass-plus'),
  issued: moment,
  bundle: (value) => {
    if (!isFhirBundle(value)) throw new ShapeError('something else where a FHIR bundle belongs');
    return value;
  },
});
interface Facts {
  readonly birthDate: string | null;
  readonly doses: readonly TestDose[];
  readonly tests: readonly TestSample[];
}
const factsCard = withDefaults<Facts & { readonly profile: 'pass-plus'; readonly issued: number }>(
  { doses: [], tests: [] },
  record<Facts & { readonly profile: 'pass-plus'; readonly issued: number }>({
    profile: oneOf('pass-plus'),
    issued: moment,
    birthDate: orNull(birthDate),
    doses: list(dose),
    tests: list(sample),
  }),
);

/** The card of a rule test: made as an issuer makes it, and read as a verifier reads it. @throws ShapeError */
export const testCard: Read<Credential> = (value) => {
  const members = objectOf(value);
  if (members['profile'] === 'pass') {
    const { issued, passType, birthDate: born } = passCard(value);
    return read({
      profile: 'pass',
      iss: ISS,
      nbf: issued,
      exp: issued + PASS_SECONDS,
      rid: 'AAAAAA',
      holder: undefined,
      name: NAME,
      birthDate: born,
      passType,
    });
  }
  if ('bundle' in members) {
    const { issued, bundle } = bundleCard(value);
    return read(healthCard(issued, bundle));
  }
  const { issued, ...facts } = factsCard(value);
  return read(healthCard(issued, bundleOf(facts)));
};

function read(card: HealthCard | Pass): Credential {
  try {
    return readCard(parseJson(decodeUtf8(encodeCardPayload(card))));
  } catch (error) {
    if (error instanceof FormatError) throw new ShapeError('a card that cannot be issued');
    throw error;
  }
}

function healthCard(nbf: number, fhirBundle: FhirBundle): HealthCard {
  const types = [HEALTH_CARD_TYPE];
  const profile = 'pass-plus';
  return { profile, iss: ISS, nbf, exp: undefined, rid: undefined, types, fhirVersion: '4.0.1', fhirBundle };
}

/** A bundle as a SMART Health Card has it (SMART Health Cards 1.4.0, "Health Cards are Small"). */
function bundleOf({ birthDate: born, doses, tests }: Facts): FhirBundle {
  const patient = { resourceType: 'Patient', name: [NAME], ...(born === null ? {} : { birthDate: born }) };
  const resources = [patient, ...doses.map(immunization), ...tests.map(observation)];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource, at) => ({ fullUrl: `resource:${at}`, resource })),
  };
}

const PATIENT = { reference: 'resource:0' };

function immunization({ date, code: coded, status: state, subpotent, performer }: TestDose): FhirResource {
  return {
    resourceType: 'Immunization',
    status: state,
    vaccineCode: concept(coded),
    patient: PATIENT,
    occurrenceDateTime: date,
    ...(subpotent ? { isSubpotent: true } : {}),
    ...(performer === null ? {} : { performer: [{ actor: { display: performer } }] }),
  };
}

function observation({ at, code: coded, result, status: state }: TestSample): FhirResource {
  return {
    resourceType: 'Observation',
    status: state,
    code: concept(coded),
    subject: PATIENT,
    effectiveDateTime: at,
    valueCodeableConcept: concept(`snomed|${RESULTS[result]}`),
  };
}

function concept(coded: string): object {
  const end = coded.lastIndexOf('|');
  const system = coded.slice(0, end);
  return { coding: [{ system: SYSTEMS.get(system) ?? system, code: coded.slice(end + 1) }] };
}

/** What most tests would only repeat may be left out; a member that is not known may not stand there all the same. */
function withDefaults<T extends object>(defaults: Partial<T>, reader: Read<T>): Read<T> {
  return (value) => reader({ ...defaults, ...objectOf(value) });
}
