import { FormatError } from './errors.ts';

/** Times over this, in seconds, are milliseconds by mistake (or year 5138). */
export const MAX_SECONDS = 1e11;

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
/** XML Schema dateTime with a zone, as VCDM 2.0 §2.1 (dateTimeStamp) has it; the fraction may be of any length. */
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,30})?(?:Z|([+-])(\d\d):(\d\d))$/;

/** True of a text YYYY-MM-DD that is a day of the calendar. */
export function isCalendarDate(text: string): boolean {
  return (
    DATE.test(text) && isDayOf(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8)))
  );
}

/**
 * Seconds since 1970 as a VC writes them: whole seconds as they are, a fraction with the digits of the number itself, so
 * that reading gives the same number back.
 * @throws FormatError MALFORMED unless 0 ≤ seconds ≤ `MAX_SECONDS`
 */
export function dateTimeFromSeconds(seconds: number): string {
  const digits = String(seconds);
  // A number below 1e-6 has no plain digits.
  if (!(seconds >= 0 && seconds <= MAX_SECONDS) || digits.includes('e')) {
    throw new FormatError('MALFORMED', 'A time is not a number of seconds since 1970.');
  }
  const point = digits.indexOf('.');
  const whole = new Date(Math.floor(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${point < 0 ? '' : digits.slice(point)}Z`;
}

/**
 * Reads a VC's date and time as seconds since 1970; the fraction is kept digit by digit.
 * @throws FormatError MALFORMED if it is not a dateTimeStamp, or lies before 1970 or after `MAX_SECONDS`
 */
export function secondsFromDateTime(text: unknown): number {
  const match = typeof text === 'string' ? DATE_TIME.exec(text) : null;
  const [, date = '', hour, minute, second, fraction = '', sign, zoneHour = '0', zoneMinute = '0'] =
    match ?? [];
  const day = midnight(date);
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  const zone = Number(zoneHour) * 60 + Number(zoneMinute);
  if (day === undefined || h > 23 || m > 59 || s > 59 || Number(zoneMinute) > 59 || zone > 14 * 60) {
    throw new FormatError('MALFORMED', 'A time of the credential is not a date and time with its zone.');
  }
  const whole = day + h * 3600 + m * 60 + s - (sign === '-' ? -zone : zone) * 60;
  const seconds = Number(`${whole}${fraction}`);
  if (!(whole >= 0 && seconds <= MAX_SECONDS)) {
    throw new FormatError('MALFORMED', 'A time of the credential is out of bounds.');
  }
  return seconds;
}

/** Seconds since 1970 of the day's first second, UTC. */
function midnight(text: string): number | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (!isDayOf(year, month, day)) return undefined;
  // Date.UTC takes year 21 for 1921; the calendar repeats itself after 400 years.
  return Date.UTC(year + 400, month - 1, day) / 1000 - SECONDS_OF_400_YEARS;
}

function isDayOf(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(month, year);
}

const SECONDS_OF_400_YEARS = 146_097 * 86_400;

function daysOf(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
