import type { TrustDocument } from '../../../verifier/pipeline/trust-document.ts';

/** What is added to a wallet, one after the other, and what the wallet then says; the same in Node and in a browser. */
export interface WalletCase {
  readonly name: string;
  readonly input: { readonly text: string } | { readonly picture: string };
  /** Of each card: kind, then codes or standing. */
  readonly expect: readonly string[];
}

export interface WalletCases {
  readonly document: TrustDocument;
  readonly now: number;
  readonly cases: readonly WalletCase[];
}

export interface WalletAnswers {
  /** By the names of the cases. */
  readonly added: Readonly<Record<string, readonly string[]>>;
  /** Of each pass: person or none, standing, whether superseded. */
  readonly shown: readonly string[];
  /** Whether the first pass would be taken at US-NY/ENTRY a day later, with the title of the rules. */
  readonly acceptance: readonly string[];
}
