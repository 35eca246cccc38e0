import { keepingTraditionalChinese } from './keeping/zh-Hant.ts';
import { ASKING_TRADITIONAL_CHINESE } from './asking/zh-Hant.ts';
import { RETRIEVING_TRADITIONAL_CHINESE } from './retrieving/zh-Hant.ts';
import { passesTraditionalChinese } from './passes/zh-Hant.ts';
import type { WalletLanguage } from './table.ts';

/** 繁體中文. */
export const traditionalChinese: WalletLanguage = {
  tag: 'zh-Hant',
  name: '繁體中文',
  direction: 'ltr',
  base: 'zh-Hant',
  words: {
    // The frame
    title: '錢包',
    back: '返回',
    close: '關閉',
    cancel: '取消',
    lock: '鎖定',

    // Opening and keeping
    settings: '設定',
    backup: '備份',
    pin: 'PIN 碼或密語',
    unlock: '開啟',
    create: '建立我的錢包',
    ...keepingTraditionalChinese,

    ...passesTraditionalChinese,

    // Venues, issuers, paper
    ask: '場所詢問',
    receipts: '我出示過的',
    retrieve: '領取我的通行證',
    print: '列印',
    ...ASKING_TRADITIONAL_CHINESE,
    ...RETRIEVING_TRADITIONAL_CHINESE,
  },
};
