import { FormatError } from '../../credential/errors.ts';
import { joinChunks } from '../../credential/shc-uri.ts';
import { cardsInTurn, pilesOf } from '../../verifier/pipeline/chunks.ts';
import type { FoundChunk } from '../../verifier/pipeline/chunks.ts';
import type { FailureCode } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import { readBytes, readCodes, readText } from '../../verifier/pipeline/input.ts';
import type { Piece, ReadPicture } from '../../verifier/pipeline/input.ts';

/** What somebody wants to add: pasted text or a link, the codes a camera saw, or a file. */
export type PassInput =
  { readonly text: string } | { readonly codes: readonly string[] } | { readonly file: Uint8Array };

/** A card that is still to be judged, or why there is none. */
export type FoundCard = Evidence | { readonly code: FailureCode };

/** The cards of an input, by the same reader as a venue's; chunks only where they make whole cards. */
export async function findCards(input: PassInput, readPicture: ReadPicture): Promise<readonly FoundCard[]> {
  const pieces = await piecesOf(input, readPicture);
  const chunks: FoundChunk[] = [];
  const found = pieces.flatMap((piece): readonly FoundCard[] => {
    if (!('chunk' in piece)) return [piece];
    chunks.push({ source: '', chunk: piece.chunk });
    return [];
  });
  return [...found, ...pilesOf(chunks).flatMap(joined)];
}

async function piecesOf(input: PassInput, readPicture: ReadPicture): Promise<readonly Piece[]> {
  if ('text' in input) return readText(input.text);
  if ('codes' in input) return readCodes(input.codes);
  return readBytes(input.file, readPicture);
}

function joined(pile: readonly FoundChunk[]): readonly FoundCard[] {
  const cards = cardsInTurn(pile);
  if (cards === undefined) return [{ code: 'INCOMPLETE_QR' }];
  return cards.map((card) => {
    try {
      return { text: joinChunks(card.map(({ chunk }) => chunk)), scheme: 'shc' };
    } catch (error) {
      if (error instanceof FormatError) return { code: error.code };
      throw error;
    }
  });
}
