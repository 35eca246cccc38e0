import type { CardRecord } from './card-record.ts';
import type { CountingPolicy } from './issuance-policy.ts';
import { NotPlausible } from './plausibility.ts';
import { PRODUCTS, type Product, type ProductName } from './products.ts';
import { OneAtATime } from './retrieval/one-at-a-time.ts';
import type { StatusLedger } from './status-ledger.ts';

/** What is to be issued to whom, and when (Unix seconds). */
export interface PersonCard {
  /** Tag of the person. */
  readonly person: string;
  readonly product: ProductName;
  /** Id or rid of the card that it supersedes. */
  readonly replaces: string | undefined;
  readonly policy: CountingPolicy;
  readonly now: number;
}

const DAY = 86_400;
const MONTH = 30 * DAY;

/**
 * How many cards a person holds: whoever sells passes has one name issued again and again.
 *
 * Cards of bulks are in no index by person and do not count: to look for them is to read millions.
 */
export class PersonCards {
  readonly #ledger: StatusLedger;
  readonly #turns = new OneAtATime();

  constructor(ledger: StatusLedger) {
    this.#ledger = ledger;
  }

  /** Issues another card to a person who has not too many; NotPlausible TOO_MANY_CARDS. */
  async another<T>(card: PersonCard, issue: () => Promise<T>): Promise<T> {
    // Two at once would not see each other.
    return this.#turns.run(`${card.product}.${card.person}`, async () => {
      await this.#assertFew(card);
      return issue();
    });
  }

  async #assertFew({ person, product, replaces, policy, now }: PersonCard): Promise<void> {
    const { cardsPerDay, cardsPerMonth } = policy.limits;
    const since = now - Math.min(MONTH, lifetimeOf(product, policy));
    let [ofDay, ofMonth] = [0, 0];
    for await (const card of this.#ledger.cards.singlyIssuedTo(person)) {
      if (card.product !== product || card.issuedAt <= since || isOver(card, replaces)) continue;
      if (this.#ledger.isRevoked(card.kid, card.index)) continue;
      ofMonth++;
      if (card.issuedAt > now - DAY) ofDay++;
    }
    if (ofDay >= cardsPerDay || ofMonth >= cardsPerMonth) throw new NotPlausible('TOO_MANY_CARDS');
  }
}

function isOver({ id, rid }: CardRecord, replaces: string | undefined): boolean {
  return id === replaces || rid === replaces;
}

/** How long a card of a product can last after it was issued, in seconds: who is tested daily gets one daily. */
function lifetimeOf(product: ProductName, { numbers }: CountingPolicy): number {
  const { until }: Product = PRODUCTS[product];
  if (until === null) return Infinity;
  return 'days' in until ? (numbers[until.days] + 1) * DAY : numbers[until.hours] * 3600;
}
