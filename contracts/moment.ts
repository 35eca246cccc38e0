/** The last second that a calendar of ECMAScript knows. */
const LAST_MOMENT = 8_640_000_000_000;

/** `2026-08-22 14:03:07Z` for Unix seconds; the number itself where no calendar reaches. */
export function moment(time: number | bigint): string {
  const seconds = Number(time);
  if (!(Math.abs(seconds) <= LAST_MOMENT)) return String(time);
  return new Date(seconds * 1000)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}
