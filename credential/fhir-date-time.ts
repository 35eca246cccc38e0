import { isCalendarDate, secondsFromDateTime } from './date-time.ts';

/** A day, and the instant on it if the issuer wrote one down. */
export interface FhirDateTime {
  /** The civil date as written, YYYY-MM-DD, in the zone of whoever wrote it. */
  readonly date: string;
  /** Seconds since 1970; null without a time, and without a zone, since that is no instant. */
  readonly at: number | null;
  /** What was written beside the date. */
  readonly time: 'none' | 'without-zone' | 'with-zone';
}

/** FHIR R4 dateTime with a full date; its seconds may be missing, and its zone, although the standard asks for both. */
const DATE_TIME =
  /^(\d{4}-\d\d-\d\d)(?:T((?:[01]\d|2[0-3]):[0-5]\d)(:(?:[0-5]\d|60)(?:\.\d{1,30})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

/**
 * Reads a FHIR R4 date, dateTime or instant; undefined of anything that names no day of the calendar, such as a year
 * alone: what has no day cannot be counted from.
 */
export function readFhirDateTime(value: unknown): FhirDateTime | undefined {
  const match = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  const [, date = '', minutes, seconds = ':00', zone] = match ?? [];
  if (!isCalendarDate(date)) return undefined;
  if (minutes === undefined) return { date, at: null, time: 'none' };
  if (zone === undefined) return { date, at: null, time: 'without-zone' };
  return { date, at: instant(`${date}T${minutes}${seconds}${zone}`), time: 'with-zone' };
}

/** Null for an instant before 1970, and in a leap second, which Unix time does not know. */
function instant(text: string): number | null {
  try {
    return secondsFromDateTime(text);
  } catch {
    return null;
  }
}
