import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import type { StatusList } from '../credential/status-list.ts';
import type { AuditEntry } from './audit/audit-entry.ts';
import { CardIndex } from './card-index.ts';
import type { CardPlace, CardRecord, Revocation, RevocationReason } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import { IndexedLists } from './indexed-lists.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';
import { assertHoldsAnchored, newList, remember, rootOf } from './key-list.ts';
import type { KeyList, ListState, RevocationRow } from './key-list.ts';
import { hold } from './list-anchor.ts';
import { lostCard, missingCards } from './restored-list.ts';

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
export class StatusLedger extends IndexedLists {
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
    await store.follow<Uint8Array>('lists', (kid, sealed) => ledger.#tookState(kid, sealed));
    await store.follow<RevocationRow>('revocations', (key, row) => ledger.#tookRow(key, row));
    for (const list of ledger.lists.values()) assertHoldsAnchored(list);
    return ledger;
  }

  #tookState(kid: string, sealed: Uint8Array | undefined): void {
    if (sealed === undefined) return;
    const state = JSON.parse(this.store.box.open('lists', kid, sealed).toString('utf8')) as ListState;
    const known = this.lists.get(kid);
    if (known === undefined) {
      this.lists.set(kid, newList(kid, state));
      return;
    }
    // What is the same stays the same object: trust data is made anew when an anchor is another.
    if (isDeepStrictEqual(known.state.anchored, state.anchored)) state.anchored = known.state.anchored;
    known.state = state;
  }

  #tookRow(key: string, row: RevocationRow | undefined): void {
    const end = key.lastIndexOf('.');
    const list = this.lists.get(key.slice(0, end));
    if (list === undefined || row === undefined) return;
    if (!list.revoked.has(row.index)) remember(list, row);
    list.nextRow = Math.max(list.nextRow, Number(key.slice(end + 1)) + 1);
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
      // Over a shared store its index was spent on disk before.
      closing: new Map([...(this.store.isShared ? [] : this.counted(kid)), ...(also.closing ?? [])]),
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
    const revoking = this.#revokeNow(card, now, reason, along);
    this.#revoking.set(card.id, revoking);
    try {
      return await revoking;
    } finally {
      this.#revoking.delete(card.id);
    }
  }

  /** Decided as it is written: another agent may have revoked it. */
  async #revokeNow(
    { id, kid, rid, index }: CardPlace,
    now: number,
    reason: RevocationReason,
    { operations, closing, audit }: Along,
  ): Promise<Revocation> {
    let done = { revokedAt: now, reason, already: false };
    await this.store.decide(() => {
      const list = this.list(kid);
      const before = list.revoked.get(index);
      if (before !== undefined) {
        done = { revokedAt: before.at, reason: before.reason, already: true };
        return { closing, audit };
      }
      const row = { index, at: now, reason };
      const key = `${kid}.${String(list.nextRow++).padStart(10, '0')}`;
      return {
        operations: [this.#rows.put(key, row)],
        closing,
        audit: [...audit, { kind: 'card-revoked', id, reason } as const],
        settled: () => remember(list, row),
      };
    }, operations);
    return { id, kid, rid, index, ...done };
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
