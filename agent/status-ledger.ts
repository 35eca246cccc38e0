import { randomBytes } from 'node:crypto';

import { BLOCK_BITS, type ListVersion, ridFromIndex, type StatusList } from '../credential/status-list.ts';
import { CardIndex } from './card-index.ts';
import type { CardRecord, Revocation, RevocationReason } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import { assertHoldsAnchored, newList, remember, rootOf, statusListOf } from './key-list.ts';
import type { KeyList, ListAnchor, ListState, RevocationRow } from './key-list.ts';

export type { ListAnchor } from './key-list.ts';

/** The list to be anchored next: its bits, and whether they differ from what the chain holds. */
export interface ListSnapshot extends ListAnchor {
  readonly list: StatusList;
  readonly changed: boolean;
}

/** A list grows before it is needed: less than this many free indices, and the next anchor is one block longer. */
const RESERVE = BLOCK_BITS / 4;

/** A venue that missed more anchors than these takes the whole list: a day each, a month. */
const MAX_HISTORY = 32;

/**
 * Which index every card of every key has, which cards are revoked, and what of it the chain holds.
 *
 * An index is drawn once in the life of the store: the counter moves in memory at the draw and on disk in the same batch
 * as the card's record, before anyone sees the card.
 */
export class StatusLedger {
  readonly cards: CardIndex;
  readonly #store: IssuerStore;
  readonly #states: Table<Uint8Array>;
  readonly #rows: Table<RevocationRow>;
  readonly #lists = new Map<string, KeyList>();
  readonly #revoking = new Map<string, Promise<Revocation>>();

  private constructor(store: IssuerStore) {
    this.#store = store;
    this.#states = store.table('lists');
    this.cards = new CardIndex(store, (kid, index) => this.#lists.get(kid)?.permutation.ordinalOf(index));
    this.#rows = store.table('revocations');
  }

  /** IssuerError STORE_DAMAGED if a list does not carry what the chain has confirmed of it. */
  static async open(store: IssuerStore): Promise<StatusLedger> {
    const ledger = new StatusLedger(store);
    for await (const [kid, sealed] of ledger.#states.entries()) {
      const state = JSON.parse(store.box.open('lists', kid, sealed).toString('utf8')) as ListState;
      const list = newList(kid, state);
      for await (const [key, row] of ledger.#rows.entries(`${kid}.`)) {
        remember(list, row);
        list.nextRow = Number(key.slice(kid.length + 1)) + 1;
      }
      assertHoldsAnchored(list);
      ledger.#lists.set(kid, list);
    }
    return ledger;
  }

  /** The first records of a new key's list, for the batch that makes the key known. */
  addList(kid: string): readonly Operation[] {
    const state: ListState = { secret: randomBytes(32).toString('base64url'), next: 0, anchored: null };
    const list = newList(kid, state);
    this.#lists.set(kid, list);
    return [this.#stateOperation(list)];
  }

  has(kid: string): boolean {
    return this.#lists.has(kid);
  }

  kids(): readonly string[] {
    return [...this.#lists.keys()];
  }

  /** What the chain holds of a key's list, as far as this store was told. */
  anchorOf(kid: string): ListAnchor | undefined {
    return this.#list(kid).state.anchored ?? undefined;
  }

  /** How many indices of a key are used up. */
  drawn(kid: string): number {
    return this.#list(kid).state.next;
  }

  /**
   * Takes the next index of a key.
   *
   * IssuerError NOT_ANCHORED if it lies beyond the anchored length: a verifier could not look it up (no index is used
   * up then).
   */
  draw(kid: string): { readonly index: number; readonly rid: string } {
    const list = this.#list(kid);
    const index = list.permutation.indexOf(list.state.next);
    if (index >= (list.state.anchored?.length ?? 0)) {
      throw new IssuerError('NOT_ANCHORED', 'The chain holds no status list long enough for another card.');
    }
    list.state.next++;
    return { index, rid: ridFromIndex(index) };
  }

  /**
   * Takes the next indices of a key, as many as asked for; returns once they are spent on disk, so that whatever happens
   * to whoever wanted them, no card gets one of them a second time. The number of the first is told as well.
   *
   * IssuerError NOT_ANCHORED if the anchored length has no room for all of them (none is used up then).
   */
  async reserve(
    kid: string,
    count: number,
  ): Promise<{ readonly first: number; readonly indices: Uint32Array }> {
    const list = this.#list(kid);
    const first = list.state.next;
    const [length, wanted] = [list.state.anchored?.length ?? 0, first + count];
    if (wanted > length) {
      throw new IssuerError(
        'NOT_ANCHORED',
        `The status list on the chain has room for ${length} cards, and the next ones need ${wanted}: anchor a longer one.`,
      );
    }
    const indices = Uint32Array.from({ length: count }, (_, at) => list.permutation.indexOf(first + at));
    list.state.next += count;
    await this.#store.commit([], this.counted(kid));
    return { first, indices };
  }

  /** The count of a key's indices as it is when a batch is written: for every batch that rests on it. */
  counted(kid: string): ReadonlyMap<string, () => Operation> {
    const list = this.#list(kid);
    return new Map([[`list ${kid}`, () => this.#stateOperation(list)]]);
  }

  /**
   * Makes an issuance durable: the card's record and the counter in one batch.
   *
   * IssuerError STORE_DAMAGED if another card has the index already.
   */
  async record(card: CardRecord): Promise<void> {
    // LevelDB can lose its newest records to a flipped bit, and with them the count.
    if ((await this.cards.get(card.id)) !== undefined) {
      throw new IssuerError('STORE_DAMAGED', 'The store has lost count of the indices it gave away.');
    }
    await this.#store.commit(this.cards.put(card), this.counted(card.kid));
  }

  /**
   * Revokes a card for good; returns once it is on disk, and the same answer when asked again, whatever the reason is then.
   * `now` in Unix seconds. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS.
   */
  async revoke(idOrRid: string, now: number, reason: RevocationReason): Promise<Revocation> {
    return this.revokeCard(await this.cards.find(idOrRid, this.#lists.keys()), now, reason);
  }

  /** The same for a card that was found. */
  async revokeCard(card: CardRecord, now: number, reason: RevocationReason): Promise<Revocation> {
    const underway = this.#revoking.get(card.id);
    if (underway !== undefined) return { ...(await underway), already: true };
    const { id, kid, rid, index } = card;
    const list = this.#list(kid);
    const before = list.revoked.get(index);
    if (before !== undefined) {
      return { id, kid, rid, index, revokedAt: before.at, reason: before.reason, already: true };
    }
    const row = { index, at: now, reason };
    const key = `${kid}.${String(list.nextRow++).padStart(10, '0')}`;
    const revoking = this.#store.commit([this.#rows.put(key, row)]).then(() => {
      remember(list, row);
      return { id, kid, rid, index, revokedAt: now, reason, already: false };
    });
    this.#revoking.set(id, revoking);
    try {
      return await revoking;
    } finally {
      this.#revoking.delete(id);
    }
  }

  /** Whether the card at an index is revoked here, anchored or not. */
  isRevoked(kid: string, index: number): boolean {
    return this.#list(kid).revoked.has(index);
  }

  /** The list as it stands, to be anchored under the next counter; grown ahead of need, and to have room for so many cards. */
  snapshot(kid: string, room = 0): ListSnapshot {
    const list = this.#list(kid);
    const { anchored, next } = list.state;
    let length = Math.max(anchored?.length ?? 0, BLOCK_BITS);
    const free = Math.max(RESERVE, room);
    length += Math.max(0, Math.ceil((next + free - length) / BLOCK_BITS)) * BLOCK_BITS;
    const revoked = list.revocations.length;
    const bits = statusListOf(list, revoked, length);
    const changed = !anchored?.reproducible || anchored.revoked !== revoked || anchored.length !== length;
    return {
      list: bits,
      counter: (anchored?.counter ?? 0) + 1,
      length,
      revoked,
      root: rootOf(bits),
      changed,
    };
  }

  /**
   * Records what the chain has confirmed; any earlier state of the list is recognised by its count of revocations.
   *
   * A root this store cannot reproduce (after a restore, say) is recorded too, so that the counter goes on from it, but
   * cannot be published: anchor again. IssuerError ANCHOR_MISMATCH if the counter goes back, or the length is not whole
   * blocks.
   */
  async confirm(kid: string, anchor: ListAnchor): Promise<{ readonly reproducible: boolean }> {
    const list = this.#list(kid);
    const { counter, length, revoked, root } = anchor;
    if (counter < (list.state.anchored?.counter ?? 1) || length === 0 || length % BLOCK_BITS !== 0) {
      throw new IssuerError('ANCHOR_MISMATCH', 'This cannot be the newest anchor of this list.');
    }
    const reproducible =
      revoked <= list.revocations.length &&
      rootOf(statusListOf(list, revoked, length)) === root.toLowerCase();
    list.state.anchored = { counter, length, revoked, root: root.toLowerCase(), reproducible };
    if (reproducible) {
      const before = (list.state.history ?? []).filter((version) => version.counter < counter);
      list.state.history = [...before, { counter, length, revoked }].slice(-MAX_HISTORY);
    }
    await this.#store.commit([], this.counted(kid));
    return { reproducible };
  }

  /** The list exactly as the chain holds it; IssuerError NOT_ANCHORED, ANCHOR_MISMATCH if it cannot be reproduced. */
  anchoredList(kid: string): ListVersion {
    const list = this.#list(kid);
    const { anchored } = list.state;
    if (anchored === null)
      throw new IssuerError('NOT_ANCHORED', 'The chain holds no status list of this key.');
    if (!anchored.reproducible) {
      throw new IssuerError('ANCHOR_MISMATCH', 'The chain holds another list than this store; anchor again.');
    }
    return { kid, list: statusListOf(list, anchored.revoked, anchored.length), counter: anchored.counter };
  }

  /** What was anchored before, oldest first, up to the present version; each list is made when it is asked for. */
  anchoredVersions(kid: string): readonly { readonly counter: number; readonly list: () => StatusList }[] {
    const list = this.#list(kid);
    return (list.state.history ?? []).map(({ counter, length, revoked }) => ({
      counter,
      list: () => statusListOf(list, revoked, length),
    }));
  }

  #list(kid: string): KeyList {
    const list = this.#lists.get(kid);
    if (list === undefined) throw new IssuerError('KEY_UNKNOWN', 'This issuer has no such key.');
    return list;
  }

  #stateOperation(list: KeyList): Operation {
    const plain = Buffer.from(JSON.stringify(list.state));
    return this.#states.put(list.kid, this.#store.box.seal('lists', list.kid, plain));
  }
}
