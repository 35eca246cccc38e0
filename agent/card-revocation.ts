import { BulkStates } from './bulk/bulk-state.ts';
import type { CardRecord, Revocation, RevocationReason } from './card-record.ts';
import { lotTag, personTag, type PersonSaid } from './card-tags.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerStore } from './issuer-store.ts';
import type { ProductName } from './products.ts';
import type { SealedBox } from './sealed-box.ts';
import type { StatusLedger } from './status-ledger.ts';
import { tagSet } from './tag-set.ts';

/** When, in Unix seconds, and why. */
export interface RevocationTerms {
  readonly now?: number;
  readonly reason?: RevocationReason;
  /** Ends a revocation of many after those that share a write; the same call goes on with the rest. */
  readonly stop?: AbortSignal;
}

/** Which cards: those of a person, with doses of a lot, or of a bulk. */
export type CardChoice =
  { readonly person: PersonSaid } | { readonly lot: string } | { readonly batch: string };

/** A bulk, and a later one that has replaced its cards. */
export interface Supersession {
  readonly batch: string;
  readonly by: string;
  /** Refuses bulks of another product, if said. */
  readonly product?: ProductName;
}

/** Revocations that share a batch of the store, and its fsync. */
const TOGETHER = 1000;

/** `now` in Unix seconds; the cards that are left when `stop` comes are left as they are. */
type ChosenTerms = Required<Pick<RevocationTerms, 'now' | 'reason'>> & RevocationTerms;

/** Revoke every card of a choice; each is on disk before it is given out. `now` in Unix seconds. */
export async function* revokeAll(
  { box, ledger }: { readonly box: SealedBox; readonly ledger: StatusLedger },
  which: CardChoice,
  terms: ChosenTerms,
): AsyncGenerator<Revocation> {
  yield* revokeEach(ledger, chosen(box, ledger, which), terms);
}

/**
 * Revoke the cards of one bulk that another has replaced, as superseded: those whose person has a card of the same product
 * in the other that is not revoked itself. Everybody else's stay good.
 *
 * IssuerError BATCH_UNKNOWN; BATCH_INVALID if both are one, or of different products
 */
export async function* revokeSuperseded(
  { store, ledger }: { readonly store: IssuerStore; readonly ledger: StatusLedger },
  { batch, by, product }: Supersession,
  terms: Omit<ChosenTerms, 'reason'>,
): AsyncGenerator<Revocation> {
  const states = new BulkStates(store);
  const [old, young] = [await states.get(batch), await states.get(by)];
  if (batch === by || old.product !== young.product || (product ?? old.product) !== old.product) {
    throw new IssuerError(
      'BATCH_INVALID',
      'A bulk is superseded by another one of the same product, which is the one that was said.',
    );
  }
  const persons = await tagSet(
    mapped(
      kept(ofBatch(ledger, by), ({ kid, index }) => !ledger.isRevoked(kid, index)),
      ({ person }) => person,
    ),
    young.cards,
  );
  const superseded = kept(ofBatch(ledger, batch), ({ person }) => persons.has(person));
  yield* revokeEach(ledger, superseded, { ...terms, reason: 'superseded' });
}

async function* revokeEach(
  ledger: StatusLedger,
  chosenCards: AsyncIterable<CardRecord>,
  { now, reason, stop }: ChosenTerms,
): AsyncGenerator<Revocation> {
  let waiting: CardRecord[] = [];
  const flush = async (): Promise<readonly Revocation[]> => {
    const cards = waiting;
    waiting = [];
    return Promise.all(cards.map(async (card) => ledger.revokeCard(card, now, reason)));
  };
  for await (const card of chosenCards) {
    waiting.push(card);
    if (waiting.length < TOGETHER) continue;
    yield* await flush();
    if (stop?.aborted === true) return;
  }
  yield* await flush();
}

async function* chosen(box: SealedBox, ledger: StatusLedger, which: CardChoice): AsyncGenerator<CardRecord> {
  const { cards } = ledger;
  if ('person' in which) {
    yield* await cards.ofPerson(personTag(box, which.person));
  } else if ('lot' in which) {
    const tag = lotTag(box, which.lot);
    yield* cards.where(tag, ({ lots }) => lots.includes(tag));
  } else {
    yield* ofBatch(ledger, which.batch);
  }
}

function ofBatch({ cards }: StatusLedger, name: string): AsyncGenerator<CardRecord> {
  return cards.where(name, ({ batch }) => batch === name);
}

async function* kept<T>(all: AsyncIterable<T>, holds: (one: T) => boolean): AsyncGenerator<T> {
  for await (const one of all) if (holds(one)) yield one;
}

async function* mapped<T, U>(all: AsyncIterable<T>, change: (one: T) => U): AsyncGenerator<U> {
  for await (const one of all) yield change(one);
}
