// Lists what the pages cannot say yet in a language that they have begun, and say in English or Chinese instead.
//
//   node .ci/words.mjs          each page and language with the keys that it lacks

import * as scanner from '../verifier/web/scanner-words.ts';
import * as wallet from '../wallet/web/wallet-words.ts';

const PAGES = [
  ['scanner', scanner.SCANNER_LANGUAGES, scanner.missingWords],
  ['wallet', wallet.WALLET_LANGUAGES, wallet.missingWords],
];

for (const [page, languages, missingWords] of PAGES) {
  for (const language of languages) {
    const missing = missingWords(language);
    const state = missing.length === 0 ? 'complete' : `${missing.length} missing: ${missing.join(' ')}`;
    console.log(`${page.padEnd(8)} ${language.tag.padEnd(8)} ${state}`);
  }
}
