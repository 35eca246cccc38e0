import type { CardRecord, Revocation, RevocationReason } from './card-record.ts';
import { lotTag, personTag, type PersonSaid } from './card-tags.ts';
import type { SealedBox } from './sealed-box.ts';
import type { StatusLedger } from './status-ledger.ts';

/** When, in Unix seconds, and why. */
export interface RevocationTerms {
  readonly now?: number;
  readonly reason?: RevocationReason;
}

/** Which cards: those of a person, with doses of a lot, or of a bulk. */
export type CardChoice =
  { readonly person: PersonSaid } | { readonly lot: string } | { readonly batch: string };

/** Revocations that share a batch of the store, and its fsync. */
const TOGETHER = 1000;

/** Revoke every card of a choice; each is on disk before it is given out. `now` in Unix seconds. */
export async function* revokeAll(
  { box, ledger }: { readonly box: SealedBox; readonly ledger: StatusLedger },
  which: CardChoice,
  { now, reason }: Required<RevocationTerms>,
): AsyncGenerator<Revocation> {
  let waiting: CardRecord[] = [];
  const flush = async (): Promise<readonly Revocation[]> => {
    const cards = waiting;
    waiting = [];
    return Promise.all(cards.map(async (card) => ledger.revokeCard(card, now, reason)));
  };
  for await (const card of chosen(box, ledger, which)) {
    waiting.push(card);
    if (waiting.length >= TOGETHER) yield* await flush();
  }
  yield* await flush();
}

async function* chosen(
  box: SealedBox,
  { cards }: StatusLedger,
  which: CardChoice,
): AsyncGenerator<CardRecord> {
  if ('person' in which) {
    yield* await cards.ofPerson(personTag(box, which.person));
  } else if ('lot' in which) {
    const tag = lotTag(box, which.lot);
    yield* cards.where(tag, ({ lots }) => lots.includes(tag));
  } else {
    yield* cards.where(which.batch, ({ batch }) => batch === which.batch);
  }
}
