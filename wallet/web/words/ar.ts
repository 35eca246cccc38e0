import type { WalletLanguage } from './table.ts';

/** العربية: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const arabic: WalletLanguage = {
  tag: 'ar',
  name: 'العربية',
  direction: 'rtl',
  base: 'en',
  words: {},
};
