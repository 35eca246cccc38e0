import type { Code, Outcome } from './decision.ts';

/** One table of words for every edge: terminal, HTTP, page. Another language is another such table. */
export const OUTCOME_WORDS: Record<Outcome, { readonly word: string; readonly symbol: string }> = {
  accepted: { word: 'ACCEPTED', symbol: '✓' },
  rejected: { word: 'REJECTED', symbol: '✗' },
  undetermined: { word: 'COULD NOT CHECK', symbol: '?' },
  unreadable: { word: 'NOT A CARD WE READ', symbol: '–' },
};

/** What each code tells the staff, as one plain sentence. */
export const CODE_WORDS: Record<Code, string> = {
  VALID: 'All checks passed.',
  EXPIRED: 'The card has expired.',
  NOT_YET_VALID: 'The card is not valid yet.',
  SIGNATURE_INVALID: 'The signature does not hold: the card was altered or forged.',
  ISSUER_UNKNOWN: 'Nobody accredited this issuer with this key.',
  ISSUER_SUSPENDED: 'The issuer, or its jurisdiction, is suspended.',
  ISSUER_WITHDRAWN: 'The issuer lost its accreditation for cause.',
  ISSUER_PENDING: 'The issuer is not accredited yet.',
  ISSUER_NOT_ACCREDITED_AT_ISSUANCE: 'The issuer was not accredited when the card was issued.',
  KEY_NOT_VALID_AT_ISSUANCE: 'The signing key was not valid when the card was issued.',
  KEY_COMPROMISED: 'The signing key was reported stolen.',
  REVOKED: 'The issuer revoked the card.',
  RULES_NOT_MET: 'The card does not meet the acceptance rules.',
  HOLDER_NOT_PROVEN: 'The holder did not prove that the card is theirs.',
  TRUST_STALE: 'The trust data here is too old; synchronise it.',
  STATUS_STALE: 'The revocation data here is too old; synchronise it.',
  CLOCK_BEHIND: "This machine's clock is behind; set it right.",
  TRUST_MISSING: 'There is no trust data here; synchronise or import it.',
  TRUST_INVALID: 'The trust data here is damaged or false; synchronise or import it again.',
  TRUST_UNANCHORED: 'The trust data is not tied to a chain.',
  STATUS_MISSING: 'The revocation data of the issuer is not here.',
  STATUS_INVALID: 'The revocation data of the issuer does not match what it anchored.',
  RULES_UNAVAILABLE: 'The acceptance rules asked for are not here.',
  SUBJECT_UNNAMED: 'The card does not name exactly one person to compare with an ID.',
  MALFORMED: 'It is damaged or not made as the standard asks.',
  UNSUPPORTED_FORMAT: 'It is not a kind of card that this product reads.',
  TOO_LARGE: 'It is larger than a card may be.',
  INCOMPLETE_QR: 'Parts of the card are missing; scan all its QR codes.',
  INPUT_NOT_FOUND: 'There is no such file, or it cannot be read.',
};
