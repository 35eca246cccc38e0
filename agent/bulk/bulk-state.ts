import { IssuerError } from '../issuer-error.ts';
import type { IssuerStore, Operation, Table } from '../issuer-store.ts';
import type { ProductName } from '../products.ts';

/** How far a bulk is known to be done; written in the same batch as the records of the cards that it counts. */
export interface BulkState {
  readonly input: { readonly size: number; readonly digest: string };
  readonly product: ProductName;
  /** Bytes and lines of the input that have their outcome. */
  readonly offset: number;
  readonly lines: number;
  readonly cards: number;
  /** Cards that are too long for one QR code. */
  readonly withoutQr: number;
  /** Refused lines by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Bytes of each file of cards, the one that is written to last. */
  readonly shards: readonly number[];
  /** Cards in the last of them. */
  readonly lastCards: number;
  /** Bytes of the file of refused lines. */
  readonly refusedBytes: number;
  readonly finished: boolean;
  /** It is shared out among agents: what its chunks came to stands in their own records (`chunk-records.ts`). */
  readonly shared?: true;
  /** It was under way when a backup was taken that was restored later. */
  readonly restored?: boolean;
}

/** They name files, and records of the store. */
const BATCH = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The bulks of a store, by name. */
export class BulkStates {
  readonly #table: Table<BulkState>;
  readonly #store: IssuerStore;

  constructor(store: IssuerStore) {
    this.#store = store;
    this.#table = store.table('bulks');
  }

  /**
   * Begins a bulk, or finds how far it is.
   *
   * IssuerError AUDIT_BROKEN, BATCH_INVALID, and BULK_CHANGED if it was begun with another input or for another product: to
   * go on in the middle of another file would issue cards twice, or not at all. BULK_RESTORED if how far it came is not known.
   */
  async begin(
    batch: string,
    { input, product }: Pick<BulkState, 'input' | 'product'>,
  ): Promise<{ readonly state: BulkState; readonly isNew: boolean }> {
    if (!BATCH.test(batch)) {
      throw new IssuerError(
        'BATCH_INVALID',
        'The name of a bulk is up to 64 letters, digits, dots and dashes.',
      );
    }
    // A bulk whose state was forgotten would be issued a second time.
    await this.#store.assertWhole();
    const known = await this.#table.get(batch);
    if (known !== undefined) {
      const same =
        known.product === product && known.input.size === input.size && known.input.digest === input.digest;
      if (same && known.restored === true) {
        throw new IssuerError(
          'BULK_RESTORED',
          'The folder was restored from a backup taken in the middle of this bulk, and whoever got a card since would get another: hand in only what is left, under another name.',
        );
      }
      if (same) return { state: known, isNew: false };
      throw new IssuerError(
        'BULK_CHANGED',
        'The bulk of that name was begun with another input or product; give this one another name.',
      );
    }
    const state: BulkState = {
      input,
      product,
      offset: 0,
      lines: 0,
      cards: 0,
      withoutQr: 0,
      reasons: {},
      shards: [0],
      lastCards: 0,
      refusedBytes: 0,
      finished: false,
      ...(this.#store.isShared ? { shared: true } : {}),
    };
    return { state, isNew: true };
  }

  /** Writes the first state of a bulk, or finds the one that another agent has just begun. Errors as `begin`. */
  async first(batch: string, state: BulkState): Promise<BulkState> {
    try {
      await this.#store.commit([this.#table.add(batch, state)]);
      return state;
    } catch (error) {
      if (!(error instanceof IssuerError) || error.code !== 'RECORD_CHANGED') throw error;
      return (await this.begin(batch, state)).state;
    }
  }

  /** A bulk by its name. IssuerError BATCH_UNKNOWN. */
  async get(batch: string): Promise<BulkState> {
    const state = await this.#table.get(batch);
    if (state === undefined) throw new IssuerError('BATCH_UNKNOWN', 'There is no bulk of that name.');
    return state;
  }

  put(batch: string, state: BulkState): Operation {
    return this.#table.put(batch, state);
  }

  async save(batch: string, state: BulkState): Promise<void> {
    await this.#store.commit([this.put(batch, state)]);
  }
}
