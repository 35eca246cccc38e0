/** When to ask. */
export interface RoundTerms {
  /** Unix seconds. */
  readonly now: number;
  /** Ask also those that failed a moment ago. */
  readonly all?: boolean;
  readonly signal?: AbortSignal;
}

/** Something to be asked for: by its name, and on which terms; on others it is due at once. */
export interface Due {
  readonly name: string;
  readonly terms: string;
}

/** How something was asked for last. */
interface Tried<Fault> {
  readonly terms: string;
  readonly failures: number;
  readonly at: number;
  readonly fault: Fault | null;
}

/** What was asked for and how it ended, in memory, so that who failed is asked again after a while. */
export interface Attempts<Fault> {
  /** Forget all that is no more to be asked for. */
  readonly keepOnly: (names: Iterable<string>) => void;
  readonly isDue: (one: Due, terms: RoundTerms) => boolean;
  /** What was asked for ended so, at that moment in Unix seconds. */
  readonly settle: (one: Due, fault: Fault | null, at: number) => void;
  readonly faultOf: (name: string) => Fault | null;
  /** Lower for who answered, then for who waited longest. */
  readonly rankOf: (names: readonly string[]) => number;
}

const RETRY_SECONDS = 60;
const MAX_RETRY_SECONDS = 600;

/** Begin to remember. */
export function attempts<Fault>(): Attempts<Fault> {
  const tried = new Map<string, Tried<Fault>>();
  return {
    keepOnly: (names) => {
      const kept = new Set(names);
      for (const name of tried.keys()) if (!kept.has(name)) tried.delete(name);
    },
    isDue: ({ name, terms }, { now, all }) => {
      const before = tried.get(name);
      if (before === undefined || all === true || before.terms !== terms) return true;
      const wait = Math.min(RETRY_SECONDS * 2 ** (before.failures - 1), MAX_RETRY_SECONDS);
      // Half a minute less, since the rounds themselves are not on the second. A clock set back is no reason to wait.
      return Math.abs(now - before.at) >= wait - RETRY_SECONDS / 2;
    },
    settle: ({ name, terms }, fault, at) => {
      const failures = fault === null ? 0 : (tried.get(name)?.failures ?? 0) + 1;
      tried.set(name, { terms, failures, at, fault });
    },
    faultOf: (name) => tried.get(name)?.fault ?? null,
    rankOf: (names) => {
      const before = names.flatMap((name) => tried.get(name) ?? []);
      // A failure counts more than any time does.
      return Math.max(0, ...before.map(({ failures, at }) => failures * 1e12 + at));
    },
  };
}
