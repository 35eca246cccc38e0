import type { ScannerLanguage } from './table.ts';

/** Русский: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const russian: ScannerLanguage = {
  tag: 'ru',
  name: 'Русский',
  direction: 'ltr',
  base: 'en',
  outcomes: {
    accepted: 'ПРИНЯТО',
    rejected: 'ОТКЛОНЕНО',
    undetermined: 'НЕ УДАЛОСЬ ПРОВЕРИТЬ',
    unreadable: 'НЕ ЧИТАЕТСЯ',
  },
  words: {
    scan: 'Сканировать',
    scanNext: 'Сканировать следующий',
    compare: 'Сравните с документом',
    born: 'Дата рождения',
    stop: 'Стоп',
  },
};
