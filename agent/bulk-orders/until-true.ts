/** Does some work under a signal that is given once something has become true, which is looked at every so often. */
export async function untilTrue<T>(
  isTrue: () => boolean,
  everyMs: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const end = new AbortController();
  const looking = setInterval(() => {
    if (isTrue()) end.abort();
  }, everyMs);
  try {
    return await work(end.signal);
  } finally {
    clearInterval(looking);
  }
}
