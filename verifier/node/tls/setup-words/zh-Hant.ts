import type { SetupWords } from './table.ts';

/** 繁體中文. */
export const traditionalChinese: SetupWords = {
  title: '設定掃描裝置',
  purpose:
    '掃描頁面由本場所的一部電腦提供，而手機或平板的瀏覽器只在可信任的連線上，才允許網頁使用相機。安裝這張憑證之後，裝置就會信任與這部電腦的連線。',
  certificateName: '憑證',
  validUntil: '有效期至 {until}。到期後會換發新憑證，每部裝置都要重新設定。',
  meaning: {
    title: '安裝這張憑證代表什麼',
    points: [
      '裝置會相信，持有這張憑證金鑰的就是這部電腦。金鑰不會離開這部電腦。',
      '這張憑證的用途有限：它只能證明這部電腦的名稱和位址，以及私人網路的位址，不能證明任何其他網站。',
      '請只安裝在本場所用來掃描通行證的裝置上。訪客完全不需要安裝。',
      '安裝之前，瀏覽器會對本頁面顯示警告。在其他任何網站上，都不應略過這種警告。',
    ],
  },
  check: {
    title: '1. 確認憑證正確',
    why: '請在這部電腦上開啟 {local}，核對兩邊的指紋。只要有一個字元不同，請立即停止，並通知負責這套查驗系統的人員。',
    fingerprint: 'SHA-256 指紋',
    code: '本頁面網址與指紋的 QR 碼：請用下一部裝置掃描。',
  },
  download: {
    title: '2. 下載',
    apple: 'iPhone 和 iPad 用的描述檔',
    others: 'Android、Chromebook 和 Windows 用的憑證',
    text: '文字格式的憑證（PEM）',
  },
  install: {
    title: '3. 安裝',
    devices: {
      apple: {
        name: 'iPhone 和 iPad',
        install: [
          '用 Safari 開啟本頁面，點按上方的「iPhone 和 iPad 用的描述檔」，並允許下載。',
          '開啟「設定」，點按上方的「已下載描述檔」，再點按「安裝」，然後輸入密碼。',
          '在「設定」中依序開啟「一般」›「關於本機」›「憑證信任設定」，再開啟「{name}」。',
          '用 Safari 開啟 {origin}。',
        ],
        remove: '「設定」›「一般」›「VPN 與裝置管理」›「{name}」›「移除描述檔」。',
      },
      android: {
        name: 'Android',
        install: [
          '點按上方的「Android、Chromebook 和 Windows 用的憑證」。如果 Android 表示必須在「設定」中安裝，屬於正常情況。',
          '開啟「設定」並搜尋「CA 憑證」。它位於「安全性與隱私權」›「更多安全性設定」›「加密與憑證」›「安裝憑證」。',
          '點按「CA 憑證」、「仍要安裝」，解鎖螢幕，然後在「下載」中選取 pratique-ca.crt。',
          '用 Chrome 開啟 {origin}。',
        ],
        remove:
          '「設定」›「安全性與隱私權」›「更多安全性設定」›「加密與憑證」›「信任的憑證」›「使用者」›「{name}」›「移除」。',
      },
      chromebook: {
        name: 'Chromebook',
        install: [
          '按一下上方的「Android、Chromebook 和 Windows 用的憑證」。',
          '在 Chrome 開啟 chrome://certificate-manager，或依序開啟「設定」›「隱私權和安全性」›「安全性」›「管理憑證」›「授權單位」。',
          '按一下「匯入」，選取 pratique-ca.crt，並勾選「信任這個憑證，以識別網站」。',
          '開啟 {origin}。',
        ],
        remove: '在 Chrome 的同一頁面選取「{name}」，再按「刪除」。',
      },
      windows: {
        name: 'Windows',
        install: [
          '按一下上方的「Android、Chromebook 和 Windows 用的憑證」，開啟檔案，再按「安裝憑證」。',
          '選取「目前使用者」，再選取「將所有憑證放入以下的存放區」›「瀏覽」›「受信任的根憑證授權單位」。',
          '按一下「完成」，並回答「是」。',
          '用 Edge 或 Chrome 開啟 {origin}。',
        ],
        remove: '執行 certmgr.msc，開啟「受信任的根憑證授權單位」›「憑證」，選取「{name}」，再按「刪除」。',
      },
    },
  },
  remove: {
    title: '如何移除',
    why: '裝置不再屬於本場所、出售或出借時，或本場所不再掃描時，請移除這張憑證。',
  },
};
