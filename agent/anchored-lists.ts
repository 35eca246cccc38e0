import type { ListVersion } from '../credential/status-list.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import type { HeldAnchor, KeyList, ListAnchor } from './key-list.ts';
import {
  anchoredListOf,
  hold,
  isNews,
  isStrangers,
  lackedBy,
  roomOf,
  snapshotOf,
  versionsOf,
} from './list-anchor.ts';
import type { ListSnapshot } from './list-anchor.ts';
import { afterLanding, afterReading, assertFresh } from './restored-list.ts';
import { standingList, type StandingList } from './standing-list.ts';

/** The status list of every key, and what the chain holds of it. */
export abstract class AnchoredLists {
  protected readonly store: IssuerStore;
  protected readonly states: Table<Uint8Array>;
  protected readonly lists = new Map<string, KeyList>();

  constructor(store: IssuerStore) {
    this.store = store;
    this.states = store.table('lists');
  }

  /** What the chain holds of a key's list, as far as this store was told. */
  anchorOf(kid: string): HeldAnchor | undefined {
    return this.list(kid).state.anchored ?? undefined;
  }

  /** The count of a key's indices as it is when a batch is written: for every batch that rests on it. */
  counted(kid: string): ReadonlyMap<string, () => Operation> {
    const list = this.list(kid);
    return new Map([[`list ${kid}`, () => this.stateOperation(list)]]);
  }

  /**
   * The list as it stands, to be anchored under the next counter; grown ahead of need, and to have room for so many cards.
   *
   * IssuerError REVOCATIONS_MISSING if the chain holds revocations that are not here: it would take them back.
   */
  snapshot(kid: string, room = 0): ListSnapshot {
    return snapshotOf(this.list(kid), room);
  }

  /**
   * Records an anchor of ours that landed; any earlier state of the list is recognised by its count of revocations.
   *
   * IssuerError ANCHOR_MISMATCH if the counter goes back.
   */
  async confirm(kid: string, anchor: ListAnchor): Promise<{ readonly reproducible: boolean }> {
    const list = this.list(kid);
    const reproducible = await this.learned(list, anchor, () => {
      const isOurs = hold(list, anchor);
      afterLanding(list, asHeld(list, anchor), isOurs || isStrangers(list));
      return isOurs;
    });
    return { reproducible };
  }

  /**
   * Records that the chain holds less than it was seen to hold (a reorganisation took the blocks). What it held has been
   * read by venues: it stays what the next anchor counts on from, and no card is issued beyond what is there meanwhile.
   */
  async recede(kid: string, held: Pick<ListAnchor, 'counter' | 'length'>): Promise<void> {
    await this.store.decide(() => {
      const { state } = this.list(kid);
      const { receded } = state;
      state.receded = { counter: held.counter, length: held.length };
      const undone = (): void => void Object.assign(state, { receded });
      return { closing: this.counted(kid), undone };
    });
  }

  /** Whether the chain was last seen to hold less than before. */
  isReceded(kid: string): boolean {
    return this.list(kid).state.receded !== undefined;
  }

  /** How many cards the list on the chain has room for, and whether the next anchor should make more. */
  room(kid: string): ReturnType<typeof roomOf> {
    return roomOf(this.list(kid));
  }

  /**
   * Records what was read of the chain; counter 0 is a list that was never anchored. An earlier version than the last is
   * left alone.
   *
   * A list this store never made (after a restore, say) is recorded too, so that counter and indices go on behind it, but
   * can neither be published nor anchored over until its revocations are here, see `adopt`. IssuerError ANCHOR_MISMATCH if
   * the list was restored and the chain seems to be older than the backup. `isRelayed` unless this folder would have sent it
   * itself, and it was another that did: a restored list stays so then.
   */
  async learn(kid: string, anchor: ListAnchor, isRelayed = true): Promise<void> {
    const list = this.list(kid);
    if (!isNews(list, anchor)) return;
    await this.learned(list, anchor, () => {
      // Another agent may have learned it by now.
      if (!isNews(list, anchor)) return;
      const isOurs = anchor.counter === 0 || hold(list, anchor) || isStrangers(list);
      afterReading(list, asHeld(list, anchor), { isOurs, isRelayed });
    });
  }

  /** The anchor that the chain holds of a list with revocations that are not here; undefined if there are none. */
  lacking(kid: string): HeldAnchor | undefined {
    return lackedBy(this.list(kid));
  }

  /**
   * Has the next anchor come over the list that the chain holds although its revocations are not here: for whoever knows that
   * it was not made by a copy of this folder. On disk when it returns.
   *
   * False, and nothing done, after a restore: what the lost folder has revoked cannot be told from a stranger's list.
   */
  async disown(kid: string): Promise<boolean> {
    const list = this.list(kid);
    const lacked = lackedBy(list);
    if (list.state.restored !== undefined) return false;
    if (lacked === undefined) return true;
    await this.learned(list, lacked, () => {
      list.state.anchored = { ...lacked, covered: true };
    });
    return true;
  }

  /** A key's list as it stands, anchored or not; undefined of a key of somebody else, and see `standingList`. */
  standing(kid: string): StandingList | undefined {
    const list = this.lists.get(kid);
    return list && standingList(list);
  }

  /** Whether a restored list waits for the chain to be read. */
  isRestored(kid: string): boolean {
    return this.list(kid).state.restored !== undefined;
  }

  /** IssuerError RESTORED while it does. */
  assertFresh(kid: string): void {
    assertFresh(this.list(kid));
  }

  /** The list exactly as the chain holds it; IssuerError NOT_ANCHORED, ANCHOR_MISMATCH if it cannot be reproduced. */
  anchoredList(kid: string): ListVersion {
    return anchoredListOf(this.list(kid));
  }

  /** What was anchored before, oldest first, up to the present version; each list is made when it is asked for. */
  anchoredVersions(kid: string): ReturnType<typeof versionsOf> {
    return versionsOf(this.list(kid));
  }

  /** Changes what is known of the chain. If that does not get to disk, no card may rest on what a restart would not know. */
  protected async learned<T>(
    { kid }: KeyList,
    { counter, root, length, revoked }: ListAnchor,
    change: () => T,
  ): Promise<T> {
    let changed: { readonly as: T } | undefined;
    await this.store.decide(() => {
      const { state } = this.list(kid);
      const { anchored, history, receded, restored, next, lost } = state;
      // Indices are only taken in the database where others take them too, and here in memory at any moment.
      const counts = this.store.isShared ? { next, lost } : {};
      const undone = (): void =>
        void Object.assign(state, { anchored, history, receded, restored, ...counts });
      try {
        changed = { as: change() };
      } catch (error) {
        undone();
        throw error;
      }
      const audit = [
        { kind: 'list-anchored', kid, counter, root: root.toLowerCase(), length, revoked },
      ] as const;
      return { closing: this.counted(kid), audit, undone };
    });
    if (changed === undefined) throw new Error('Nothing was decided.');
    return changed.as;
  }

  protected list(kid: string): KeyList {
    const list = this.lists.get(kid);
    if (list === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
    return list;
  }

  protected stateOperation(list: KeyList): Operation {
    const plain = Buffer.from(JSON.stringify(list.state));
    return this.states.put(list.kid, this.store.box.seal('lists', list.kid, plain));
  }
}

/** With the length that was taken over, since nobody issued by one that no list of ours can have. */
function asHeld(
  { state: { anchored } }: KeyList,
  { counter, length }: ListAnchor,
): Pick<ListAnchor, 'counter' | 'length'> {
  return { counter, length: Math.min(length, anchored?.length ?? length) };
}
