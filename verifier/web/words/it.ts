import type { ScannerLanguage } from './table.ts';

/** Italiano: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const italian: ScannerLanguage = {
  tag: 'it',
  name: 'Italiano',
  direction: 'ltr',
  base: 'en',
  outcomes: {
    accepted: 'ACCETTATO',
    rejected: 'RIFIUTATO',
    undetermined: 'CONTROLLO NON RIUSCITO',
    unreadable: 'NON LEGGIBILE',
  },
  words: {
    scan: 'Scansiona',
    scanNext: 'Scansiona il prossimo',
    compare: 'Confronta con il documento',
    born: 'Data di nascita',
    stop: 'Ferma',
  },
};
