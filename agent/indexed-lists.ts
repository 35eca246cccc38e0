import { ridFromIndex } from '../credential/status-list.ts';
import { AnchoredLists } from './anchored-lists.ts';
import type { Change } from './group-commit.ts';
import { IssuerError } from './issuer-error.ts';
import { lengthOnChain, type KeyList } from './key-list.ts';
import { ReservedIndices } from './reserved-indices.ts';
import { assertFresh } from './restored-list.ts';

/** The status list of every key, and which of its indices comes next. */
export abstract class IndexedLists extends AnchoredLists {
  readonly #reserved = new ReservedIndices(async (kid, count) => this.#reserveSome(kid, count));

  /** How many indices of a key are used up. */
  drawn(kid: string): number {
    return this.list(kid).state.next;
  }

  /**
   * Takes the next index of a key.
   *
   * IssuerError NOT_ANCHORED if it lies beyond the anchored length: a verifier could not look it up; RESTORED (no index is
   * used up then).
   */
  async draw(kid: string): Promise<{ readonly index: number; readonly rid: string }> {
    const list = this.list(kid);
    assertFresh(list);
    const ordinal = this.store.isShared ? await this.#reserved.take(kid) : list.state.next;
    const index = list.permutation.indexOf(ordinal);
    if (index >= lengthOnChain(list)) throw tooShort();
    if (!this.store.isShared) list.state.next++;
    return { index, rid: ridFromIndex(index) };
  }

  async #reserveSome(
    kid: string,
    wanted: number,
  ): Promise<{ readonly first: number; readonly count: number }> {
    let [first, count] = [0, 0];
    await this.store.decide(() => {
      const list = this.list(kid);
      assertFresh(list);
      first = list.state.next;
      count = Math.min(wanted, lengthOnChain(list) - first);
      if (count <= 0) throw tooShort();
      return this.#reserving(list, count);
    });
    return { first, count };
  }

  /** Spends the next so many indices of a list. */
  #reserving(list: KeyList, count: number): Change {
    const { kid, state } = list;
    const first = state.next;
    state.next += count;
    return {
      closing: this.counted(kid),
      audit: [{ kind: 'indices-reserved', kid, first, count }],
      undone: () => {
        // In a store of this process alone, cards have been given some behind them.
        if (this.store.isShared) state.next = first;
      },
    };
  }

  /**
   * Takes the next indices of a key, as many as asked for; returns once they are spent on disk, so that whatever happens
   * to whoever wanted them, no card gets one of them a second time. The number of the first is told as well.
   *
   * IssuerError NOT_ANCHORED if the anchored length has no room for all of them; RESTORED (none is used up then).
   */
  async reserve(
    kid: string,
    count: number,
  ): Promise<{ readonly first: number; readonly indices: Uint32Array }> {
    const list = this.list(kid);
    let first = 0;
    await this.store.decide(() => {
      assertFresh(list);
      first = list.state.next;
      const [length, wanted] = [lengthOnChain(list), first + count];
      if (wanted > length) {
        throw new IssuerError(
          'NOT_ANCHORED',
          `The status list on the chain has room for ${length} cards, and the next ones need ${wanted}: anchor a longer one.`,
        );
      }
      return this.#reserving(list, count);
    });
    const indices = Uint32Array.from({ length: count }, (_, at) => list.permutation.indexOf(first + at));
    return { first, indices };
  }
}

function tooShort(): IssuerError {
  return new IssuerError('NOT_ANCHORED', 'The chain holds no status list long enough for another card.');
}
