import type { IssuerStore, Table } from '../issuer-store.ts';

/** How anchoring went, times in Unix seconds. */
export interface AnchorStanding {
  /** When the chain was last seen to hold every list as it was. */
  readonly reachedAt?: number;
  /** Since when nothing has reached it, and the code of the last error. */
  readonly failing?: { readonly since: number; readonly code: string; readonly tries: number };
  /** The counter of each list in the newest block that cannot go any more, where the chain knows such blocks. */
  readonly final?: Readonly<Record<string, number>>;
}

const RECORD = 'standing';

/** Keeps how anchoring went, so that a failure is seen by whoever looks, whichever process met it. */
export class AnchorStandings {
  readonly #store: IssuerStore;
  readonly #table: Table<AnchorStanding>;
  #standing: AnchorStanding = {};

  private constructor(store: IssuerStore) {
    this.#store = store;
    this.#table = store.table('anchor-standing');
  }

  static async open(store: IssuerStore): Promise<AnchorStandings> {
    const standings = new AnchorStandings(store);
    await store.follow<AnchorStanding>('anchor-standing', (_, standing) => {
      standings.#standing = standing ?? {};
    });
    return standings;
  }

  get now(): AnchorStanding {
    return this.#standing;
  }

  /** Everything is on the chain; the alarm, if there was one, is over. */
  async reached(at: number, final: AnchorStanding['final']): Promise<void> {
    await this.#keep({ reachedAt: at, ...(final === undefined ? {} : { final }) });
  }

  /** Something is not; `code` is one of a closed list, and tells nothing of anybody. */
  async failed(at: number, code: string): Promise<void> {
    const { failing, ...rest } = this.#standing;
    await this.#keep({
      ...rest,
      failing: { since: failing?.since ?? at, code, tries: (failing?.tries ?? 0) + 1 },
    });
  }

  async #keep(standing: AnchorStanding): Promise<void> {
    await this.#store.commit([this.#table.put(RECORD, standing)]);
    this.#standing = standing;
  }
}
