import type { Speaker } from '../wallet-words.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** A time in the words of the language. A long one in whole minutes, so that a screen reader is not told every second. */
export function waitWords(seconds: number, speaker: Speaker): string {
  if (seconds > 2 * MINUTE) return spanWords(MINUTE * Math.ceil(seconds / MINUTE), speaker);
  return unitWords(seconds > 10 ? 10 * Math.ceil(seconds / 10) : seconds, 'second', speaker);
}

/** How long that is, in the largest unit that it is twice or more of. */
export function spanWords(seconds: number, speaker: Speaker): string {
  if (seconds >= 2 * DAY) return unitWords(Math.floor(seconds / DAY), 'day', speaker);
  if (seconds >= 2 * HOUR) return unitWords(Math.floor(seconds / HOUR), 'hour', speaker);
  if (seconds >= MINUTE) return unitWords(Math.floor(seconds / MINUTE), 'minute', speaker);
  return unitWords(Math.floor(seconds), 'second', speaker);
}

function unitWords(value: number, unit: string, { language }: Speaker): string {
  return new Intl.NumberFormat(language.tag, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
