import { english } from './en.ts';
import type { DeskWords } from './table.ts';
export const spanish: DeskWords = english;
