import { indexFromRid } from '../credential/status-list.ts';
import { CardBlocks, type OrdinalOf } from './card-blocks.ts';
import type { CardPlace, CardRecord } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';

/** The records of all cards, by id and by person: those issued one by one, and those of bulks. */
export class CardIndex {
  readonly blocks: CardBlocks;
  readonly #cards: Table<CardRecord>;
  readonly #persons: Table<0>;
  readonly #store: IssuerStore;

  constructor(store: IssuerStore, ordinalOf: OrdinalOf) {
    this.#store = store;
    this.blocks = new CardBlocks(store, ordinalOf);
    this.#cards = store.table('cards');
    this.#persons = store.table('persons');
  }

  /** The record of a card; IssuerError STORE_DAMAGED if it says another place in the list than its id. */
  async get(id: string): Promise<CardRecord | undefined> {
    const card = await this.#cards.get(id);
    if (card === undefined) return this.blocks.get(id);
    const { kid, rid, index } = card;
    // A flipped bit would have somebody else's card revoked, and this one told to be.
    if (card.id !== id || `${kid}.${rid}` !== id || indexFromRid(rid) !== index) {
      throw new IssuerError('STORE_DAMAGED', 'The record of this card is not as it was written.');
    }
    return card;
  }

  /** What makes a card known, for the batch that spends its index. */
  put(card: CardRecord): readonly Operation[] {
    return [this.#cards.put(card.id, card), this.#persons.put(`${card.person}.${card.id}`, 0)];
  }

  /**
   * A card by its id, or by its rid under any of those keys; `lost` says where one stands whose record a restore did not
   * bring back. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS, AUDIT_BROKEN.
   */
  async find<Lost extends CardPlace = CardRecord>(
    idOrRid: string,
    kids: Iterable<string>,
    lost: (kid: string, rid: string) => Lost | undefined = () => undefined,
  ): Promise<CardRecord | Lost> {
    const ids = idOrRid.includes('.') ? [idOrRid] : [...kids].map((kid) => `${kid}.${idOrRid}`);
    const cards = await Promise.all(
      ids.map(async (id) => {
        const [kid = '', rid = ''] = id.split('.');
        return (await this.get(id)) ?? lost(kid, rid);
      }),
    );
    const [card, second] = cards.filter((found) => found !== undefined);
    if (card === undefined) {
      await this.#store.assertWhole();
      throw new IssuerError('CARD_UNKNOWN', 'This issuer has issued no such card.');
    }
    if (second !== undefined) {
      throw new IssuerError('RID_AMBIGUOUS', 'Cards of several keys carry this rid; say the id of the card.');
    }
    return card;
  }

  /** The cards of a person, by their tag. IssuerError AUDIT_BROKEN if one may have been forgotten. */
  async ofPerson(person: string): Promise<readonly CardRecord[]> {
    await this.#store.assertWhole();
    const cards: CardRecord[] = [];
    for await (const card of this.singlyIssuedTo(person)) cards.push(card);
    for await (const card of this.blocks.mentioning(person)) if (card.person === person) cards.push(card);
    return cards;
  }

  /** The cards that were issued to a person one by one: as many rows are read as there are of them. */
  async *singlyIssuedTo(person: string): AsyncGenerator<CardRecord> {
    for await (const [key] of this.#persons.entries(`${person}.`)) {
      const card = await this.get(key.slice(person.length + 1));
      if (card === undefined)
        throw new IssuerError('STORE_DAMAGED', 'The store has lost the record of a card.');
      yield card;
    }
  }

  /**
   * All cards that a condition holds of which none fulfils without that text: by lot or batch, which no index is kept of.
   *
   * IssuerError AUDIT_BROKEN if one may have been forgotten.
   */
  async *where(text: string, holds: (card: CardRecord) => boolean): AsyncGenerator<CardRecord> {
    await this.#store.assertWhole();
    for await (const [, card] of this.#cards.entries()) if (holds(card)) yield card;
    for await (const card of this.blocks.mentioning(text)) if (holds(card)) yield card;
  }
}
