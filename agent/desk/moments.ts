import type { Language } from '../../verifier/pipeline/words/language.ts';

/** A moment (Unix seconds), in the clerk's own time unless another zone is said. */
export function momentText(seconds: number, language: Language, timeZone?: string): string {
  const format = { dateStyle: 'medium', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat(language, format).format(seconds * 1000);
}

/** Dates are written as records have them: year, month, day, which no two clerks read differently. */
const TYPED = /^(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})$/;

/** A date as typed, with or without what parts it, as YYYY-MM-DD; undefined of what is none. */
export function readDate(typed: string): string | undefined {
  const [, year = '', month = '', day = ''] = TYPED.exec(typed.normalize('NFKC').trim()) ?? [];
  if (year === '') return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const read = new Date(`${date}T00:00:00Z`);
  return Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== date ? undefined : date;
}
