import type { FhirBundle } from '../credential/fhir-bundle.ts';
import { readHealthRecord, type Dose } from '../credential/health-record.ts';
import { namedSubject } from '../credential/subject.ts';
import type { CountingPolicy } from './issuance-policy.ts';
import { IssuerError } from './issuer-error.ts';
import { patientOf } from './qualification.ts';

/** Why a record cannot be true of somebody, or is asked for too often; a closed list. */
export type Implausibility =
  /** Nobody is that old. */
  | 'BORN_TOO_LONG_AGO'
  /** A part of the name has no letter. */
  | 'NAME_WITHOUT_LETTERS'
  /** The vaccine was not given to anybody yet. */
  | 'DOSE_BEFORE_VACCINE'
  /** Nobody gets so many. */
  | 'TOO_MANY_DOSES'
  /** The person has so many cards of this product already. */
  | 'TOO_MANY_CARDS';

const SENTENCES: Readonly<Record<Implausibility, string>> = {
  BORN_TOO_LONG_AGO: 'The birth lies too long ago.',
  NAME_WITHOUT_LETTERS: 'A part of the name has no letter in it.',
  DOSE_BEFORE_VACCINE: 'A dose is older than its vaccine.',
  TOO_MANY_DOSES: 'The record holds more doses than anybody gets.',
  TOO_MANY_CARDS: 'This person has been given this card too often lately.',
};

/** A record that can be signed and cannot be true, or a person who has had enough of a card. */
export class NotPlausible extends IssuerError {
  readonly reason: Implausibility;

  constructor(reason: Implausibility) {
    super('NOT_PLAUSIBLE', SENTENCES[reason]);
    this.reason = reason;
  }
}

/**
 * Holds a record that may be signed (`assertSignable`) to what can be true by the policy: valid logins once made passes
 * for people born in 1900 and vaccinated before there was a vaccine (EU, October 2021).
 *
 * NotPlausible. `now` in Unix seconds.
 */
export function assertPlausible(bundle: FhirBundle, policy: CountingPolicy, now: number): void {
  const { limits, codebook, zone } = policy;
  const { name } = patientOf(bundle);
  if (![name.family, ...name.given].every((part) => /\p{L}/u.test(part))) {
    throw new NotPlausible('NAME_WITHOUT_LETTERS');
  }
  // Civil dates compare as text.
  const born = namedSubject(bundle)?.birthDate ?? '';
  if (born < yearsBefore(zone.dateOf(now), limits.maxAgeYears)) throw new NotPlausible('BORN_TOO_LONG_AGO');
  const counted = readHealthRecord(bundle, zone.dateOf).doses.filter(
    ({ codes }) => codebook.vaccineOf(codes) !== undefined,
  );
  if (counted.some((dose) => dose.date < firstDayOf(dose, policy))) {
    throw new NotPlausible('DOSE_BEFORE_VACCINE');
  }
  if (new Set(counted.map(({ date }) => date)).size > limits.maxDoses) {
    throw new NotPlausible('TOO_MANY_DOSES');
  }
}

/** The first day on which a dose can have been given: by its own code, or by any of its product. */
function firstDayOf({ codes }: Dose, { limits, codebook }: CountingPolicy): string {
  const said = Object.entries<readonly string[]>(codes).flatMap(([system, some]) =>
    some.map((code) => limits.vaccinesFrom[system === 'other' ? code : `${system}|${code}`]),
  );
  const own = said.filter((day) => day !== undefined).toSorted(byText);
  // A dose that is coded as two products is as old as the younger of them.
  const last = own.at(-1);
  if (last !== undefined) return last;
  // Under a code without a day of its own nobody gets around those that have one.
  const ofProduct = (codebook.vaccineOf(codes)?.codes ?? []).map((code) => limits.vaccinesFrom[code]);
  return ofProduct.filter((day) => day !== undefined).toSorted(byText)[0] ?? limits.earliestDose;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function yearsBefore(date: string, years: number): string {
  return `${String(Number(date.slice(0, 4)) - years).padStart(4, '0')}${date.slice(4)}`;
}
