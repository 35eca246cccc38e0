import type { WalletLanguage } from './table.ts';

/** 简体中文: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const simplifiedChinese: WalletLanguage = {
  tag: 'zh-Hans',
  name: '简体中文',
  direction: 'ltr',
  base: 'zh-Hant',
  words: {},
};
