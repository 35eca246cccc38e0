import type { ScannerLanguage } from './table.ts';

/** ייִדיש: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const yiddish: ScannerLanguage = {
  tag: 'yi',
  name: 'ייִדיש',
  direction: 'rtl',
  base: 'en',
  outcomes: {
    accepted: 'אָנגענומען',
    rejected: 'אָפּגעזאָגט',
    undetermined: 'מען האָט נישט געקענט קאָנטראָלירן',
    unreadable: 'מען קען נישט לייענען',
  },
  words: {
    scan: 'סקאַנען',
    scanNext: 'סקאַנען דעם ווײַטערדיקן',
    compare: 'פֿאַרגלײַכט מיטן אידענטיטעט־דאָקומענט',
    born: 'געבוירן',
    stop: 'אָפּשטעלן',
  },
};
