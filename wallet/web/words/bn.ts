import type { WalletLanguage } from './table.ts';

/** বাংলা: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const bengali: WalletLanguage = {
  tag: 'bn',
  name: 'বাংলা',
  direction: 'ltr',
  base: 'en',
  words: {},
};
