import type { WalletLanguage } from './table.ts';

/** Русский: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const russian: WalletLanguage = {
  tag: 'ru',
  name: 'Русский',
  direction: 'ltr',
  base: 'en',
  words: {},
};
