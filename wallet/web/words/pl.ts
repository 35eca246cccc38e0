import type { WalletLanguage } from './table.ts';

/** Polski: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const polish: WalletLanguage = {
  tag: 'pl',
  name: 'Polski',
  direction: 'ltr',
  base: 'en',
  words: {},
};
