import { daysBetween, plusDays } from './civil-time.ts';
import type { Dose } from './health-record.ts';
import type { Codebook, Vaccine } from './value-set.ts';

/** What a person's doses come to by a value set, as of a day. Dates are civil, days whole. */
export interface VaccinationFacts {
  /** Doses that count: of a listed product, spaced as it asks, neither before birth nor still to come. */
  readonly doses: number;
  /** Doses of the series that was begun; null before the first. */
  readonly needed: number | null;
  /** The day of the dose that completed the primary series; no later dose moves it. */
  readonly completed: string | null;
  readonly daysSinceCompleted: number | null;
  /** Product of the last dose of the series as far as it went. */
  readonly product: string | null;
  /** Doses that count after the primary series. */
  readonly boosters: number;
  /** The day of the last dose that counts. */
  readonly last: string | null;
  readonly daysSinceLast: number | null;
  /** The first day on which a dose more of the same product counts; null once the series is complete. */
  readonly next: string | null;
}

/** A dose that counts, and of what. */
export interface CountedDose {
  readonly dose: Dose;
  readonly vaccine: Vaccine;
}

/**
 * The doses that count, from those of a record in its order.
 *
 * @param birthDate as the card has it: a year, a month or a day; null where it has none
 * @param today the civil date of the moment that is asked about
 */
export function countedDoses(
  doses: readonly Dose[],
  codebook: Codebook,
  birthDate: string | null,
  today: string,
): readonly CountedDose[] {
  const counted: CountedDose[] = [];
  for (const dose of doses) {
    const vaccine = codebook.vaccineOf(dose.codes);
    if (vaccine === undefined || dose.date > today || isBefore(dose.date, birthDate)) continue;
    const before = counted.at(-1);
    const days = before === undefined ? Infinity : daysBetween(before.dose.date, dose.date);
    // Sooner than a series asks, it is the same dose under another day, or one that does not count.
    if (days >= vaccine.daysBetween) counted.push({ dose, vaccine });
  }
  return counted;
}

/** What the doses that count come to. */
export function vaccinationFacts(counted: readonly CountedDose[], today: string): VaccinationFacts {
  const dosesOfSeries = lengthOfSeries(counted);
  const complete = dosesOfSeries !== undefined;
  const series = complete ? counted.slice(0, dosesOfSeries) : counted;
  const [ofSeries, last] = [series.at(-1), counted.at(-1)];
  const completed = complete ? (ofSeries?.dose.date ?? null) : null;
  const since = (date: string | null) => (date === null ? null : daysBetween(date, today));
  return {
    doses: counted.length,
    needed: ofSeries === undefined ? null : dosesNeeded(series),
    completed,
    daysSinceCompleted: since(completed),
    product: ofSeries?.vaccine.product ?? null,
    boosters: counted.length - series.length,
    last: last?.dose.date ?? null,
    daysSinceLast: since(last?.dose.date ?? null),
    next:
      complete || ofSeries === undefined ? null : plusDays(ofSeries.dose.date, ofSeries.vaccine.daysBetween),
  };
}

/** How many of the doses complete the series; undefined if all of them do not. */
function lengthOfSeries(counted: readonly CountedDose[]): number | undefined {
  for (let length = 1; length <= counted.length; length++) {
    if (length >= dosesNeeded(counted, length)) return length;
  }
  return undefined;
}

/** Of mixed products the one that asks for most counts; a product of one dose needs no other before it. */
function dosesNeeded(series: readonly CountedDose[], length = series.length): number {
  if (series[length - 1]?.vaccine.dosesInSeries === 1) return 1;
  let most = 1;
  for (let at = 0; at < length; at++) most = Math.max(most, series[at]?.vaccine.dosesInSeries ?? 1);
  return most;
}

/** A birth date that is known to the month or year only is not held against a dose within it. */
function isBefore(date: string, birthDate: string | null): boolean {
  return birthDate !== null && date.slice(0, birthDate.length) < birthDate;
}
