import type { Operation, Table } from '../issuer-store.ts';
import type { ServiceStore } from '../service/service-store.ts';

/** So many in so many seconds, from the first on. */
export interface Limit {
  readonly count: number;
  readonly seconds: number;
  /** If reached, it stays so for this long. */
  readonly lockSeconds?: number;
}

/** One thing that is counted: the name of its limit, and a tag of whom it is counted for. */
export interface Claim {
  readonly name: string;
  readonly tag: string;
  readonly limit: Limit;
}

interface Tally {
  readonly count: number;
  /** Unix seconds; whole. */
  readonly until: number;
}

/**
 * What is counted against limits, over restarts: in memory, where it is decided without waiting, and on disk in the same
 * batch as what it lets happen.
 */
export class Limits {
  readonly #table: Table<Tally>;
  readonly #tallies = new Map<string, Tally>();
  /** What is counted and not written yet: it is added to what other agents have counted by then. */
  readonly #pending = new Map<string, Tally>();

  private constructor(store: ServiceStore) {
    this.#table = store.table('limits');
  }

  static async open(store: ServiceStore): Promise<Limits> {
    const limits = new Limits(store);
    await store.follow<Tally>('limits', (key, tally) => {
      if (tally === undefined) limits.#tallies.delete(key);
      else limits.#tallies.set(key, tally);
    });
    return limits;
  }

  /** Seconds until all of them have room, 0 if they have; counts nothing. */
  waitFor(claims: readonly Claim[], now: number): number {
    const waits = claims.map((claim) => {
      const [tally, pending] = [this.#tallies, this.#pending].map((all) => current(all, claim, now));
      const count = (tally?.count ?? 0) + (pending?.count ?? 0);
      return count < claim.limit.count ? 0 : Math.max(tally?.until ?? 0, pending?.until ?? 0) - now;
    });
    return Math.ceil(Math.max(0, ...waits));
  }

  /** Counts one of each, whether there is room or not. */
  add(claims: readonly Claim[], now: number): readonly Operation[] {
    return claims.map((claim) => {
      const key = keyOf(claim);
      const before = current(this.#pending, claim, now);
      this.#pending.set(key, counted(claim.limit, before, now));
      const taken = this.#taking(key);
      return this.#table.made(
        key,
        () => {
          taken();
          const tally = counted(claim.limit, current(this.#tallies, claim, now), now);
          this.#tallies.set(key, tally);
          return tally;
        },
        taken,
      );
    });
  }

  /** Forgets what was counted. */
  clear(claims: readonly Claim[]): readonly Operation[] {
    return claims.map((claim) => {
      this.#tallies.delete(keyOf(claim));
      return this.#table.del(keyOf(claim));
    });
  }

  /** Forgets whose time is over. */
  expire(now: number): readonly Operation[] {
    const over = [...this.#tallies].filter(([, { until }]) => until <= now).map(([key]) => key);
    return over.map((key) => {
      this.#tallies.delete(key);
      return this.#table.del(key);
    });
  }

  /** Takes one away from what is not written yet, once. */
  #taking(key: string): () => void {
    let isTaken = false;
    return () => {
      const pending = this.#pending.get(key);
      if (isTaken || pending === undefined) return;
      isTaken = true;
      if (pending.count > 1) this.#pending.set(key, { ...pending, count: pending.count - 1 });
      else this.#pending.delete(key);
    };
  }
}

function current(tallies: ReadonlyMap<string, Tally>, claim: Claim, now: number): Tally | undefined {
  const tally = tallies.get(keyOf(claim));
  return tally === undefined || tally.until <= now ? undefined : tally;
}

/** One more. */
function counted({ count, seconds, lockSeconds = 0 }: Limit, known: Tally | undefined, now: number): Tally {
  const next = (known?.count ?? 0) + 1;
  const until = known?.until ?? Math.ceil(now) + seconds;
  return { count: next, until: next === count ? Math.max(until, Math.ceil(now) + lockSeconds) : until };
}

function keyOf({ name, tag }: Claim): string {
  return `${name}/${tag}`;
}
