import type { CardUri } from '../../credential/shc-uri.ts';

/** One chunk of a card (SMART Health Cards, "Encoding Chunks as QR Codes", deprecated), and where it was found. */
export interface FoundChunk {
  readonly source: string;
  readonly chunk: CardUri;
}

/** Chunks in the order in which they were found. */
export type Pile = readonly FoundChunk[];

/** More ways to put chunks together than this are not tried: each costs a signature. */
const MAX_CANDIDATES = 64;

/**
 * Sorts chunks into piles by how many there are of a card, each content under its place once.
 *
 * A chunk does not say of which card it is: a pile may hold several.
 */
export function pilesOf(found: Pile): readonly Pile[] {
  return [...Map.groupBy(found, totalOf).values()].map((same) => {
    const first = new Map<string, FoundChunk>();
    for (const one of same) {
      const key = `${indexOf(one)} ${one.chunk.text}`;
      if (!first.has(key)) first.set(key, one);
    }
    return [...first.values()];
  });
}

/** Every card that the chunks of a pile could make, its chunks in their places; none if they are too many to try. */
export function candidatesOf(pile: Pile): readonly Pile[] {
  const total = pile[0] === undefined ? 0 : totalOf(pile[0]);
  let cards: readonly Pile[] = [[]];
  for (let index = 1; index <= total; index++) {
    const here = pile.filter((one) => indexOf(one) === index);
    if (cards.length * here.length > MAX_CANDIDATES) return [];
    cards = cards.flatMap((card) => here.map((one) => [...card, one]));
  }
  return cards;
}

/** The cards of a pile if the chunks of each come one after the other, in any order; undefined if they do not. */
export function cardsInTurn(pile: Pile): readonly Pile[] | undefined {
  const cards: FoundChunk[][] = [];
  for (const one of pile) {
    const card = cards.at(-1);
    if (card === undefined || card.some((other) => indexOf(other) === indexOf(one))) cards.push([one]);
    else card.push(one);
  }
  return cards.every((card) => card.length === totalOf(card[0])) ? cards : undefined;
}

/** Of chunks that make no cards, as many as there must at least be cards. */
export function onePerCard(pile: Pile): Pile {
  const most = [...Map.groupBy(pile, indexOf).values()].toSorted((a, b) => b.length - a.length)[0];
  return most ?? [];
}

function totalOf(one: FoundChunk | undefined): number {
  return one?.chunk.chunk?.total ?? 0;
}

function indexOf(one: FoundChunk): number {
  return one.chunk.chunk?.index ?? 0;
}
