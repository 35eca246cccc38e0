import { isCalendarDate } from './date-time.ts';
import { FormatError } from './errors.ts';

const DAY_SECONDS = 86_400;
const DAYS_OF_400_YEARS = 146_097;
/** Midnight lies between two quarters of an hour in almost every zone, so that a civil date holds for one. */
const QUARTER_SECONDS = 900;
/** Quarters and days remembered per zone: a venue asks about now and a few test times, an issuer about a year of days. */
const MAX_REMEMBERED = 1024;

/** A zone of the IANA time zone database, by which instants have civil dates. */
export interface TimeZone {
  readonly name: string;
  /** The civil date there of an instant, in seconds since 1970; throws FormatError beyond the years 1 to 9999. */
  readonly dateOf: (instant: number) => string;
  /** The first instant of a civil date there, in seconds since 1970: not always midnight, which a clock change may skip. A date that was skipped whole begins as the next one does. */
  readonly startOf: (date: string) => number;
}

const zones = new Map<string, TimeZone>();

/**
 * The zone of that name, such as America/New_York.
 *
 * @throws FormatError MALFORMED if the platform knows no such zone
 */
export function timeZone(name: string): TimeZone {
  const zone = zones.get(name) ?? makeZone(name);
  zones.set(name, zone);
  return zone;
}

/** Days from 1970-01-01 to a civil date (YYYY-MM-DD of the proleptic Gregorian calendar). */
export function dayNumber(date: string): number {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  // Date.UTC takes year 21 for 1921; the calendar repeats itself after 400 years.
  return Date.UTC(year + 400, month - 1, day) / 1000 / DAY_SECONDS - DAYS_OF_400_YEARS;
}

/** Whole days from one civil date to another. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** Begun hours of so many seconds. */
export function begunHours(seconds: number): number {
  return Math.ceil(seconds / 3600);
}

/** The civil date so many days after another. */
export function plusDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * DAY_SECONDS * 1000).toISOString().slice(0, 10);
}

/** Whole years of age on a day: who was born on a leap day is a year older on 1 March of other years. */
export function yearsBetween(birthDate: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4));
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

function makeZone(name: string): TimeZone {
  const format = formatFor(name);
  const remembered = new Map<number, string | undefined>();
  const starts = new Map<string, number>();
  /** The date that a quarter begins with, undefined if it ends with another. */
  const dateOfQuarter = (quarter: number): string | undefined => {
    if (remembered.has(quarter)) return remembered.get(quarter);
    const [first, last] = [quarter * QUARTER_SECONDS, (quarter + 1) * QUARTER_SECONDS - 1];
    const date = civilDate(format, first);
    // Clocks of Newfoundland went back a minute after midnight until 2011; Liberia's were off by 44:30 until 1972.
    const whole = civilDate(format, last) === date ? date : undefined;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(quarter, whole);
    return whole;
  };
  const dateOf = (instant: number): string =>
    dateOfQuarter(Math.floor(instant / QUARTER_SECONDS)) ?? civilDate(format, Math.floor(instant));
  const startOf = (date: string): number => {
    const known = starts.get(date);
    if (known !== undefined) return known;
    const start = searchStart(date);
    if (starts.size >= MAX_REMEMBERED) starts.clear();
    starts.set(date, start);
    return start;
  };
  const searchStart = (date: string): number => {
    const midnight = dayNumber(date) * DAY_SECONDS;
    // No zone is farther from UTC than this; between, the date only rises.
    let [before, within] = [midnight - DAY_SECONDS, midnight + DAY_SECONDS];
    while (within - before > 1) {
      // By quarters first, which are remembered.
      const unit = within - before > QUARTER_SECONDS ? QUARTER_SECONDS : 1;
      const middle = before + Math.floor((within - before) / 2 / unit) * unit;
      if (dateOf(middle) < date) before = middle;
      else within = middle;
    }
    return within;
  };
  return { name, dateOf, startOf };
}

function formatFor(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      calendar: 'iso8601',
      numberingSystem: 'latn',
      timeZone: name,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
  } catch {
    throw new FormatError('MALFORMED', 'There is no such time zone.');
  }
}

function civilDate(format: Intl.DateTimeFormat, instant: number): string {
  const parts = new Map(format.formatToParts(instant * 1000).map(({ type, value }) => [type, value]));
  const date = `${(parts.get('year') ?? '').padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
  // Years before the first are counted backwards: the date of such a moment would be another.
  const isDayOf = Math.abs(dayNumber(date) - Math.floor(instant / DAY_SECONDS)) <= 1;
  if (!isCalendarDate(date) || !isDayOf) {
    throw new FormatError('MALFORMED', 'A moment has no date in the calendar.');
  }
  return date;
}
