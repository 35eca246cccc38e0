import { english } from './en.ts';
import type { DeskWords } from './table.ts';
export const traditionalChinese: DeskWords = english;
