import type { ScannerLanguage } from './table.ts';

/** Kreyòl ayisyen: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const haitianCreole: ScannerLanguage = {
  tag: 'ht',
  name: 'Kreyòl ayisyen',
  direction: 'ltr',
  base: 'en',
  outcomes: {
    accepted: 'AKSEPTE',
    rejected: 'REFIZE',
    undetermined: 'NOU PA T KA VERIFYE',
    unreadable: 'NOU PA KA LI L',
  },
  words: {
    scan: 'Eskane',
    scanNext: 'Eskane pwochen an',
    compare: 'Konpare ak pyès idantite a',
    born: 'Dat nesans',
    stop: 'Kanpe',
  },
};
