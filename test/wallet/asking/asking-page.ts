import type { TrustDocument } from '../../../verifier/pipeline/trust-document.ts';

/** What the page of this test does, one step of a holder each. */
export interface AskingPage {
  /** A wallet; answers its holder's DID. */
  readonly begin: () => Promise<string>;
  /** Adds a Pass; answers what became of it. */
  readonly add: (text: string, document: TrustDocument, now: number) => Promise<string>;
  /** Reads a request; answers who asks, for what, and how many passes are offered. */
  readonly read: (text: string) => Promise<readonly (string | number)[]>;
  /** Consents; answers the text of the code, or why there is none. */
  readonly answer: () => Promise<string>;
  readonly send: () => Promise<string>;
  /** Of each receipt: name, purpose, kind. */
  readonly receipts: () => Promise<readonly string[]>;
}
