import type { Language } from './language.ts';

/** What stands on the paper beside the card's own facts. */
export interface PaperWords {
  readonly born: string;
  readonly issuer: string;
  readonly issued: string;
  readonly until: string;
  readonly noEnd: string;
  /** What to do with it, one sentence each. */
  readonly show: string;
  readonly keep: string;
}

/** In each language that everything is said in. */
export const PAPER_WORDS: Readonly<Record<Language, PaperWords>> = {
  en: {
    born: 'Born',
    issuer: 'Issued by',
    issued: 'Issued',
    until: 'Valid until',
    noEnd: 'without end',
    show: 'Show this code together with an identity document.',
    keep: 'Whoever has a copy of the code can show it: keep it as you keep the document.',
  },
  'zh-Hant': {
    born: '出生日期',
    issuer: '核發機關',
    issued: '核發時間',
    until: '有效至',
    noEnd: '無期限',
    show: '請連同身分證件一併出示此條碼。',
    keep: '持有條碼副本的人都能出示它：請像證件一樣妥善保管。',
  },
  es: {
    born: 'Fecha de nacimiento',
    issuer: 'Emitido por',
    issued: 'Emitido',
    until: 'Válido hasta',
    noEnd: 'sin vencimiento',
    show: 'Muestre este código junto con un documento de identidad.',
    keep: 'Quien tenga una copia del código puede mostrarlo: guárdelo como su documento.',
  },
};
