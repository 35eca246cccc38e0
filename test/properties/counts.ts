/** How much of each property runs: a little in `npm test`, for every change; the rest in `npm run test:deep`. */
export interface Counts {
  /** Inputs a parser. */
  readonly parser: number;
  /** Values a pair of encoder and decoder. */
  readonly pair: number;
  /** Bytes that each byte of a whole card is exchanged for. */
  readonly bytes: number;
}

export const SHORT: Counts = { parser: 400, pair: 100, bytes: 1 };
export const DEEP: Counts = { parser: 1_000_000, pair: 1_000_000, bytes: 255 };
