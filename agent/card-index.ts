import { CardBlocks, type OrdinalOf } from './card-blocks.ts';
import type { CardRecord } from './card-record.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Operation, Table } from './issuer-store.ts';

/** The records of all cards, by id and by person: those issued one by one, and those of bulks. */
export class CardIndex {
  readonly blocks: CardBlocks;
  readonly #cards: Table<CardRecord>;
  readonly #persons: Table<0>;

  constructor(store: IssuerStore, ordinalOf: OrdinalOf) {
    this.blocks = new CardBlocks(store, ordinalOf);
    this.#cards = store.table('cards');
    this.#persons = store.table('persons');
  }

  async get(id: string): Promise<CardRecord | undefined> {
    return (await this.#cards.get(id)) ?? this.blocks.get(id);
  }

  /** What makes a card known, for the batch that spends its index. */
  put(card: CardRecord): readonly Operation[] {
    return [this.#cards.put(card.id, card), this.#persons.put(`${card.person}.${card.id}`, 0)];
  }

  /** A card by its id, or by its rid under any of those keys; IssuerError CARD_UNKNOWN, RID_AMBIGUOUS. */
  async find(idOrRid: string, kids: Iterable<string>): Promise<CardRecord> {
    const ids = idOrRid.includes('.') ? [idOrRid] : [...kids].map((kid) => `${kid}.${idOrRid}`);
    const cards = await Promise.all(ids.map(async (id) => this.get(id)));
    const [card, second] = cards.filter((found) => found !== undefined);
    if (card === undefined) throw new IssuerError('CARD_UNKNOWN', 'This issuer has issued no such card.');
    if (second !== undefined) {
      throw new IssuerError('RID_AMBIGUOUS', 'Cards of several keys carry this rid; say the id of the card.');
    }
    return card;
  }

  /** The cards of a person, by their tag. */
  async ofPerson(person: string): Promise<readonly CardRecord[]> {
    const cards: CardRecord[] = [];
    for await (const [key] of this.#persons.entries(`${person}.`)) {
      const card = await this.#cards.get(key.slice(person.length + 1));
      if (card === undefined)
        throw new IssuerError('STORE_DAMAGED', 'The store has lost the record of a card.');
      cards.push(card);
    }
    for await (const card of this.blocks.mentioning(person)) if (card.person === person) cards.push(card);
    return cards;
  }

  /** All cards that a condition holds of which none fulfils without that text: by lot or batch, which no index is kept of. */
  async *where(text: string, holds: (card: CardRecord) => boolean): AsyncGenerator<CardRecord> {
    for await (const [, card] of this.#cards.entries()) if (holds(card)) yield card;
    for await (const card of this.blocks.mentioning(text)) if (holds(card)) yield card;
  }
}
