/** A piece of work that is measured: once over the same cards as every other. */
export type Candidate = () => void | Promise<void>;

/**
 * CPU time of each candidate in milliseconds, all threads of this process: the least of that many rounds, in each of
 * which every candidate has its turn. What disturbs the machine only ever adds, and disturbs all of them alike.
 */
export async function leastCpuMs<Name extends string>(
  candidates: Readonly<Record<Name, Candidate>>,
  rounds: number,
): Promise<Record<Name, number>> {
  const least = {} as Record<Name, number>;
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(candidates) as Name[]) {
      const before = process.cpuUsage();
      await candidates[name]();
      const { user, system } = process.cpuUsage(before);
      least[name] = Math.min(least[name] ?? Infinity, (user + system) / 1000);
    }
  }
  return least;
}

/** The middle value; of two middle ones the higher. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** A figure with three significant digits: the next ones are the machine's mood. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
