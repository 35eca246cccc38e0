import type { WalletLanguage } from './table.ts';

/** Kreyòl ayisyen: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const haitianCreole: WalletLanguage = {
  tag: 'ht',
  name: 'Kreyòl ayisyen',
  direction: 'ltr',
  base: 'en',
  words: {},
};
