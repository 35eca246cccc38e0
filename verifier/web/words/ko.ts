import type { ScannerLanguage } from './table.ts';

/** 한국어: begun; what is missing is said in the base, and listed by `npm run missing-words`. */
export const korean: ScannerLanguage = {
  tag: 'ko',
  name: '한국어',
  direction: 'ltr',
  base: 'en',
  outcomes: {
    accepted: '승인',
    rejected: '거부',
    undetermined: '확인 불가',
    unreadable: '읽을 수 없음',
  },
  words: {
    scan: '스캔',
    scanNext: '다음 스캔',
    compare: '신분증과 대조하세요',
    born: '생년월일',
    stop: '중지',
  },
};
