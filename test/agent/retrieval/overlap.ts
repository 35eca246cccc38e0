import assert from 'node:assert/strict';

/** How long each of two kinds took, in ms, measured in turns. */
export interface Timings {
  readonly hit: readonly number[];
  readonly miss: readonly number[];
}

/**
 * How often a sample of one is greater than one of the other (the Mann-Whitney statistic as a share): 0.5 of distributions
 * that lie on each other.
 */
function shareGreater(a: readonly number[], b: readonly number[]): number {
  const sorted = b.toSorted((x, y) => x - y);
  const below = (value: number): number => {
    let [from, to] = [0, sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((sorted[middle] ?? 0) < value) from = middle + 1;
      else to = middle;
    }
    return from;
  };
  return a.reduce((sum, value) => sum + below(value), 0) / (a.length * b.length);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** Standard deviations on each side: by chance it fails less than once in 30,000 times. */
const ALLOWED = 4.2;

/** Holds two distributions to lying on each other, as far as so many samples can tell. */
export function assertOverlap(what: string, { hit, miss }: Timings): void {
  const share = shareGreater(hit, miss);
  const deviation = Math.sqrt((hit.length + miss.length + 1) / (12 * hit.length * miss.length));
  const figures = `${what}: hit ${median(hit).toFixed(3)} ms, miss ${median(miss).toFixed(3)} ms, share ${share.toFixed(3)}`;
  // Printed for whoever wants the figures of a machine.
  process.stdout.write(`# ${figures}\n`);
  assert.ok(Math.abs(share - 0.5) < ALLOWED * deviation, figures);
}
