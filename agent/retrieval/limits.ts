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

  private constructor(store: ServiceStore) {
    this.#table = store.table('limits');
  }

  static async open(store: ServiceStore): Promise<Limits> {
    const limits = new Limits(store);
    for await (const [key, tally] of limits.#table.entries()) limits.#tallies.set(key, tally);
    return limits;
  }

  /** Seconds until all of them have room, 0 if they have; counts nothing. */
  waitFor(claims: readonly Claim[], now: number): number {
    const waits = claims.map((claim) => {
      const tally = this.#current(claim, now);
      return tally !== undefined && tally.count >= claim.limit.count ? tally.until - now : 0;
    });
    return Math.ceil(Math.max(0, ...waits));
  }

  /** Counts one of each, whether there is room or not. */
  add(claims: readonly Claim[], now: number): readonly Operation[] {
    return claims.map((claim) => {
      const { count, seconds, lockSeconds = 0 } = claim.limit;
      const known = this.#current(claim, now);
      const next = (known?.count ?? 0) + 1;
      const until = known?.until ?? Math.ceil(now) + seconds;
      const tally = {
        count: next,
        until: next === count ? Math.max(until, Math.ceil(now) + lockSeconds) : until,
      };
      return this.#put(keyOf(claim), tally);
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

  #current(claim: Claim, now: number): Tally | undefined {
    const tally = this.#tallies.get(keyOf(claim));
    return tally === undefined || tally.until <= now ? undefined : tally;
  }

  #put(key: string, tally: Tally): Operation {
    this.#tallies.set(key, tally);
    return this.#table.put(key, tally);
  }
}

function keyOf({ name, tag }: Claim): string {
  return `${name}/${tag}`;
}
