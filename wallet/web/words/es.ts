import { keepingSpanish } from './keeping/es.ts';
import { ASKING_SPANISH } from './asking/es.ts';
import { RETRIEVING_SPANISH } from './retrieving/es.ts';
import { passesSpanish } from './passes/es.ts';
import type { WalletLanguage } from './table.ts';

/** Español. */
export const spanish: WalletLanguage = {
  tag: 'es',
  name: 'Español',
  direction: 'ltr',
  base: 'es',
  words: {
    // The frame
    title: 'Billetera',
    back: 'Atrás',
    close: 'Cerrar',
    cancel: 'Cancelar',
    lock: 'Bloquear',

    // Opening and keeping
    settings: 'Ajustes',
    backup: 'Copia de seguridad',
    pin: 'PIN o frase de acceso',
    unlock: 'Abrir',
    create: 'Crear mi billetera',
    ...keepingSpanish,

    ...passesSpanish,

    // Venues, issuers, paper
    ask: 'Un local pregunta',
    receipts: 'Lo que mostré',
    retrieve: 'Obtener mis pases',
    print: 'Imprimir',
    ...ASKING_SPANISH,
    ...RETRIEVING_SPANISH,
  },
};
