import { isCalendarDate } from '../credential/date-time.ts';
import { entries, record, ShapeError, text, whole, type Read } from '../credential/strict-reader.ts';

/** What can be true of somebody, and how often one person gets the same; part of the policy of issuance. */
export interface PlausibilityLimits {
  /** Nobody alive is older. */
  readonly maxAgeYears: number;
  /** Days with a dose of a counted vaccine in one record. */
  readonly maxDoses: number;
  /** Cards of one product that one person has at a time, of those issued one by one within 24 hours and within 30 days. */
  readonly cardsPerDay: number;
  readonly cardsPerMonth: number;
  /** Before this day no vaccine of any kind that is counted was given to anybody; YYYY-MM-DD. */
  readonly earliestDose: string;
  /** The day on which a vaccine was first authorised anywhere, by its code as value sets write it. */
  readonly vaccinesFrom: Readonly<Record<string, string>>;
}

/**
 * First authorisations, in any country: the United Kingdom for Comirnaty, Bahrain for Jcovden, Indonesia for Nuvaxovid,
 * else the FDA's for emergency use. Doses of trials came before; a jurisdiction that counts them says earlier days.
 */
const FIRST_AUTHORISED: PlausibilityLimits['vaccinesFrom'] = {
  'cvx|207': '2020-12-18',
  'cvx|208': '2020-12-02',
  'cvx|210': '2020-12-30',
  'cvx|211': '2021-11-01',
  'cvx|212': '2021-02-25',
  'cvx|217': '2021-10-29',
  'cvx|218': '2021-10-29',
  'cvx|219': '2022-06-17',
  'cvx|221': '2022-03-29',
  'cvx|227': '2022-06-17',
  'cvx|228': '2022-06-17',
  'cvx|229': '2022-08-31',
  'cvx|230': '2022-12-08',
  'cvx|300': '2022-08-31',
  'cvx|301': '2022-10-12',
  'cvx|302': '2022-12-08',
};

export const PLAUSIBILITY_LIMITS: PlausibilityLimits = {
  maxAgeYears: 125,
  // Two a year since the first, and some more of those whose immune system is weak.
  maxDoses: 20,
  // A slip is issued anew, and the day after a lost telephone is another.
  cardsPerDay: 5,
  cardsPerMonth: 10,
  // China let its first be given to soldiers.
  earliestDose: '2020-06-25',
  vaccinesFrom: FIRST_AUTHORISED,
};

const day: Read<string> = (value) => {
  if (typeof value !== 'string' || !isCalendarDate(value)) throw new ShapeError('a day that is none');
  return value;
};
const count: Read<number> = (value) => {
  const number = whole(value);
  if (number < 1 || number > 1000) throw new ShapeError('a limit that is not from 1 to 1000');
  return number;
};
const limits = record<
  Omit<PlausibilityLimits, 'vaccinesFrom'> & { readonly vaccinesFrom: ReadonlyMap<string, string> }
>({
  maxAgeYears: count,
  maxDoses: count,
  cardsPerDay: count,
  cardsPerMonth: count,
  earliestDose: day,
  vaccinesFrom: entries(text(/^[\x21-\x7e]{1,200}\|[\x21-\x7e]{1,64}$/, 265), day),
});

/**
 * Reads limits from their JSON, strictly: none is left out.
 *
 * @throws ShapeError if they are none
 */
export function readPlausibilityLimits(json: unknown): PlausibilityLimits {
  const read = limits(json);
  return { ...read, vaccinesFrom: Object.fromEntries(read.vaccinesFrom) };
}
