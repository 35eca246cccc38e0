/** Numbers of indices that are this agent's, on disk, before a card gets one of them. */
interface Range {
  next: number;
  end: number;
}

/** Takes so many numbers for this agent alone, or fewer if there is no room for all. */
type Reserve = (kid: string, count: number) => Promise<{ readonly first: number; readonly count: number }>;

/** What a killed agent has reserved is lost: no more than a few seconds' worth. */
const MOST = 256;

/**
 * Of a key's indices, the ones that this agent gives to cards when it shares its store with others: taken in ranges, since
 * the count of them is in the database. The first range is one index, and each one twice the one before: an agent that is
 * asked for one card wastes none.
 */
export class ReservedIndices {
  readonly #reserve: Reserve;
  readonly #ranges = new Map<string, Range>();
  readonly #sizes = new Map<string, number>();
  readonly #waiting = new Map<string, number>();
  readonly #reserving = new Map<string, Promise<void>>();

  constructor(reserve: Reserve) {
    this.#reserve = reserve;
  }

  /** The next number for a card; IssuerError as `reserve`. */
  async take(kid: string): Promise<number> {
    this.#waiting.set(kid, (this.#waiting.get(kid) ?? 0) + 1);
    try {
      for (;;) {
        const range = this.#ranges.get(kid);
        if (range !== undefined && range.next < range.end) return range.next++;
        await this.#more(kid);
      }
    } finally {
      this.#waiting.set(kid, (this.#waiting.get(kid) ?? 1) - 1);
    }
  }

  /** One range at a time, for all who wait. */
  async #more(kid: string): Promise<void> {
    const reserving = this.#reserving.get(kid) ?? this.#next(kid);
    this.#reserving.set(kid, reserving);
    try {
      await reserving;
    } finally {
      this.#reserving.delete(kid);
    }
  }

  async #next(kid: string): Promise<void> {
    const size = Math.max(this.#sizes.get(kid) ?? 1, this.#waiting.get(kid) ?? 1);
    const { first, count } = await this.#reserve(kid, Math.min(MOST, size));
    this.#ranges.set(kid, { next: first, end: first + count });
    this.#sizes.set(kid, Math.min(MOST, 2 * count));
  }
}
