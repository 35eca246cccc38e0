import type { ScannerLanguage } from './table.ts';

/** 简体中文: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const simplifiedChinese: ScannerLanguage = {
  tag: 'zh-Hans',
  name: '简体中文',
  direction: 'ltr',
  base: 'zh-Hant',
  outcomes: {
    accepted: '通过',
    rejected: '不通过',
    undetermined: '无法查验',
    unreadable: '无法读取',
  },
  words: {
    scan: '扫描',
    scanNext: '扫描下一位',
    compare: '请核对身份证件',
    born: '出生日期',
    stop: '停止',
  },
};
