import type { CardRecord, RevocationReason } from './card-record.ts';
import { personTag, type PersonSaid } from './card-tags.ts';
import type { StatusLedger } from './status-ledger.ts';
import type { Tagger } from './tagger.ts';

/** Whether a card is good by its issuer's store, and whether venues that know the chain know it. */
export type CardState =
  | { readonly state: 'valid' }
  | {
      readonly state: 'revoked';
      /** Unix seconds. */
      readonly revokedAt: number;
      readonly reason: RevocationReason;
      /** Whether the list that the chain holds says so. */
      readonly anchored: boolean;
    };

/** A card, and what became of it. */
export interface StandingCard {
  readonly card: CardRecord;
  readonly standing: CardState;
}

/** How many cards there are, and what became of them. */
export interface CardCounts {
  /** Places taken in the status lists: those of cards, of refused lines of a bulk, and lost in a crash or a restore. */
  readonly taken: number;
  readonly revoked: Readonly<Partial<Record<RevocationReason, number>>>;
  /** Revocations that the chain does not hold yet. */
  readonly waiting: number;
}

/** Finds cards for whoever sees to people, and says how they stand. */
export class CardLookup {
  readonly #ledger: StatusLedger;
  readonly #tagger: Tagger;

  constructor(ledger: StatusLedger, tagger: Tagger) {
    this.#ledger = ledger;
    this.#tagger = tagger;
  }

  /** The tag of a person, as cards keep it and the audit log names whose records were looked at. */
  tagOf(person: PersonSaid): string {
    return personTag(this.#tagger, person);
  }

  /** The cards of a person by the tag, the newest first. IssuerError AUDIT_BROKEN if one may have been forgotten. */
  async ofPerson(tag: string): Promise<readonly StandingCard[]> {
    const cards = await this.#ledger.cards.ofPerson(tag);
    return cards.toSorted((a, b) => b.issuedAt - a.issuedAt).map((card) => this.#standing(card));
  }

  /** A card by its id or rid. IssuerError CARD_UNKNOWN, RID_AMBIGUOUS. */
  async find(idOrRid: string): Promise<StandingCard> {
    return this.#standing(await this.#ledger.find(idOrRid));
  }

  counts(): CardCounts {
    const all = this.#ledger.kids().map((kid) => this.#ledger.counts(kid));
    const revoked: Partial<Record<RevocationReason, number>> = {};
    for (const { reasons } of all) {
      for (const reason of reasons) revoked[reason] = (revoked[reason] ?? 0) + 1;
    }
    const sum = (of: (one: (typeof all)[number]) => number): number =>
      all.reduce((total, one) => total + of(one), 0);
    return { taken: sum(({ taken }) => taken), revoked, waiting: sum(({ waiting }) => waiting) };
  }

  #standing(card: CardRecord): StandingCard {
    const revocation = this.#ledger.revocationOf(card.kid, card.index);
    const standing: CardState =
      revocation === undefined ? { state: 'valid' } : { state: 'revoked', ...revocation };
    return { card, standing };
  }
}
