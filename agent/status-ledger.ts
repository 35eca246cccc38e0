import { randomBytes } from 'node:crypto';

import { ridFromIndex, type StatusList } from '../credential/status-list.ts';
import { AnchoredLists } from './anchored-lists.ts';
import type { AuditEntry } from './audit/audit-entry.ts';
import { CardIndex } from './card-index.ts';
import type { CardPlace, CardRecord, Revocation, RevocationReason } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import { assertHoldsAnchored, lengthOnChain, newList, remember, rootOf } from './key-list.ts';
import type { KeyList, ListState, RevocationRow } from './key-list.ts';
import { hold } from './list-anchor.ts';
import { assertFresh, lostCard, missingCards } from './restored-list.ts';

export type { ListAnchor } from './key-list.ts';
export type { ListSnapshot } from './list-anchor.ts';

/** What is written with a card, or with its end, in the same batch. */
export interface Aside {
  readonly operations: readonly Operation[];
  readonly audit: readonly AuditEntry[];
  /** Made at the moment of writing; see `IssuerStore.commit`. */
  readonly closing?: ReadonlyMap<string, () => Operation>;
}

type Along = Required<Aside>;

/** Revocations that share a batch of the store: one of a million would be a record of the log that nobody can read. */
const TOGETHER = 1000;
const NOTHING_ALONG: Along = { operations: [], closing: new Map(), audit: [] };

/**
 * Which index every card of every key has, which cards are revoked, and what of it the chain holds.
 *
 * An index is drawn once in the life of the store: the counter moves in memory at the draw and on disk in the same batch
 * as the card's record, before anyone sees the card.
 */
export class StatusLedger extends AnchoredLists {
  readonly cards: CardIndex;
  readonly #rows: Table<RevocationRow>;
  readonly #revoking = new Map<string, Promise<Revocation>>();

  private constructor(store: IssuerStore) {
    super(store);
    this.cards = new CardIndex(store, (kid, index) => this.lists.get(kid)?.permutation.ordinalOf(index));
    this.#rows = store.table('revocations');
  }

  /** IssuerError STORE_DAMAGED if a list does not carry what the chain has confirmed of it. */
  static async open(store: IssuerStore): Promise<StatusLedger> {
    const ledger = new StatusLedger(store);
    for await (const [kid, sealed] of ledger.states.entries()) {
      const state = JSON.parse(store.box.open('lists', kid, sealed).toString('utf8')) as ListState;
      const list = newList(kid, state);
      for await (const [key, row] of ledger.#rows.entries(`${kid}.`)) {
        remember(list, row);
        list.nextRow = Number(key.slice(kid.length + 1)) + 1;
      }
      assertHoldsAnchored(list);
      ledger.lists.set(kid, list);
    }
    return ledger;
  }

  /** The first records of a new key's list, for the batch that makes the key known: no key, and nobody has use for it. */
  addList(kid: string): readonly Operation[] {
    const state: ListState = { secret: randomBytes(32).toString('base64url'), next: 0, anchored: null };
    const list = newList(kid, state);
    this.lists.set(kid, list);
    return [this.stateOperation(list)];
  }

  has(kid: string): boolean {
    return this.lists.has(kid);
  }

  kids(): readonly string[] {
    return [...this.lists.keys()];
  }

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
  draw(kid: string): { readonly index: number; readonly rid: string } {
    const list = this.list(kid);
    assertFresh(list);
    const index = list.permutation.indexOf(list.state.next);
    if (index >= lengthOnChain(list)) {
      throw new IssuerError('NOT_ANCHORED', 'The chain holds no status list long enough for another card.');
    }
    list.state.next++;
    return { index, rid: ridFromIndex(index) };
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
    assertFresh(list);
    const first = list.state.next;
    const [length, wanted] = [lengthOnChain(list), first + count];
    if (wanted > length) {
      throw new IssuerError(
        'NOT_ANCHORED',
        `The status list on the chain has room for ${length} cards, and the next ones need ${wanted}: anchor a longer one.`,
      );
    }
    const indices = Uint32Array.from({ length: count }, (_, at) => list.permutation.indexOf(first + at));
    list.state.next += count;
    await this.store.commit([], this.counted(kid), [{ kind: 'indices-reserved', kid, first, count }]);
    return { first, indices };
  }

  /**
   * Makes an issuance durable: the card's record and the counter in one batch, and in the same one the end of the card
   * that it replaces, which is told. One that is revoked already stays so, with its reason. `also` is written with them.
   *
   * IssuerError STORE_DAMAGED if another card has the index already.
   */
  async record(
    card: CardRecord,
    replaced?: CardRecord,
    also: Aside = NOTHING_ALONG,
  ): Promise<Revocation | undefined> {
    // LevelDB can lose its newest records to a flipped bit, and with them the count.
    if ((await this.cards.get(card.id)) !== undefined) {
      throw new IssuerError('STORE_DAMAGED', 'The store has lost count of the indices it gave away.');
    }
    const { id, kid, payloadHash } = card;
    const made: Along = {
      operations: [...this.cards.put(card), ...also.operations],
      closing: new Map([...this.counted(kid), ...(also.closing ?? [])]),
      audit: [{ kind: 'card-issued', id, payloadHash }, ...also.audit],
    };
    if (replaced !== undefined) return this.revokeCard(replaced, card.issuedAt, 'superseded', made);
    await this.store.commit(made.operations, made.closing, made.audit);
    return undefined;
  }

  /**
   * Revokes a card for good; returns once it is on disk, and the same answer when asked again, whatever the reason is then.
   * `also` is written in any case, in the same batch if there is one. `now` in Unix seconds. IssuerError CARD_UNKNOWN,
   * RID_AMBIGUOUS.
   */
  async revoke(
    idOrRid: string,
    now: number,
    reason: RevocationReason,
    also: (card: CardPlace) => Aside = () => NOTHING_ALONG,
  ): Promise<Revocation> {
    const card = await this.cards.find(idOrRid, this.lists.keys(), (kid, rid) => {
      const list = this.lists.get(kid);
      return list && lostCard(list, rid);
    });
    return this.revokeCard(card, now, reason, { ...NOTHING_ALONG, ...also(card) });
  }

  /** A card by its id, or by its rid under any key, of which there is a record. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS. */
  async find(idOrRid: string): Promise<CardRecord> {
    return this.cards.find(idOrRid, this.lists.keys());
  }

  /** The same for a card that was found; `along` is written in any case, in the same batch as the revocation if there is one. */
  async revokeCard(
    card: CardPlace,
    now: number,
    reason: RevocationReason,
    along: Along = NOTHING_ALONG,
  ): Promise<Revocation> {
    const underway = this.#revoking.get(card.id);
    if (underway !== undefined) {
      const done = await underway;
      await this.#commitAlong(along);
      return { ...done, already: true };
    }
    const { id, kid, rid, index } = card;
    const list = this.list(kid);
    const before = list.revoked.get(index);
    if (before !== undefined) {
      await this.#commitAlong(along);
      return { id, kid, rid, index, revokedAt: before.at, reason: before.reason, already: true };
    }
    const row = { index, at: now, reason };
    const key = `${kid}.${String(list.nextRow++).padStart(10, '0')}`;
    const operations = [...along.operations, this.#rows.put(key, row)];
    const audit = [...along.audit, { kind: 'card-revoked', id, reason } as const];
    const revoking = this.store.commit(operations, along.closing, audit).then(() => {
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
    return this.list(kid).revoked.has(index);
  }

  /** When and why the card at an index was revoked, and whether the chain is known to hold that; undefined if it is not. */
  revocationOf(
    kid: string,
    index: number,
  ):
    | { readonly revokedAt: number; readonly reason: RevocationReason; readonly anchored: boolean }
    | undefined {
    const list = this.list(kid);
    const row = list.revoked.get(index);
    if (row === undefined) return undefined;
    const anchored = list.revocations.lastIndexOf(row) < onChain(list);
    return { revokedAt: row.at, reason: row.reason, anchored };
  }

  /** Indices of a key that are taken, the reasons of its revocations, and how many of them the chain does not hold yet. */
  counts(kid: string): {
    readonly taken: number;
    readonly reasons: readonly RevocationReason[];
    readonly waiting: number;
  } {
    const list = this.list(kid);
    const reasons = list.revocations.map(({ reason }) => reason);
    return { taken: list.state.next, reasons, waiting: reasons.length - onChain(list) };
  }

  /**
   * Takes over the revocations of the list that the chain holds, wherever it was found; answers how many were missing.
   * `now` in Unix seconds. IssuerError ANCHOR_MISMATCH unless it is that list.
   */
  async adopt(kid: string, anchored: StatusList, now: number): Promise<number> {
    const list = this.list(kid);
    const held = list.state.anchored;
    if (held === null || rootOf(anchored) !== held.root || anchored.revoked !== held.revoked) {
      throw new IssuerError('ANCHOR_MISMATCH', 'This is not the list that the chain holds.');
    }
    const missing = missingCards(list, anchored);
    for (let at = 0; at < missing.length; at += TOGETHER) {
      const some = missing.slice(at, at + TOGETHER);
      await Promise.all(some.map(async (card) => this.revokeCard(card, now, 'restored')));
    }
    await this.learned(list, held, () => {
      if (!hold(list, held)) list.state.anchored = { ...held, covered: true };
    });
    return missing.length;
  }

  async #commitAlong({ operations, closing, audit }: Along): Promise<void> {
    if (operations.length > 0 || audit.length > 0) await this.store.commit(operations, closing, audit);
  }
}

/** How many revocations the chain is known to hold: the first so many; of a list that is not ours to tell, none. */
function onChain({ state: { anchored } }: KeyList): number {
  return anchored?.reproducible === true ? anchored.revoked : 0;
}
