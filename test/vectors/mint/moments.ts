/** The moment that all vectors are judged at unless they say otherwise, Unix seconds (2026-05-28). */
export const NOW = 1_780_000_000;
export const DAY = 86_400;
/** Cards are issued a day before it. */
export const ISSUED = NOW - DAY;
/** Windows of keys and issuers that have an end were open from twenty to ten days before it. */
export const WINDOW_FROM = NOW - 20 * DAY;
export const WINDOW_UNTIL = NOW - 10 * DAY;
/** When the trust data was taken, and the block it was taken at. */
export const TAKEN_AT = NOW - 60;
export const BLOCK_TIME = NOW - 70;
