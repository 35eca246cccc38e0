import type { AgeUnit, WordTable } from './table.ts';

/**
 * How long ago something was, in the largest unit that it holds twice.
 *
 * Filled in by hand: the platform's own words for ages take ten milliseconds to load, and every decision has an age.
 */
export function ageWords(seconds: number, words: WordTable): string {
  const [unit, length] = UNITS.find(([, each]) => seconds >= 2 * each) ?? ['moments', 60];
  return words.ages[unit].replace('{count}', String(Math.floor(seconds / length)));
}

const UNITS: readonly (readonly [unit: AgeUnit, seconds: number])[] = [
  ['days', 86_400],
  ['hours', 3600],
  ['minutes', 60],
];
