import { shownText } from './shown-text.ts';

/** A whole date in the words of the language, so that day and month cannot be mistaken; a part of one as it stands. */
export function dateWords(date: string, language: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return shownText(date);
  const day = new Date(`${date}T00:00:00Z`);
  return new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeZone: 'UTC',
    calendar: 'gregory',
  }).format(day);
}
