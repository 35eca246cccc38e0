import type { ScannerLanguage } from './table.ts';

/** العربية: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const arabic: ScannerLanguage = {
  tag: 'ar',
  name: 'العربية',
  direction: 'rtl',
  base: 'en',
  outcomes: {
    accepted: 'مقبول',
    rejected: 'مرفوض',
    undetermined: 'تعذّر التحقق',
    unreadable: 'تعذّرت القراءة',
  },
  words: {
    scan: 'مسح',
    scanNext: 'مسح التالي',
    compare: 'قارن مع وثيقة الهوية',
    born: 'تاريخ الميلاد',
    stop: 'إيقاف',
  },
};
