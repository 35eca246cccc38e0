import type { Code } from '../../verifier/pipeline/decision.ts';

/** Why a card is not printed; a closed list. */
export type PaperCode =
  /** A venue would not accept it now: what is forged, revoked or expired is not put on paper. */
  | 'CARD_NOT_ACCEPTED'
  /** It is longer than one QR code holds. */
  | 'CARD_TOO_LONG'
  /** It does not name exactly one person. */
  | 'CARD_UNNAMED'
  /** None of the fonts has one of the characters of its texts: a box in a name is another name. */
  | 'GLYPH_MISSING'
  /** A text is too long for its place, and is not cut: half a name is another name. */
  | 'TEXT_TOO_LONG';

/** A card that is not printed; the message holds nothing of it. */
export class PaperError extends Error {
  override readonly name = 'PaperError';
  readonly code: PaperCode;
  /** For CARD_NOT_ACCEPTED: what a venue would say. */
  readonly decided: readonly Code[];

  constructor(code: PaperCode, decided: readonly Code[] = []) {
    super(code);
    this.code = code;
    this.decided = decided;
  }
}
