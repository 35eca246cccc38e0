import type { ScannerLanguage } from './table.ts';

/** বাংলা: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const bengali: ScannerLanguage = {
  tag: 'bn',
  name: 'বাংলা',
  direction: 'ltr',
  base: 'en',
  outcomes: {
    accepted: 'গৃহীত',
    rejected: 'প্রত্যাখ্যাত',
    undetermined: 'যাচাই করা যায়নি',
    unreadable: 'পড়া যায়নি',
  },
  words: {
    scan: 'স্ক্যান করুন',
    scanNext: 'পরেরটি স্ক্যান করুন',
    compare: 'পরিচয়পত্রের সঙ্গে মিলিয়ে দেখুন',
    born: 'জন্মতারিখ',
    stop: 'থামান',
  },
};
