import type { Answered, Vector } from '../support/vectors.ts';

/** What the page is given to decide, as one JSON file. */
export interface PageCases {
  readonly vectors: readonly Vector[];
  /** The trust documents that they name. */
  readonly trusts: Readonly<Record<string, unknown>>;
  /** base64url of a PNG with a QR code in it. */
  readonly picture: string;
}

/** What the page found. */
export interface Answers {
  /** By the names of the vectors. */
  readonly decisions: Readonly<Record<string, readonly Answered[]>>;
  readonly inPicture: readonly string[];
  /** Breaches of the content security policy. */
  readonly violations: readonly string[];
}
