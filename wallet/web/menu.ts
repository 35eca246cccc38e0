import type { KeepingWords } from './words/keeping/table.ts';

/** The screens that the menu leads to. */
export type MenuPlace = 'home' | 'scan' | 'add' | 'more';

interface MenuItem {
  readonly place: MenuPlace;
  readonly word: keyof KeepingWords;
}

/** The menu, in its order. */
export const MENU: readonly MenuItem[] = [
  { place: 'home', word: 'navPasses' },
  { place: 'scan', word: 'navScan' },
  { place: 'add', word: 'navAdd' },
  { place: 'more', word: 'more' },
];
