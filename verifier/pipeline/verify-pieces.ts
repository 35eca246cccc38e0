import { joinChunks } from '../../credential/shc-uri.ts';
import type { Terms } from './checks.ts';
import { candidatesOf, cardsInTurn, onePerCard, pilesOf } from './chunks.ts';
import type { FoundChunk, Pile } from './chunks.ts';
import { conclude } from './conclude.ts';
import type { Decision, FailureCode } from './decision.ts';
import type { Piece } from './input.ts';
import { verifyEvidence } from './presentation.ts';
import type { PresentationPorts } from './presentation.ts';
import type { Trust } from './trust.ts';
import { verifyCredential } from './verify.ts';
import type { NoTrust } from './verify.ts';

/** A piece of an input, and the name of that input. */
export interface SourcedPiece {
  readonly source: string;
  readonly piece: Piece;
}

/** A decision with where its credential came from. */
export interface SourcedDecision extends Decision {
  readonly source: string;
}

/**
 * Decide about every credential in the inputs, in their order.
 *
 * Chunks that follow each other, within an input or over several, make cards; each stands where its first chunk was.
 */
export async function verifyPieces(
  pieces: readonly SourcedPiece[],
  trust: Trust | NoTrust,
  terms: Terms,
  ports: PresentationPorts,
): Promise<readonly SourcedDecision[]> {
  const about = typeof trust === 'string' ? {} : { trust, terms };
  const refuse = (code: FailureCode): Decision => conclude({ codes: [code], ...about });
  const decide = (text: string): Promise<Decision> =>
    verifyCredential({ text, scheme: 'shc' }, trust, terms, ports);
  const decisions: SourcedDecision[] = [];
  let chunks: FoundChunk[] = [];
  const endChunks = async (): Promise<void> => {
    decisions.push(...(await verifyChunks(chunks, decide, refuse)));
    chunks = [];
  };
  for (const { source, piece } of pieces) {
    if ('chunk' in piece) {
      chunks.push({ source, chunk: piece.chunk });
      continue;
    }
    await endChunks();
    const answers = 'code' in piece ? [refuse(piece.code)] : await verifyEvidence(piece, trust, terms, ports);
    decisions.push(...answers.map((answer) => ({ source, ...answer })));
  }
  await endChunks();
  return decisions;
}

async function verifyChunks(
  chunks: readonly FoundChunk[],
  decide: (text: string) => Promise<Decision>,
  refuse: (code: FailureCode) => Decision,
): Promise<readonly SourcedDecision[]> {
  const cards: DecidedCard[] = [];
  for (const pile of pilesOf(chunks)) cards.push(...(await decidePile(pile, decide, refuse)));
  return cards
    .map(({ card, decision }) => ({ at: Math.min(...card.map((one) => chunks.indexOf(one))), decision }))
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, decision }) => ({ source: chunks[at]?.source ?? '', ...decision }));
}

/** A card, or what is left of one. */
interface DecidedCard {
  readonly card: Pile;
  readonly decision: Decision;
}

/**
 * Which chunks belong together only a signature tells: where there is a choice, the cards are those that it holds for.
 * What is left is judged as it came, card by card; if it does not make cards it is unreadable, and nobody's card is
 * called forged for it.
 */
async function decidePile(
  pile: Pile,
  decide: (text: string) => Promise<Decision>,
  refuse: (code: FailureCode) => Decision,
): Promise<readonly DecidedCard[]> {
  const decideAll = async (piles: readonly Pile[]): Promise<readonly DecidedCard[]> => {
    const decided: DecidedCard[] = [];
    for (const card of piles) {
      decided.push({ card, decision: await decide(joinChunks(card.map(({ chunk }) => chunk))) });
    }
    return decided;
  };
  const candidates = candidatesOf(pile);
  const tried = candidates.length > 1 ? await decideAll(candidates) : [];
  const cards = tried.filter(({ decision }) => decision.checks.signature === 'passed');
  const used = new Set(cards.flatMap(({ card }) => card));
  const left = pile.filter((one) => !used.has(one));
  const inTurn = cardsInTurn(left);
  const rest =
    inTurn === undefined
      ? onePerCard(left).map((one) => ({ card: [one], decision: refuse('INCOMPLETE_QR') }))
      : await decideAll(inTurn);
  return [...cards, ...rest];
}
