import type { ScannerLanguage } from './table.ts';

/** Polski: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const polish: ScannerLanguage = {
  tag: 'pl',
  name: 'Polski',
  direction: 'ltr',
  base: 'en',
  outcomes: {
    accepted: 'PRZYJĘTO',
    rejected: 'ODRZUCONO',
    undetermined: 'NIE UDAŁO SIĘ SPRAWDZIĆ',
    unreadable: 'NIE DA SIĘ ODCZYTAĆ',
  },
  words: {
    scan: 'Skanuj',
    scanNext: 'Skanuj następny',
    compare: 'Porównaj z dokumentem',
    born: 'Data urodzenia',
    stop: 'Zatrzymaj',
  },
};
