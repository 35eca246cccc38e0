import type { PageLanguage } from '../../../verifier/web/parts/speaker.ts';
import type { AskingWords } from './asking/table.ts';
import type { KeepingWords } from './keeping/table.ts';
import type { PassWords } from './passes/table.ts';
import type { RetrievingWords } from './retrieving/table.ts';

/** Everything that the wallet says besides what every edge says; `{name}` stands for a value. */
export interface WalletWords extends AskingWords, KeepingWords, PassWords, RetrievingWords {
  // The frame
  readonly title: string;
  readonly back: string;
  readonly close: string;
  readonly cancel: string;
  readonly lock: string;

  // Opening and keeping
  readonly settings: string;
  readonly backup: string;
  readonly pin: string;
  readonly unlock: string;
  readonly create: string;

  // Venues, issuers, paper
  readonly ask: string;
  readonly receipts: string;
  readonly retrieve: string;
  readonly print: string;
}

/** A language of the wallet. */
export type WalletLanguage = PageLanguage<WalletWords>;
