import { isChanged } from './issuer-error.ts';
import type { IssuerStore, Table } from './issuer-store.ts';
import type { SigningKey } from './signing-keys.ts';

/** A rotation that was begun: the key that another is to follow, and since when. */
export interface Rotation {
  /** Null if no key has signed yet. */
  readonly from: string | null;
  /** Unix seconds. */
  readonly begunAt: number;
}

/** Where in a rotation this issuer is, so that whoever goes on makes no second key: one that nobody uses is one too many. */
export class KeyRotation {
  readonly #store: IssuerStore;
  readonly #table: Table<Rotation>;

  constructor(store: IssuerStore) {
    this.#store = store;
    this.#table = store.table('rotation');
  }

  /** One that was begun and has not ended. */
  async begun(): Promise<Rotation | undefined> {
    return this.#table.get('rotation');
  }

  /** Begins one, or finds the one that was begun; on disk when it returns. */
  async begin(rotation: Rotation): Promise<Rotation> {
    const before = await this.begun();
    if (before !== undefined) return before;
    try {
      await this.#store.commit([this.#table.add('rotation', rotation)]);
      return rotation;
    } catch (error) {
      const other = isChanged(error) ? await this.begun() : undefined;
      if (other === undefined) throw error;
      return other;
    }
  }

  async end(): Promise<void> {
    await this.#store.commit([this.#table.del('rotation')]);
  }
}

/** The newest of the keys (oldest first) that were made after another and have not ended: made in this rotation, or before. */
export function successorOf(keys: readonly SigningKey[], from: string | null): SigningKey | undefined {
  const after = keys.slice(keys.findIndex(({ kid }) => kid === from) + 1);
  return after.findLast(({ ended, destroyedAt }) => ended === undefined && destroyedAt === undefined);
}
