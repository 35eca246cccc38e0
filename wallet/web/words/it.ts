import type { WalletLanguage } from './table.ts';

/** Italiano: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const italian: WalletLanguage = {
  tag: 'it',
  name: 'Italiano',
  direction: 'ltr',
  base: 'en',
  words: {},
};
