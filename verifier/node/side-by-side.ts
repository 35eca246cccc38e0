/** How much is done at a time. */
export interface Pace {
  readonly atOnce: number;
  /** After so long nothing further is begun. */
  readonly roundMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Do a task for each, in their order, a few side by side; what is not begun in time is left. */
export async function sideBySide<T>(
  all: readonly T[],
  { atOnce, roundMs, signal }: Pace,
  task: (one: T) => Promise<void>,
): Promise<void> {
  const queue = [...all];
  const end = performance.now() + roundMs;
  const work = async (): Promise<void> => {
    for (;;) {
      if (performance.now() >= end || signal?.aborted === true) return;
      const next = queue.shift();
      if (next === undefined) return;
      await task(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
