import type { WalletLanguage } from './table.ts';

/** 한국어: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const korean: WalletLanguage = {
  tag: 'ko',
  name: '한국어',
  direction: 'ltr',
  base: 'en',
  words: {},
};
