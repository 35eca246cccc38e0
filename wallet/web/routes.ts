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
  /** Everything that the menu has no room for. */
  | { readonly name: 'more' }
  | { readonly name: 'settings' }
  | { readonly name: 'change-pin' }
  | { readonly name: 'passkey' }
  /** What passes are judged by: how old it is, and newer data. */
  | { readonly name: 'trust' }
  /** What is kept here and sent from here. */
  | { readonly name: 'privacy' }
  | { readonly name: 'erase' };

/** Where somebody is before the wallet is open. */
export type LockedRoute =
  /** Open the wallet that is here, or the first screen if there is none. */
  | { readonly name: 'locked' }
  | { readonly name: 'make' }
  | { readonly name: 'restore' }
  /** What can be done without a PIN, or with a damaged wallet. */
  | { readonly name: 'forgotten' }
  | { readonly name: 'erase-locked' };
