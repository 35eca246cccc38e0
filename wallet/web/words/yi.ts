import type { WalletLanguage } from './table.ts';

/** ייִדיש: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const yiddish: WalletLanguage = {
  tag: 'yi',
  name: 'ייִדיש',
  direction: 'rtl',
  base: 'en',
  words: {},
};
