import type { KeepingWords } from './words/keeping/table.ts';

/** The screens that the menu leads to. */
export type MenuPlace = 'home' | 'scan' | 'add' | 'more';

interface MenuItem {
  readonly place: MenuPlace;
  readonly word: keyof KeepingWords;
  /** Beside the word, for the eye. */
  readonly icon: string;
}

/** The menu, in its order. */
export const MENU: readonly MenuItem[] = [
  { place: 'home', word: 'navPasses', icon: '▤' },
  { place: 'scan', word: 'navScan', icon: '▦' },
  { place: 'add', word: 'navAdd', icon: '＋' },
  { place: 'more', word: 'more', icon: '☰' },
];
