import { keepingEnglish } from './keeping/en.ts';
import { ASKING_ENGLISH } from './asking/en.ts';
import { RETRIEVING_ENGLISH } from './retrieving/en.ts';
import { passesEnglish } from './passes/en.ts';
import type { WalletLanguage, WalletWords } from './table.ts';

const ENGLISH: WalletWords = {
  // The frame
  title: 'Wallet',
  back: 'Back',
  close: 'Close',
  cancel: 'Cancel',
  lock: 'Lock',

  // Opening and keeping
  settings: 'Settings',
  backup: 'Backup',
  pin: 'PIN or passphrase',
  unlock: 'Open',
  create: 'Make my wallet',
  ...keepingEnglish,

  ...passesEnglish,

  // Venues, issuers, paper
  ask: 'A venue asks',
  receipts: 'What I showed',
  retrieve: 'Get my passes',
  print: 'Print',
  ...ASKING_ENGLISH,
  ...RETRIEVING_ENGLISH,
};

/** English, which everything falls back on. */
export const english: WalletLanguage & { readonly words: WalletWords } = {
  tag: 'en',
  name: 'English',
  direction: 'ltr',
  base: 'en',
  words: ENGLISH,
};
