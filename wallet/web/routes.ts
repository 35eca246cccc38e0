import type { PassInput } from '../passes/found-cards.ts';

/** Where somebody is in the open wallet. */
export type Route =
  | { readonly name: 'home' }
  /** Ways to add a pass; with an input, what becomes of it. */
  | { readonly name: 'add'; readonly input?: PassInput }
  /** The camera: for a pass, or for a venue's question. */
  | { readonly name: 'scan' }
  | { readonly name: 'pass'; readonly id: string }
  /** The code of a pass, large, to be scanned. */
  | { readonly name: 'show'; readonly id: string }
  | { readonly name: 'acceptance'; readonly id: string }
  | { readonly name: 'print'; readonly id: string }
  /** What a venue asks: the text of its code. */
  | { readonly name: 'ask'; readonly code: string }
  | { readonly name: 'receipts' }
  | { readonly name: 'retrieve' }
  | { readonly name: 'backup' }
  | { readonly name: 'settings' };
