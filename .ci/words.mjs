// Lists what the scanner cannot say yet in a language that it has begun, and says in English or Chinese instead.
//
//   node .ci/words.mjs          each language with the keys that it lacks

import { missingWords, SCANNER_LANGUAGES } from '../verifier/web/scanner-words.ts';

for (const language of SCANNER_LANGUAGES) {
  const missing = missingWords(language);
  const state = missing.length === 0 ? 'complete' : `${missing.length} missing: ${missing.join(' ')}`;
  console.log(`${language.tag.padEnd(8)} ${state}`);
}
